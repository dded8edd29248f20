import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { handOf, writtenFile } from "../../test/pen.js";
import { DataError } from "../data/dataError.js";
import { bestConstant, readingScores } from "../reading/report.js";
import { readWritings } from "../strokes/ink.js";
import type { OpenTask } from "../task.js";
import { handwriting, openWords } from "./handwriting.js";
import type { WrittenWords } from "./words.js";

const WORDS = ["lot", "volt", "to", "tool", "loot", "zoo", "ovo", "toll", "vol", "lo"];

/** Words that no two people of different parts wrote. */
function words(): WrittenWords {
  const part = (name: string, count: number, each: number, seed: number, texts = WORDS) => {
    const hands = Array.from({ length: count }, (_, n) => handOf(`${name} ${n}`, seed + n));
    return readWritings(writtenFile(texts, hands, each, seed), name);
  };
  return {
    train: part("train", 12, 30, 100),
    validation: part("validation", 4, 10, 200),
    test: part("test", 4, 10, 300),
    others: part("others", 2, 5, 400, ["zoo", "otto", "tot"]),
  };
}

const open = (steps: number, data = words()): OpenTask => {
  const config = { ...handwriting.configure({ seed: 1, steps, data: "unipen" }), batchSize: 16 };
  return openWords(
    { ...config, hidden: 32, layers: 1, dropout: 0, learningRate: 2e-2, averaging: 0.95 } as never,
    data,
  );
};

describe("the task", () => {
  it("learns to read what new hands write, far better than always the same word, in seconds", () => {
    const data = words();
    const task = open(250, data);
    while (task.trainer.taken < task.steps) task.trainer.step(task.batch(task.trainer.taken));
    const truths = data.test.map(({ text }) => text);
    const constant = bestConstant(data.train.map(({ text }) => text));
    const naive = readingScores(
      { symbols: "c", texts: "w" },
      truths,
      truths.map(() => constant),
    );
    const { scores, table, samples } = task.evaluate();
    expect(naive.c).toBeGreaterThan(0.5);
    expect(scores.characterErrorRate).toBeLessThan(0.5 * naive.c);
    expect(scores.wordErrorRate).toBeLessThan(0.8 * naive.w);
    const rowOf = (name: string) =>
      table
        .find(([title]) => title.startsWith(name))
        ?.slice(1)
        .map(Number.parseFloat);
    const [count, , wrong] = rowOf(`one of the ${WORDS.length} words`) ?? [];
    expect(count).toBe(40);
    expect(wrong / 100).toBeLessThanOrEqual(scores.wordErrorRate);
    expect(rowOf("other tablet, one of 12 words")?.[0]).toBe(10);
    expect(samples[0].drawing.join("")).toMatch(/[⠁-⣿]/);
    predicts(task, data);
  }, 120_000);

  it("trains to the same bits from the same seed", () => {
    const run = () => {
      const task = open(5);
      return Array.from({ length: 5 }, (_, step) => task.trainer.step(task.batch(step)).loss);
    };
    expect(run()).toEqual(run());
  });

  it("says what it needs where the data is missing, from where, under which licence", () => {
    const [{ name, found, where, licence }] = handwriting.sources();
    expect([name, licence]).toEqual(["unipen", "CC BY 4.0"]);
    if (found) return;
    expect(where).toMatch(/seqloss data get unipen|doi 10\.5281/);
    expect(() => handwriting.open(handwriting.configure({ seed: 1 }))).toThrow(DataError);
  });

  it("refuses a loss and a data set that it does not know", () => {
    expect(() => handwriting.configure({ seed: 1, loss: "hingeLoss" })).toThrow("expected ctcLoss");
    expect(() => handwriting.configure({ seed: 1, data: "mnist" })).toThrow("expected unipen");
  });
});

/** By number, by word, from a file of somebody's own strokes, and with a lexicon that leaves few words. */
function predicts(task: OpenTask, { test, others }: WrittenWords): void {
  expect(task.predict("3").truth).toBe(test[3].text);
  expect(task.predict(String(test.length)).truth).toBe(others[0].text);
  expect(task.predict("volt")).toMatchObject({ truth: "volt", reading: expect.any(String) });
  expect(() => task.predict("xylophone")).toThrow("the number of a test word, 0 to 49, or a word among them");
  expect(() => task.predict("50")).toThrow('"50"');
  const folder = mkdtempSync(join(tmpdir(), "seqloss-handwriting-"));
  try {
    const drawn = join(folder, "drawn.json");
    const strokes = test[3].strokes.map((stroke) => Array.from(stroke, (at, i) => (i % 2 ? -at : at) / 7));
    writeFileSync(drawn, JSON.stringify({ strokes }));
    expect(task.predict(drawn)).toMatchObject({ truth: "", reading: task.predict("3").reading });
    const lexicon = join(folder, "words.txt");
    writeFileSync(lexicon, "zoo\nlot\n");
    const readings = test.map((_, n) => task.predict(String(n), { language: { lexicon } }).reading);
    for (const reading of readings) expect(["zoo", "lot"]).toContain(reading);
    test.forEach(({ text }, n) => {
      if (text === "zoo") expect(readings[n]).toBe("zoo");
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
