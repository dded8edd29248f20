import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters as plain } from "node:util";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { DataError } from "../../tasks/data/dataError.js";
import { lossNamed, type OpenTask, type Task, type TaskConfig } from "../../tasks/task.js";
import { tasks } from "../../tasks/tasks.js";
import { crossEntropy, dense, multiclassHingeLoss, padSequences, Random, sgd, Trainer } from "../index.js";
import { type CompareFlags, compareOn } from "./compare.js";
import { type ComparedRun, compareRuns } from "./comparison.js";
import { renderComparison } from "./comparisonText.js";
import { EXIT } from "./failure.js";

const LOSSES = { crossEntropy, multiclassHingeLoss };

/** Which of two numbers is the greater, learnt from three pairs a step; `onBatch` hears of every step. */
function tinyTask(onBatch: (config: TaskConfig, step: number) => void = () => {}, rate = 0.05): Task {
  const pairs = (random: Random, count: number) =>
    Array.from({ length: count }, () => Float32Array.of(random.normal(), random.normal()));
  const winner = ([a, b]: Float32Array) => (a > b ? 0 : 1);
  const open = (config: TaskConfig): OpenTask => {
    const loss = lossNamed("tiny", LOSSES, config.loss);
    const model = dense({ inputs: 2, outputs: 2, seed: config.seed });
    const trainer = new Trainer({ model, optimiser: sgd({ learningRate: config.rate as number }) });
    const score = (seed: number) => {
      const asked = pairs(new Random(seed), 200);
      const { data } = model.forward(padSequences(asked, 2), { training: false });
      const wrong = asked.filter((pair, b) => winner(pair) !== winner(data.subarray(2 * b, 2 * b + 2))).length;
      return { errorRate: wrong / 200, right: 200 - wrong };
    };
    return {
      trainer,
      steps: config.steps,
      validateEvery: 2,
      checkpointEvery: 3,
      batch(step) {
        onBatch(config, step);
        const given = pairs(new Random(config.seed, 1 + step), 3);
        return [{ inputs: padSequences(given, 2), loss: (outputs) => loss(outputs, given.map(winner)) }];
      },
      validate: () => score(1001),
      evaluate: () => ({ scores: score(1002), on: "200 other pairs", table: [["pairs"], ["200"]], samples: [] }),
      predict: () => ({ drawing: [], truth: "", reading: "" }),
    };
  };
  return {
    name: "tiny",
    summary: "which of two numbers is the greater",
    losses: Object.keys(LOSSES),
    scores: { errorRate: { unit: "%", better: "less" }, right: { unit: "pairs", better: "more" } },
    example: "1 2",
    sources: () => [],
    configure: ({ seed, steps = 8, loss = "crossEntropy" }) => ({
      task: "tiny",
      seed,
      steps,
      loss,
      data: "pairs",
      rate,
    }),
    open: (config) => open(config as TaskConfig),
  };
}

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "seqloss-compare-"));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs the command, and returns how it ended and what it wrote. */
async function ended(task: Task, flags: CompareFlags) {
  const [out, err] = [process.stdout, process.stderr].map((stream) => {
    const lines: string[] = [];
    vi.spyOn(stream, "write").mockImplementation((text) => {
      lines.push(plain(String(text)));
      return true;
    });
    return lines;
  });
  try {
    const code = await compareOn(task, { out: folder, ...flags });
    return { code, out: out.join(""), err: err.join("") };
  } finally {
    vi.restoreAllMocks();
  }
}

