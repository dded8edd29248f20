import { describe, expect, it } from "vitest";
import { Random } from "../core/random.js";
import { zeros } from "../core/tensor.js";
import { crossEntropy } from "../losses/crossEntropy.js";
import { meanSquaredError } from "../losses/regression.js";
import { dense } from "../recurrent/dense.js";
import { type Layer, type Parameter, sequential } from "../recurrent/layer.js";
import { elman, gru, lstm } from "../recurrent/recurrent.js";
import { padSequences } from "../training/batches.js";
import { adam } from "../training/optimiser.js";
import { Trainer, type TrainingBatch } from "../training/trainer.js";
import { diagnose } from "./diagnose.js";
import { checkGradients } from "./gradients.js";
import { probe } from "./probe.js";
import { probeTrainer } from "./probeTrainer.js";
import { spectralRadius } from "./spectralRadius.js";

const INPUTS = 3;
const HIDDEN = 8;
const CLASSES = 4;

const network = (rnn: Layer, width = HIDDEN) =>
  sequential({ rnn, head: dense({ inputs: width, outputs: CLASSES, seed: 9 }) });

/** Noise of some scale, one class for each step, or for the last step alone. */
function batchOf(lengths: readonly number[], { scale = 1, lastOnly = false, seed = 1 } = {}): TrainingBatch {
  const random = new Random(seed);
  const inputs = padSequences(
    lengths.map((length) => Float32Array.from({ length: length * INPUTS }, () => scale * random.normal())),
    INPUTS,
  );
  const labels = lengths.map((length) =>
    Array.from({ length }, (_, t) => (lastOnly && t < length - 1 ? -1 : random.integer(CLASSES))),
  );
  return {
    inputs,
    loss: (outputs) => crossEntropy(outputs, labels, { lengths: outputs.lengths, ignoreIndex: -1 }),
  };
}

const alarms = (model: Layer, batch: TrainingBatch) =>
  diagnose(probe(model, batch)).findings.filter(({ severity }) => severity !== "note");
const codes = (model: Layer, batch: TrainingBatch) => [...new Set(alarms(model, batch).map(({ code }) => code))];

const parameter = (model: Layer, name: string) => model.parameters.find((other) => other.name === name) as Parameter;
const scaled = (layer: Layer, name: string, factor: number): Layer => {
  const { data } = parameter(layer, name);
  data.forEach((x, i) => (data[i] = factor * x));
  return layer;
};

