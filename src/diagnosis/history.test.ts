import { describe, expect, it } from "vitest";
import { Random } from "../core/random.js";
import { crossEntropy } from "../losses/crossEntropy.js";
import { ctcLoss } from "../losses/ctc.js";
import { dense } from "../recurrent/dense.js";
import { sequential } from "../recurrent/layer.js";
import { gru } from "../recurrent/recurrent.js";
import { padSequences } from "../training/batches.js";
import { adam, type Optimiser, sgd } from "../training/optimiser.js";
import { Trainer, type TrainingBatch } from "../training/trainer.js";
import type { BatchEvidence } from "./batch.js";
import { diagnose } from "./diagnose.js";
import type { HistoryEvidence, HistoryRecord } from "./history.js";

const CLASSES = 4;

interface Example {
  readonly frames: Float32Array;
  readonly labels: readonly number[];
}

/** Each symbol is held for some frames, with noise; the labels are the symbols, one a frame, or one a symbol for CTC. */
function example(random: Random, { aFrame = true, noise = 0.5, symbols = 3, frames = 3, jitter = 1 } = {}): Example {
  const labels: number[] = [];
  const rows: number[] = [];
  for (let symbol = 0; symbol < symbols; symbol++) {
    const id = 1 + random.integer(CLASSES - 1);
    const held = frames + random.integer(jitter);
    for (let t = 0; t < held; t++) {
      for (let k = 0; k < CLASSES; k++) rows.push((k === (t < 2 ? id : 0) ? 1 : 0) + noise * random.normal());
      if (aFrame) labels.push(id);
    }
    if (!aFrame) labels.push(id);
  }
  return { frames: Float32Array.from(rows), labels };
}

interface Training {
  readonly optimiser: Optimiser;
  readonly steps?: number;
  readonly clip?: number;
  readonly ctc?: boolean;
  readonly hidden?: number;
  /** The examples of step n. */
  readonly examples?: (step: number) => readonly Example[];
  readonly validation?: readonly Example[];
}

const fresh =
  (options = {}) =>
  (step: number) => {
    const random = new Random(7, step);
    return Array.from({ length: 8 }, () => example(random, options));
  };

/** Frames of some examples with the labels of others. */
const mixedUp =
  (options = {}) =>
  (step: number) => {
    const random = new Random(7, step);
    return Array.from({ length: 8 }, () => ({
      frames: example(random, options).frames,
      labels: example(random, options).labels,
    }));
  };

/** A small network really trained, and its log; the batch is that of the last step. */
function train({ optimiser, steps = 200, clip, ctc = false, hidden = 12, examples, validation }: Training): {
  records: HistoryRecord[];
  batch: BatchEvidence;
} {
  const random = new Random(3);
  const model = sequential({
    rnn: gru({ inputs: CLASSES, hidden, random }),
    head: dense({ inputs: hidden, outputs: CLASSES, random }),
  });
  const trainer = new Trainer({ model, optimiser, ...(clip !== undefined && { clip }) });
  const chosen = examples ?? fresh({ aFrame: !ctc });
  const name = ctc ? "ctcLoss" : "crossEntropy";
  const batchOf = (list: readonly Example[]): TrainingBatch => ({
    inputs: padSequences(
      list.map(({ frames }) => frames),
      CLASSES,
    ),
    loss: (outputs) => {
      const labels = list.map((item) => item.labels);
      const { lengths } = outputs;
      return ctc ? ctcLoss(outputs, labels, { lengths }) : crossEntropy(outputs, labels, { lengths });
    },
  });
  const records: HistoryRecord[] = [];
  for (let step = 0; step < steps; step++) {
    const { step: taken, ...report } = trainer.step([batchOf(chosen(step))]);
    records.push({ step: taken, ...report });
    if (validation !== undefined && taken % 20 === 0) {
      const { inputs, loss } = batchOf(validation);
      records.push({ step: taken, validationLoss: loss(model.forward(inputs, { training: false })).value });
    }
  }
  const last = chosen(steps - 1);
  const outputs = model.forward(batchOf(last).inputs, { training: false });
  model.dispose();
  return {
    records,
    batch: { loss: name, outputs, targets: last.map(({ labels }) => labels), options: { lengths: outputs.lengths } },
  };
}

const alarms = (history: HistoryEvidence, batch?: BatchEvidence) =>
  diagnose({ history, ...(batch && { batch }) })
    .findings.filter(({ severity }) => severity !== "note")
    .map(({ code }) => code);