describe("compareRuns", () => {
  const kinds = { errorRate: { unit: "%", better: "less" }, right: { unit: "", better: "more" } } as const;
  const run = (loss: string, seed: number, errorRate: number, right: number): ComparedRun => ({
    loss,
    seed,
    scores: { errorRate, right },
    curve: [
      [2, errorRate + 0.2],
      [4, errorRate],
    ],
  });

  it("means and intervals over seeds; differences seed by seed, however far the seeds are apart", () => {
    // the losses' intervals overlap widely; the differences are 0.1, 0.11 and 0.12
    const runs = [
      ...[0.1, 0.5, 0.9].map((rate, n) => run("a", n + 1, rate, 10 * rate)),
      ...[0.2, 0.61, 1.02].map((rate, n) => run("b", n + 1, rate, 10 * rate)),
    ];
    const { scores, differences, curves, seeds } = compareRuns(runs, kinds);
    expect(seeds).toEqual([1, 2, 3]);
    expect(scores.a.errorRate).toMatchObject({ mean: 0.5, values: [0.1, 0.5, 0.9] });
    // 0.5 ± 4.302653 · 0.4 / √3
    expect(scores.a.errorRate.interval?.[1]).toBeCloseTo(0.5 + 0.993655, 6);
    expect(differences.map(({ loss, than, score, verdict }) => [loss, than, score, verdict])).toEqual([
      ["b", "a", "errorRate", "worse"],
      ["b", "a", "right", "better"],
    ]);
    expect(differences[0].mean).toBeCloseTo(0.11, 12);
    // 0.11 ± 4.302653 · 0.01 / √3
    expect(differences[0].interval?.[0]).toBeCloseTo(0.11 - 0.0248414, 6);
    expect(curves.a).toEqual([
      [2, expect.closeTo(0.7, 12)],
      [4, 0.5],
    ]);
  });

  it("does not tell apart what the interval leaves open, whichever is said first", () => {
    const runs = [0.1, 0.2].flatMap((rate, n) => [run("b", n + 1, rate, 1), run("a", n + 1, 0.3 - rate, 1)]);
    const { differences } = compareRuns(runs, kinds);
    expect(differences.map(({ loss, verdict }) => [loss, verdict])).toEqual([
      ["a", "not told apart"],
      ["a", "not told apart"],
    ]);
  });

  it("has no interval and no verdict with one seed", () => {
    const comparison = compareRuns([run("a", 1, 0.5, 5), run("b", 1, 0.25, 7)], kinds);
    expect(comparison.scores.a.errorRate).toEqual({ mean: 0.5, values: [0.5] });
    expect(comparison.differences[0]).toEqual({ score: "errorRate", loss: "b", than: "a", mean: -0.25 });
    const text = plain(renderComparison(comparison, tinyTask().scores, "1 line"));
    expect(text).toContain("On 1 line, with one seed: there is no interval");
    expect(text).toContain("one seed: not known");
    expect(text).not.toContain("better");
  });

  it("leaves out of a curve where a seed has no number", () => {
    const [one, two] = [run("a", 1, 0.5, 5), run("a", 2, 0.7, 5)];
    const { curves } = compareRuns([one, { ...two, curve: two.curve.slice(1) }], kinds);
    expect(curves.a).toEqual([[4, expect.closeTo(0.6, 12)]]);
  });
});