describe("probe", () => {
  it("follows a gradient back through a unit whose derivative is known", () => {
    const layer = elman({ inputs: 1, hidden: 1, seed: 1 });
    const [w, u, b] = [0.5, 0.8, -0.1];
    for (const [name, value] of Object.entries({ weight_ih_l0: w, weight_hh_l0: u, bias_ih_l0: b, bias_hh_l0: 0 })) {
      parameter(layer, name).data[0] = value;
    }
    const x = [0.3, -0.7, 1.2, 0.1, 0.9];
    const h: number[] = [];
    for (const input of x) h.push(Math.tanh(w * input + u * (h.at(-1) ?? 0) + b));
    const { gradients } = probe(layer, {
      inputs: padSequences([Float32Array.from(x)], 1),
      loss: (outputs) => meanSquaredError(outputs, [[[0], [0], [0], [0], [1]]]),
    });
    const [{ norms, name, delayed, spectralRadius: radius }] = gradients.reach ?? [];
    // d h_t / d h_{t-1} = u (1 − h_t²)
    const expected = [4, 3, 2, 1].map((t) => Math.abs(u * (1 - h[t] ** 2)));
    expected.forEach((factor, k) => expect(norms[k + 1] / norms[k]).toBeCloseTo(factor, 5));
    expect({ name, delayed, steps: norms.length }).toEqual({ name: "l0", delayed: false, steps: 5 });
    expect(radius).toBeCloseTo(u, 6);
  });

  it("follows a reverse direction from the first step to the last, as a forward one reads the sequence backwards", () => {
    const forward = elman({ inputs: 1, hidden: 1, seed: 1 });
    const both = elman({ inputs: 1, hidden: 1, seed: 2, bidirectional: true });
    for (const { name, data } of forward.parameters) parameter(both, `${name}_reverse`).data.set(data);
    const x = [0.3, -0.7, 1.2, 0.1, 0.9];
    const reachOf = (layer: Layer, values: readonly number[]) => {
      const inputs = padSequences([Float32Array.from(values)], 1);
      const { gradients } = probe(layer, {
        inputs,
        loss: (outputs) => meanSquaredError(outputs, zeros(outputs.shape)),
      });
      return (gradients.reach ?? []).map(({ name, norms }) => ({
        name,
        ratios: Array.from(norms, (n) => n / norms[0]),
      }));
    };
    const [, back] = reachOf(both, x);
    const [expected] = reachOf(forward, x.toReversed());
    expect(back).toEqual({ name: "l0_reverse", ratios: expected.ratios.map((ratio) => expect.closeTo(ratio, 6)) });
    expect(back.ratios[4]).not.toBeCloseTo(back.ratios[3], 3);
  });

  it("names parameters as the model does, and leaves weights as they were, gradients at 0", () => {
    const model = network(
      lstm({ inputs: INPUTS, hidden: HIDDEN, layers: 2, bidirectional: true, seed: 1 }),
      2 * HIDDEN,
    );
    const before = model.parameters.map(({ data }) => data.slice());
    const { gradients, activations } = probe(model, batchOf([12, 7]));
    const names = ["rnn.l0", "rnn.l0_reverse", "rnn.l1", "rnn.l1_reverse"];
    expect(activations.map(({ name }) => name)).toEqual(names);
    expect((gradients.reach ?? []).map(({ name }) => name).sort()).toEqual(names);
    expect(gradients.parameters?.map(({ name }) => name)).toEqual(model.parameters.map(({ name }) => name));
    expect(model.parameters.map(({ data }) => data)).toEqual(before);
    expect(model.parameters.every(({ grad }) => grad.every((x) => x === 0))).toBe(true);
  });

  it("has the norms that training has", () => {
    const model = network(gru({ inputs: INPUTS, hidden: HIDDEN, seed: 1 }));
    const batch = batchOf([9, 5]);
    const { gradients } = probe(model, batch);
    model.backward(batch.loss(model.forward(batch.inputs, { training: true })).grad);
    const { grad } = parameter(model, "rnn.weight_hh_l0");
    const found = gradients.parameters?.find(({ name }) => name === "rnn.weight_hh_l0");
    expect(found?.gradient).toBeCloseTo(Math.hypot(...grad), 6);
  });

  it("never reads padding", () => {
    const model = network(gru({ inputs: INPUTS, hidden: HIDDEN, seed: 1 }));
    const { inputs, loss } = batchOf([9, 5]);
    const poisoned = { ...inputs, data: inputs.data.slice() };
    poisoned.data.fill(Number.NaN, (9 + 5) * INPUTS);
    expect(probe(model, { inputs: poisoned, loss })).toEqual(probe(model, { inputs, loss }));
  });
});

describe("probeTrainer", () => {
  const trainer = (learningRate: number) =>
    new Trainer({
      model: network(gru({ inputs: INPUTS, hidden: HIDDEN, seed: 1 })),
      optimiser: adam({ learningRate }),
      averaging: 0.9,
    });

  it("measures the next update, and leaves the trainer as it was", () => {
    const probed = trainer(0.01);
    const batch = batchOf([9, 5]);
    probed.step([batch]);
    const before = probed.state();
    const { gradients } = probeTrainer(probed, [batch]);
    expect(probed.state()).toEqual(before);
    const old = parameter(probed.model, "head.weight").data.slice();
    probed.step([batch]);
    const moved = Math.hypot(...parameter(probed.model, "head.weight").data.map((x, i) => x - old[i]));
    expect(gradients.parameters?.find(({ name }) => name === "head.weight")?.update).toBeCloseTo(moved, 7);
    expect(diagnose({ gradients }).healthy).toBe(true);
  });

  it("of a rate far too high shows updates as large as the weights", () => {
    const { gradients } = probeTrainer(trainer(1), [batchOf([9, 5])]);
    expect(diagnose({ gradients }).findings).toMatchObject([{ code: "update-too-large", severity: "warning" }]);
  });

  it("knows no update where the step would be skipped, and refuses a step of no batches", () => {
    const broken = trainer(0.01);
    parameter(broken.model, "head.bias").data[0] = Number.NaN;
    const { gradients } = probeTrainer(broken, [batchOf([9, 5])]);
    expect(gradients.parameters?.every(({ update }) => update === undefined)).toBe(true);
    expect(() => probeTrainer(broken, [])).toThrow("expected at least one batch");
  });
});