describe("a small network really trained", () => {
  it.each<[string, Training]>([
    ["by cross-entropy", { optimiser: adam({ learningRate: 0.01 }) }],
    ["by cross-entropy, gradients clipped", { optimiser: adam({ learningRate: 0.01 }), clip: 0.01 }],
    ["by momentum", { optimiser: sgd({ learningRate: 0.1, momentum: 0.9 }), clip: 1 }],
    ["by CTC", { optimiser: adam({ learningRate: 0.02 }), ctc: true, steps: 300 }],
    ["with validation", { optimiser: adam({ learningRate: 0.01 }), validation: fresh()(999) }],
  ])("rightly, %s, gives no alarm", (_, options) => {
    const { records, batch } = train(options);
    expect(alarms({ records, ...(options.clip !== undefined && { clip: options.clip }) }, batch)).toEqual([]);
  });

  const few = fresh({ noise: 2 })(0).slice(0, 4);
  const longSymbols = { aFrame: false, symbols: 2, frames: 5, jitter: 20 };
  it.each<[string, string, RegExp, Training]>([
    ["a rate far too high", "loss-diverges", /Divide the learning rate/, { optimiser: sgd({ learningRate: 30 }) }],
    [
      "a rate far too low",
      "rate-too-low",
      /Multiply the learning rate/,
      { optimiser: sgd({ learningRate: 1e-4 }), examples: () => fresh()(0) },
    ],
    [
      "a rate too low to see any progress through the noise",
      "no-progress",
      /other learning rates/,
      { optimiser: sgd({ learningRate: 1e-5 }) },
    ],
    [
      "frames with the labels of others",
      "blind-plateau",
      /inputs and labels belong together/,
      { optimiser: adam({ learningRate: 0.01 }), examples: mixedUp() },
    ],
    [
      "frames with the labels of others, in CTC",
      "blind-plateau",
      /frames and labels belong together/,
      { optimiser: adam({ learningRate: 0.02 }), ctc: true, examples: mixedUp(longSymbols), steps: 150 },
    ],
    [
      "few examples learnt by heart",
      "overfitting",
      /best validation/,
      {
        optimiser: adam({ learningRate: 0.02 }),
        hidden: 32,
        steps: 300,
        examples: () => few,
        validation: fresh({ noise: 2 })(99),
      },
    ],
    [
      "clipping that leaves no step",
      "mostly-clipped",
      /Raise the limit/,
      { optimiser: sgd({ learningRate: 0.01 }), clip: 1e-4 },
    ],
  ])("with %s", (_, code, remedy, options) => {
    const { records, batch } = train(options);
    const history = { records, ...(options.clip !== undefined && { clip: options.clip }) };
    const { findings, healthy } = diagnose({ history, batch });
    expect(healthy).toBe(false);
    expect(findings.find((finding) => finding.code === code)?.remedy).toMatch(remedy);
  });
});

/** A log of losses, from step 1. */
const logged = (losses: readonly (number | null)[], more: (i: number) => object = () => ({})): HistoryRecord[] =>
  losses.map((loss, i) => ({ step: i + 1, loss, gradientNorm: 1, learningRate: 0.01, ...more(i) }));

/** From `from` down to `to` with a time constant, and noise. */
function falling(steps: number, { from = 2, to = 0.2, time = steps / 5, noise = 0.05, seed = 1 } = {}): number[] {
  const random = new Random(seed);
  return Array.from({ length: steps }, (_, i) => to + (from - to) * Math.exp(-i / time) + noise * random.normal());
}