describe("seqloss compare", () => {
  it("trains every loss from every seed, and leaves runs that can be opened one by one", async () => {
    const { code, out } = await ended(tinyTask(), { seeds: 3, json: true });
    const answer = JSON.parse(out);
    expect(code).toBe(EXIT.ok);
    expect(answer).toMatchObject({
      task: "tiny",
      folder: join(folder, "compare-tiny-8-steps"),
      steps: 8,
      on: "200 other pairs",
      losses: ["crossEntropy", "multiclassHingeLoss"],
      seeds: [1, 2, 3],
    });
    const names = answer.losses.flatMap((loss: string) => [1, 2, 3].map((seed) => `${loss}-seed-${seed}`));
    expect(readdirSync(answer.folder).sort()).toEqual(["comparison.json", ...names].sort());
    for (const loss of answer.losses) {
      const { mean, values, interval } = answer.scores[loss].errorRate;
      const results = [1, 2, 3].map((seed) =>
        JSON.parse(readFileSync(join(answer.folder, `${loss}-seed-${seed}`, "results.json"), "utf8")),
      );
      expect(values).toEqual(results.map(({ scores }) => scores.errorRate));
      expect(mean).toBeCloseTo((values[0] + values[1] + values[2]) / 3, 12);
      expect(interval[0]).toBeLessThanOrEqual(mean);
      expect(answer.curves[loss].map(([step]: [number]) => step)).toEqual([2, 4, 6, 8]);
    }
    expect(answer.differences).toHaveLength(2);
  });

  it("prints tables, differences and curves for people", async () => {
    const { out } = await ended(tinyTask(), { seeds: 2 });
    expect(out).toMatch(/│ loss +│ error +│ right +│/);
    expect(out).toMatch(/│ crossEntropy +│ \d+\.\d\d % \(-?\d+\.\d\d to \d+\.\d\d\) +│ \d+\.\d\d pairs \(/);
    expect(out).toContain("means over 2 seeds");
    expect(out).toMatch(/│ multiclassHingeLoss − crossEntropy │ error +│ .*\d points \(.*│/);
    expect(out).toMatch(/error on validation data, mean over the seeds\ncrossEntropy +[▁-█]{4} {2}\d+\.\d\d % → \d/);
  });

  it("a rerun trains nothing that is done; more seeds and other losses only add", async () => {
    const trained: string[] = [];
    const task = tinyTask(({ loss, seed }, step) => step === 7 && trained.push(`${loss} ${seed}`));
    const first = await ended(task, { losses: "crossEntropy", seeds: 1, json: true });
    expect(trained).toEqual(["crossEntropy 1"]);
    expect((await ended(task, { losses: "crossEntropy", seeds: 1, json: true })).out).toBe(first.out);
    expect(trained).toHaveLength(1);
    await ended(task, { seeds: 2 });
    expect(trained.slice(1)).toEqual(["multiclassHingeLoss 1", "crossEntropy 2", "multiclassHingeLoss 2"]);
  });

  it("interrupted anywhere and run again, it ends with the bytes of one that was not", async () => {
    const listeners = process.listenerCount("SIGINT");
    const straight = await ended(tinyTask(), { out: join(folder, "straight"), seeds: 2, json: true });
    let stops = 0;
    const task = tinyTask((_, step) => {
      if (step === 4 && stops++ === 0) process.emit("SIGINT");
    });
    for (const nth of [1, 2, 3, 4]) {
      const { code, out, err } = await ended(task, { seeds: 2, json: true });
      expect({ code, out }).toEqual({ code: EXIT.interrupted, out: "" });
      expect(err).toContain(`stopped in run ${nth} of 4; the same command goes on from there`);
      stops = 0;
    }
    const finished = await ended(task, { seeds: 2, json: true });
    expect(finished.code).toBe(EXIT.ok);
    const { folder: _, ...answer } = JSON.parse(finished.out);
    expect(answer).toEqual({ ...JSON.parse(straight.out), folder: undefined });
    expect(process.listenerCount("SIGINT")).toBe(listeners);
  });
  it("trains on what was evaluated before its end, and evaluates again what has no sound scores", async () => {
    const { out } = await ended(tinyTask(), { losses: "crossEntropy", seeds: 1, json: true });
    const file = join(JSON.parse(out).folder, "crossEntropy-seed-1", "results.json");
    const results = JSON.parse(readFileSync(file, "utf8"));
    for (const spoilt of [
      { ...results, step: 6 },
      { ...results, scores: { errorRate: null } },
      { ...results, scores: {} },
      null,
      [],
      5,
    ]) {
      writeFileSync(file, JSON.stringify(spoilt));
      expect((await ended(tinyTask(), { losses: "crossEntropy", seeds: 1, json: true })).out).toBe(out);
      expect(JSON.parse(readFileSync(file, "utf8"))).toEqual({
        ...results,
        seconds: expect.any(Number),
        processorSeconds: expect.any(Number),
      });
    }
  });

  it("does not mix runs of different settings", async () => {
    await ended(tinyTask(), { losses: "crossEntropy", seeds: 1 });
    const other = tinyTask(() => {}, 0.5);
    await expect(ended(other, { losses: "crossEntropy", seeds: 1 })).rejects.toThrow(
      /rate of .*crossEntropy-seed-1 is 0\.05; expected 0\.5, to go on with that run/,
    );
    expect((await ended(tinyTask(), { losses: "crossEntropy", seeds: 1, steps: 5 })).out).toContain("→");
    expect(readdirSync(folder)).toEqual(["compare-tiny-5-steps", "compare-tiny-8-steps"]);
  });

  it.each([
    ["crossEntrop", 'the task tiny has no loss "crossEntrop". Did you mean crossEntropy?'],
    ["", 'the task tiny has no loss "". Known: crossEntropy, multiclassHingeLoss.'],
    ["crossEntropy,crossEntropy", "--losses names crossEntropy twice."],
  ])("refuses --losses %j", async (losses, message) => {
    await expect(ended(tinyTask(), { losses })).rejects.toMatchObject({ exitCode: EXIT.usage, message });
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe("every task", () => {
  it.each(Object.values(tasks))(
    "$name says which losses it takes and how its scores are read",
    (task) => {
      const { name: data, example = task.example, found } = task.sources().at(-1)!;
      const configure = (loss?: string) => task.configure({ seed: 1, steps: 1, loss, data });
      for (const loss of task.losses) expect(configure(loss)).toMatchObject({ loss, task: task.name, data });
      expect(configure().loss).toBe(task.losses[0]);
      if (!found) {
        expect(() => task.open(configure())).toThrow(DataError);
        return;
      }
      const opened = task.open(configure());
      const names = Object.keys(task.scores);
      const scored = Object.keys(opened.validate());
      expect(scored.length).toBeGreaterThan(0);
      expect(names.filter((name) => scored.includes(name))).toEqual(scored);
      expect(opened.predict(example.replace(/^"(.*)"$/, "$1")).reading).toEqual(expect.any(String));
    },
    60_000,
  );
});