describe("gates", () => {
  it("are counted as they are, with what they get from the state before, in both directions", () => {
    const layer = lstm({ inputs: INPUTS, hidden: HIDDEN, bidirectional: true, seed: 1 });
    for (const { name, data } of layer.parameters) {
      data.fill(0);
      // the candidate is tanh(2), so all states are above 0; any of them drives the input and output gates to 1, the forget gate to 0
      if (name.startsWith("bias_ih")) data.fill(2, 2 * HIDDEN, 3 * HIDDEN);
      if (!name.startsWith("weight_hh")) continue;
      data.fill(100);
      data.fill(-100, HIDDEN * HIDDEN, 2 * HIDDEN * HIDDEN);
    }
    const { activations } = probe(layer, {
      inputs: batchOf([150]).inputs,
      loss: (outputs) => meanSquaredError(outputs, zeros(outputs.shape)),
    });
    // at the first step there is no state before: 149 of 150 are nearly always
    const gates = { count: 3 * HIDDEN, open: 2 * HIDDEN, shut: HIDDEN };
    expect(activations.map((layer) => layer.gates)).toEqual([gates, gates]);
  });
});

describe("a healthy network gives no alarm", () => {
  const cells = { elman, gru, lstm };
  for (const [cell, make] of Object.entries(cells)) {
    it.each([1, 2, 3, 4, 5])(`${cell}, untrained, seed %d`, (seed) => {
      for (const length of [1, 12, 150]) {
        const batch = batchOf([length, Math.ceil(length / 2)], { seed });
        expect(alarms(network(make({ inputs: INPUTS, hidden: HIDDEN, seed })), batch)).toEqual([]);
        const deep = make({ inputs: INPUTS, hidden: HIDDEN, layers: 2, bidirectional: true, seed });
        expect(alarms(network(deep, 2 * HIDDEN), batch)).toEqual([]);
      }
    });
  }

  it("relu, with units at 0 for some inputs", () => {
    const rnn = elman({ inputs: INPUTS, hidden: HIDDEN, nonlinearity: "relu", seed: 1 });
    expect(alarms(network(rnn), batchOf([20, 20]))).toEqual([]);
  });

  it("a label at the end alone, where the network remembers", () => {
    const rnn = lstm({ inputs: INPUTS, hidden: HIDDEN, forgetBias: 5, seed: 1 });
    expect(alarms(network(rnn), batchOf([60, 60], { lastOnly: true, scale: 0.3 }))).toEqual([]);
  });
});

