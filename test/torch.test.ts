import { describe, expect, it } from "vitest";
import {
  adam,
  adamW,
  ctcLoss,
  dense,
  elman,
  gru,
  type Layer,
  lossCatalogue,
  lstm,
  type Optimiser,
  rmsProp,
  sequential,
  sgd,
  tensor,
  zeroGrad,
} from "../src/index.js";
import { close, flat, place, read, type Vector } from "./vectors/read.js";

// Against PyTorch: vectors made by test/vectors/make_torch_vectors.py, in float64.

describe("losses as PyTorch computes them", () => {
  const { cases } = read("torch-losses.json");
  it.each(cases.map((c: Vector) => [c.loss, c.torch, c.options, c]) as Vector[][])(
    "%s as %s with %j",
    (...[, , , c]) => {
      const compute = lossCatalogue.get(c.loss)?.compute;
      const exact = compute?.(c.outputs, c.targets, c.options);
      expect(exact?.value).toBeCloseTo(c.value, 7);
      close(exact?.grad.data as Float64Array, flat(c.grad), 1e-7, "gradient");
      const fast = compute?.(tensor(c.outputs), c.targets, c.options);
      close([fast?.value as number], [c.value], 1e-5, "float32 value");
      close(fast?.grad.data as Float32Array, flat(c.grad), 1e-5, "float32 gradient");
    },
  );
});

describe("recurrent layers as PyTorch's, from the same state dict", () => {
  const { cases } = read("torch-recurrent.json");
  it.each(cases.map((c: Vector) => [c.cell, c.nonlinearity ?? "", c.layers, c.bidirectional, c]) as Vector[][])(
    "%s %s, %d layers, bidirectional %s",
    (...[, , , , c]) => {
      const { cell, layers, bidirectional, nonlinearity, lengths, state, input, output, gradOutput } = c;
      const make = { elman, gru, lstm }[cell as "lstm"];
      const layer: Layer = make({ inputs: 3, hidden: 5, layers, bidirectional, ...(nonlinearity && { nonlinearity }) });
      place(layer.parameters, state);
      const out = layer.forward({ ...tensor(input), lengths: Int32Array.from(lengths) }, { training: false });
      close(out.data, flat(output), 1e-5, "output");
      const gradInput = layer.backward(tensor(gradOutput));
      close(gradInput.data, flat(c.gradInput), 1e-5, "input gradient");
      for (const { name, grad } of layer.parameters) close(grad, flat(c.gradState[name]), 2e-5, name);
      layer.dispose();
    },
  );
});

describe("optimisers as PyTorch's", () => {
  const makers = { sgd, rmsProp, adam, adamW } as unknown as Record<string, (options: object) => Optimiser>;
  const { cases } = read("torch-optimisers.json");
  it.each(cases.map((c: Vector) => [c.optimiser, c.options, c.path]) as Vector[][])("%s %j", (name, options, path) => {
    const optimiser = makers[name as string](options as object);
    const w = { name: "w", shape: [3], data: Float32Array.of(1, -2, 0.5), grad: new Float32Array(3) };
    (path as number[][]).forEach((expected, step) => {
      w.grad.set([0.3, -0.1 * step, 2 - 0.5 * step]);
      optimiser.step([w]);
      close(w.data, expected, 1e-6, `step ${step}`);
    });
  });
});

describe("training", () => {
  it("100 steps of an LSTM with CTC and Adam follow PyTorch's loss within 1e-4 relative", () => {
    const { T, B, I, H, V, learningRate, state, losses } = read("torch-training.json");
    const model = sequential({ rnn: lstm({ inputs: I, hidden: H }), head: dense({ inputs: H, outputs: V }) });
    place(model.parameters, state);
    const optimiser = adam({ learningRate });
    let x = 1;
    const uniform = () => {
      x = (Math.imul(1664525, x) + 1013904223) >>> 0;
      return x / 2 ** 32;
    };
    const path = (losses as number[]).map(() => {
      const data = new Float32Array(B * T * I);
      const lengths = new Int32Array(B);
      const labels: number[][] = [];
      for (let b = 0; b < B; b++) {
        lengths[b] = 8 + Math.floor(uniform() * 9);
        const count = 1 + Math.floor(uniform() * 3);
        labels.push(Array.from({ length: count }, () => 1 + Math.floor(uniform() * (V - 1))));
        for (let t = 0; t < lengths[b]; t++) {
          const own = labels[b][Math.min(Math.floor((t * count) / lengths[b]), count - 1)];
          for (let i = 0; i < I; i++) data[(b * T + t) * I + i] = (i === own - 1 ? 1 : 0) + uniform() - 0.5;
        }
      }
      zeroGrad(model.parameters);
      const outputs = model.forward({ data, shape: [B, T, I], lengths }, { training: true });
      const { value, grad } = ctcLoss(outputs, labels, { lengths });
      model.backward(grad);
      optimiser.step(model.parameters);
      return value;
    });
    path.forEach((value, step) => {
      expect(Math.abs(value / losses[step] - 1), `step ${step}: ${value} for ${losses[step]}`).toBeLessThan(1e-4);
    });
    expect(losses.at(-1)).toBeLessThan(losses[0] / 2);
    model.dispose();
  });
});