describe("a history", () => {
  it("that falls gives no alarm, whatever its noise, level and sign", () => {
    for (let seed = 0; seed < 100; seed++) {
      const scale = 10 ** ((seed % 7) - 3);
      const losses = falling(200 + 10 * seed, { noise: 0.02 + (seed % 10) / 40, seed }).map((x) => scale * x);
      expect(alarms({ records: logged(losses) })).toEqual([]);
      expect(alarms({ records: logged(losses.map((x) => x - 5 * scale)) })).toEqual([]);
    }
  });

  it("without records, or of a few, gives none", () => {
    expect(diagnose({ history: { records: [] } })).toEqual({ findings: [], healthy: true });
    expect(alarms({ records: logged([1, 2, 3]) })).toEqual([]);
    expect(alarms({ records: [{ step: 5, errorRate: 0.4 }] })).toEqual([]);
  });

  it("that falls and rises again has lost its gain", () => {
    const losses = [...falling(200), ...falling(200, { from: 0.2, to: 1.6 })];
    expect(alarms({ records: logged(losses) })).toEqual(["loss-rises"]);
  });

  it("that falls by 4 % as fast at the end as before has a low rate, unless the rate itself fell", () => {
    const losses = Array.from({ length: 200 }, (_, i) => 2 - 0.0004 * i);
    expect(alarms({ records: logged(losses) })).toEqual(["rate-too-low"]);
    expect(alarms({ records: logged(losses, (i) => ({ learningRate: 0.01 * 0.98 ** i })) })).toEqual([]);
  });

  it("that is nothing but noise makes no progress; a fall that only the whole run shows does", () => {
    let found = 0;
    for (let seed = 0; seed < 40; seed++) {
      const flat = falling(300, { from: 2, to: 2, noise: 0.4, seed });
      if (alarms({ records: logged(flat) }).includes("no-progress")) found++;
      const slow = falling(1000, { from: 2, to: 2, noise: 0.4, seed }).map((x, i) => x - 0.0003 * i);
      expect(alarms({ records: logged(slow) })).toEqual([]);
    }
    expect(found).toBeGreaterThan(36); // chance may show one trend in forty, or a high start
  });

  it("that ends in NaN, as JSON writes it, names the step", () => {
    const losses = [...falling(100), ...Array<null>(20).fill(null)];
    const { findings } = diagnose({ history: { records: logged(losses, (i) => ({ skipped: i >= 100 })) } });
    expect(findings[0]).toMatchObject({
      code: "steps-skipped",
      severity: "error",
      where: "step 101",
      numbers: { steps: 20, first: 101 },
    });
  });

  it("with one skipped step in 500 has a warning, no error", () => {
    const { findings } = diagnose({
      history: { records: logged(falling(500, { time: 50 }), (i) => ({ skipped: i === 250 })) },
    });
    expect(findings.map(({ code, severity }) => [code, severity])).toEqual([["steps-skipped", "warning"]]);
  });

  it("with a spike in the gradient says to clip, where nothing is clipped", () => {
    const records = logged(falling(200), (i) => ({ gradientNorm: i === 120 ? 400 : 1 + (i % 3) }));
    const [finding] = diagnose({ history: { records } }).findings;
    expect(finding).toMatchObject({ code: "gradient-spikes", severity: "warning", where: "step 121" });
    expect(finding.remedy).toContain("at about 4: twice their median");
    expect(alarms({ records, clip: 5 })).toEqual([]);
  });

  it("whose gradients shrink by much over the run has no spikes", () => {
    const records = logged(falling(400), (i) => ({ gradientNorm: 1000 * Math.exp(-i / 40) }));
    expect(alarms({ records })).toEqual([]);
  });

  const validated = (scores: readonly number[], name: string) => [
    ...logged(falling(scores.length * 10, { to: 0.01, time: scores.length * 4, noise: 0.01 })),
    ...scores.map((score, i) => ({ step: 10 * (i + 1), [name]: score })),
  ];

  it.each([
    ["an error rate", [0.5, 0.3, 0.21, 0.2, 0.22, 0.24, 0.26, 0.29, 0.31, 0.33], "errorRate", ["overfitting"]],
    ["an accuracy", [0.5, 0.7, 0.79, 0.8, 0.78, 0.75, 0.72, 0.69, 0.67, 0.66], "tokenAccuracy", ["overfitting"]],
    ["an accuracy that grows", [0.5, 0.7, 0.79, 0.8, 0.81, 0.82, 0.84, 0.86, 0.86, 0.87], "tokenAccuracy", []],
    ["one lucky validation", [0.5, 0.02, 0.012, 0.008, 0.012, 0.009, 0.011, 0.01, 0.009, 0.011], "errorRate", []],
    ["a level", [0.5, 0.3, 0.2, 0.201, 0.203, 0.2, 0.204, 0.202, 0.203, 0.201], "errorRate", []],
    ["a score of which nobody knows which way is better", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], "score", []],
  ])("%s", (_, scores, name, expected) => {
    expect(alarms({ records: validated(scores, name) })).toEqual(expected);
  });

  it("that was ended before its last step, or while it fell, has a note", () => {
    const codes = (history: HistoryEvidence) => diagnose({ history }).findings.map(({ code }) => code);
    expect(codes({ records: logged(falling(100)), steps: 300 })).toEqual(["unfinished"]);
    const losses = falling(200, { time: 200, to: 0 });
    expect(codes({ records: logged(losses), steps: 200 })).toEqual(["still-falling"]);
    expect(codes({ records: logged(falling(400)), steps: 400 })).toEqual([]);
  });

  it.each([
    ["early on, a note", 60, 4500, "note"],
    ["in the middle, a warning", 200, 4500, "warning"],
    ["at the end, an error", 200, 200, "error"],
  ])("with blanks everywhere has %s", (_, taken, steps, severity) => {
    const outputs = [Array.from({ length: 12 }, (_, t) => [4, 0.1 * t, 0])];
    const batch = { loss: "ctcLoss", outputs, targets: [[1, 2]] };
    const records = logged(falling(taken, { from: 40, to: 20 }));
    const { findings } = diagnose({ history: { records, steps }, batch });
    expect(findings.find(({ code }) => code === "blank-collapse")?.severity).toBe(severity);
  });

  it("that ends at a blind network's loss, still falling, has a warning; before the end it has none", () => {
    const random = new Random(5);
    const targets = [Array.from({ length: 90 }, () => random.integer(3))];
    const outputs = [targets[0].map(() => [0, 0, 0])];
    const records = logged(falling(200, { from: 3, to: 1, time: 100 }));
    const found = (steps: number) => {
      const { findings } = diagnose({ history: { records, steps }, batch: { loss: "crossEntropy", outputs, targets } });
      return findings.find(({ code }) => code === "blind-plateau")?.severity;
    };
    expect([found(200), found(500)]).toEqual(["warning", undefined]);
  });

  it("of a reward's loss is not read as if a lower one were better", () => {
    const rising = falling(200, { from: 0, to: 3 });
    const outputs = [[[0, 0.1]]];
    const batch = { loss: "policyGradientLoss", outputs, targets: [[1]], options: { rewards: [[1]] } };
    expect(alarms({ records: logged(rising) })).toEqual(["loss-diverges"]);
    expect(alarms({ records: logged(rising) }, batch)).toEqual([]);
  });
});