describe("a network broken on purpose", () => {
  it("forgets what the label at the end depends on: recurrent weights are tiny", () => {
    const model = network(scaled(elman({ inputs: INPUTS, hidden: HIDDEN, seed: 1 }), "weight_hh_l0", 0.2));
    const [finding] = alarms(model, batchOf([60, 60], { lastOnly: true }));
    expect(finding).toMatchObject({ code: "gradient-vanishes", severity: "warning", where: "rnn.l0" });
    expect(finding.numbers?.spectralRadius).toBeLessThan(0.3);
    expect(finding.numbers?.factor).toBeLessThan(0.3);
    // the same with a label at each step is a note
    const { findings } = diagnose(probe(model, batchOf([60, 60])));
    expect(findings.map(({ code, severity }) => [code, severity])).toEqual([["memory-short", "note"]]);
  });

  it.each([
    [2, "warning"], // 2^15 = 33,000
    [4, "error"], // 4^15 = 10^9
  ])("has gradients that explode: each unit hands on %d times its state", (factor, severity) => {
    const rnn = elman({ inputs: INPUTS, hidden: HIDDEN, nonlinearity: "relu", seed: 1 });
    parameter(rnn, "weight_hh_l0").data.forEach((_, i, data) => (data[i] = i % (HIDDEN + 1) === 0 ? factor : 0));
    parameter(rnn, "weight_ih_l0").data.fill(0.1);
    parameter(rnn, "bias_ih_l0").data.fill(1);
    const [finding] = alarms(network(rnn), batchOf([16, 16], { scale: 0.1 }));
    expect(finding).toMatchObject({ code: "gradient-explodes", severity, where: "rnn.l0" });
    expect(finding.numbers?.factor).toBeCloseTo(factor, 6);
    expect(finding.numbers?.spectralRadius).toBeCloseTo(factor, 6);
  });

  it("has units that relu has shut for good", () => {
    const rnn = elman({ inputs: INPUTS, hidden: HIDDEN, nonlinearity: "relu", seed: 1 });
    parameter(rnn, "bias_ih_l0").data.fill(-50);
    expect(codes(network(rnn), batchOf([20, 20]))).toEqual(["parameter-unreached", "units-dead"]);
  });

  it("has inputs of thousands, which drive tanh and gates to their ends", () => {
    const batch = batchOf([20, 20], { scale: 1 });
    batch.inputs.data.forEach((x, i, data) => (data[i] = 5000 + x));
    expect(codes(network(lstm({ inputs: INPUTS, hidden: HIDDEN, seed: 1 })), batch)).toContain("gates-saturated");
    expect(codes(network(gru({ inputs: INPUTS, hidden: HIDDEN, seed: 1 })), batch)).toContain("gates-saturated");
    expect(codes(network(elman({ inputs: INPUTS, hidden: HIDDEN, seed: 1 })), batch)).toContain("units-dead");
    const swinging = batchOf([20, 20], { scale: 5000 });
    const [finding] = alarms(network(elman({ inputs: INPUTS, hidden: HIDDEN, seed: 1 })), swinging);
    expect(finding).toMatchObject({ code: "units-dead", numbers: { units: HIDDEN, dead: 0 } });
    expect(finding.numbers?.saturated).toBeGreaterThan(HIDDEN / 2);
  });

  it("has NaN in its weights", () => {
    const model = network(gru({ inputs: INPUTS, hidden: HIDDEN, seed: 1 }));
    parameter(model, "head.weight").data[2] = Number.NaN;
    const [finding] = alarms(model, batchOf([12]));
    expect(finding).toMatchObject({ code: "gradient-not-finite", severity: "error" });
    expect(finding.evidence).toContain("head.weight");
  });
});

describe("checkGradients", () => {
  const of = (update: number, more = {}) =>
    checkGradients({ parameters: [{ name: "w.weight", weight: 2, gradient: 1, update }], ...more }).map(
      ({ code }) => code,
    );

  it.each([
    [1, {}, ["update-too-large"]],
    [0.1, {}, []],
    [0.002, {}, []],
    [1e-7, {}, ["update-too-small"]],
    [1e-7, { rateShare: 0.01 }, []], // the rate is small on purpose, at the end of a schedule
  ])("an update of %d to a weight of norm 2", (update, more, expected) => {
    expect(of(update, more)).toEqual(expected);
  });

  it("takes norms that were measured elsewhere", () => {
    const norms = Array.from({ length: 100 }, (_, k) => 0.8 ** k);
    const [finding] = checkGradients({ reach: [{ name: "rnn", norms, delayed: true }] });
    // 0.8^99 = 2.5e-10; 0.8^k < 0.01 from k = 21 on
    expect(finding).toMatchObject({ code: "gradient-vanishes", numbers: { memory: 21, steps: 99 } });
    expect(finding.numbers?.factor).toBeCloseTo(0.8, 12);
    expect(checkGradients({ reach: [{ name: "rnn", norms: norms.map((x) => x ** 0.1), delayed: true }] })).toEqual([]);
    expect(checkGradients({ reach: [{ name: "rnn", norms: [1, 1, 1, 1, 1, 1, 1, 1, 1, Number.NaN] }] })).toMatchObject([
      { code: "gradient-explodes", severity: "error" },
    ]);
  });
});

describe("spectralRadius", () => {
  it.each([
    ["a diagonal", [0.5, 0, 0, -0.9], 0.9],
    ["a rotation, whose eigenvalues are complex", [0, -0.7, 0.7, 0], 0.7],
    ["a nilpotent matrix", [0, 1, 0, 0], 0],
    ["nothing", [0, 0, 0, 0], 0],
    ["a shear", [1, 5, 0, 1], 1],
  ])("of %s", (_, matrix, expected) => {
    expect(spectralRadius(matrix, 2)).toBeCloseTo(expected, 1);
  });
});
