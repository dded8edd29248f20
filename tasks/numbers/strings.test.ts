import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Random } from "../../src/index.js";
import { handOf, writtenFile } from "../../test/pen.js";
import { readingScores } from "../reading/report.js";
import { boxOf, readWritings, type Writing } from "../strokes/ink.js";
import { handsOf, joinDigits } from "./joined.js";
import { numbers } from "./numbers.js";
import { openStrings, type StringsConfig } from "./strings.js";
import type { DigitStrokes } from "./written.js";

const DIGITS = ["0", "1", "4", "7"];

function writings(texts: readonly string[], count: number, each: number, seed: number): Writing[] {
  const hands = Array.from({ length: count }, (_, n) => handOf(`${seed} ${n}`, seed + n));
  return readWritings(writtenFile(texts, hands, each, seed), "made");
}

const strokes = (): DigitStrokes => {
  const texts = ["10", "47-1", "7-04", "114", "707", "44-0"];
  return {
    isolated: {
      train: writings(DIGITS, 10, 12, 100),
      validation: writings(DIGITS, 2, 12, 200),
      test: writings(DIGITS, 3, 16, 300),
    },
    strings: {
      train: writings(texts, 10, 6, 400),
      validation: writings(texts, 2, 4, 500),
      test: writings([...texts, "401", "1-7"], 4, 10, 600),
    },
  };
};

describe("digits joined to numbers", () => {
  it("are of one hand, from left to right on a line, and say what they are told to", () => {
    const hands = handsOf(strokes().isolated.train);
    expect(hands).toHaveLength(10);
    const { text, writer, strokes: ink } = joinDigits(hands[0], new Random(1), "7140");
    expect(text).toBe("7140");
    expect(writer).toBe(hands[0].digits[0].writer);
    expect(ink).toHaveLength(5); // 4 is two strokes
    const boxes = [[ink[0]], [ink[1]], ink.slice(2, 4), [ink[4]]].map(boxOf);
    boxes.slice(1).forEach(({ left, bottom }, n) => {
      expect(left).toBeGreaterThan(boxes[n].right);
      expect(Math.abs(bottom - boxes[0].bottom)).toBeLessThan(hands[0].height);
    });
    expect(joinDigits(hands[0], new Random(1), 3)).toEqual(joinDigits(hands[0], new Random(1), 3));
  });

  it("leave out what is no digit by its size", () => {
    const [one, ...others] = writings(["1"], 1, 5, 700);
    const giant = { ...one, strokes: one.strokes.map((stroke) => stroke.map((at) => 10 * at)) };
    const dot = { ...one, strokes: [Float32Array.of(0, 0)] };
    expect(handsOf([giant, dot, ...others])[0].digits).toEqual(others);
    expect(handsOf([dot])).toEqual([]);
  });
});

describe("the task on strokes", () => {
  it("learns to read numbers of new hands, far better than always the same one, in seconds", () => {
    const data = strokes();
    const config = numbers.configure({ seed: 1, steps: 300, data: "unipen" });
    const small = { ...config, batchSize: 16, hidden: 32, layers: 1, dropout: 0, learningRate: 2e-2, averaging: 0.95 };
    const task = openStrings(small as StringsConfig, data);
    while (task.trainer.taken < task.steps) task.trainer.step(task.batch(task.trainer.taken));
    const truths = data.strings.test.map(({ text }) => text);
    const best = Math.min(
      ...new Set(truths.map((text) => readingScores({ symbols: "c", texts: "n" }, truths, truths.map(() => text)).c)),
    ); // biome-ignore format: one line
    const { scores, table } = task.evaluate();
    expect(best).toBeGreaterThan(0.5);
    expect(scores.characterErrorRate).toBeLessThan(0.5 * best);
    expect(scores.numberErrorRate).toBeLessThan(0.8);
    expect(table.map(([title]) => title)).toEqual(
      expect.arrayContaining(["greedy, digits alone", "greedy, with signs", "greedy", "single digits"]),
    );
    expect(task.predict("7041")).toMatchObject({ truth: "7041", reading: expect.stringMatching(/^[\d-]*$/) });
    expect(() => task.predict("12")).toThrow("up to 12 digits to write with unseen handwriting"); // no hand has a 2
    const folder = mkdtempSync(join(tmpdir(), "seqloss-strings-"));
    try {
      const path = join(folder, "drawn.json");
      writeFileSync(
        path,
        JSON.stringify({ y: "up", strokes: data.strings.test[0].strokes.map((one) => Array.from(one)) }),
      );
      expect(task.predict(path)).toMatchObject({ truth: "", reading: expect.any(String) });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }, 120_000);

  it("is trained with CTC alone, for nobody knows where the digits stand", () => {
    const configure = (data?: string) => numbers.configure({ seed: 1, loss: "sequenceCrossEntropy", data });
    expect(() => configure("unipen")).toThrow('loss is "sequenceCrossEntropy"; expected ctcLoss.');
    expect(configure()).toMatchObject({ data: "mnist", hidden: 96, steps: 4500 });
  });
});
