import { describe, expect, it, vi } from "vitest";
import { ctcLoss, dense, elman, gru, lossCatalogue, lstm, sequential, tensor } from "../src/index.js";
import { close, flat, place, read, type Vector } from "./vectors/read.js";

// An engine whose WebAssembly has no SIMD: everything is computed by the reference, behind the same functions.
vi.mock("../src/kernels/instance.js", () => ({ kernels: () => undefined }));

describe("row 75: without SIMD", () => {
  const { cases: layers } = read("torch-recurrent.json");
  it.each(layers.map((c: Vector) => [c.cell, c.nonlinearity ?? "", c.layers, c]) as Vector[][])(
    "recurrent layers: %s %s, %d layers",
    (...[, , , c]) => {
      const { cell, bidirectional, nonlinearity } = c;
      const make = { elman, gru, lstm }[cell as "lstm"];
      const layer = make({
        inputs: 3,
        hidden: 5,
        layers: c.layers,
        bidirectional,
        ...(nonlinearity && { nonlinearity }),
      });
      place(layer.parameters, c.state);
      const input = { ...tensor(c.input), lengths: Int32Array.from(c.lengths) };
      close(layer.forward(input, { training: true }).data, flat(c.output), 1e-6, "output");
      close(layer.backward(tensor(c.gradOutput)).data, flat(c.gradInput), 1e-6, "input gradient");
      for (const { name, grad } of layer.parameters) close(grad, flat(c.gradState[name]), 1e-6, name);
    },
  );

  const { cases: losses } = read("torch-losses.json");
  it.each(losses.map((c: Vector) => [c.loss, c.torch, c]) as Vector[][])("%s as %s, on float32", (...[, , c]) => {
    const result = lossCatalogue.get(c.loss)?.compute(tensor(c.outputs), c.targets, c.options);
    expect(result?.grad.data).toBeInstanceOf(Float32Array);
    close([result?.value as number], [c.value], 1e-6, "value");
    close(result?.grad.data as Float32Array, flat(c.grad), 1e-6, "gradient");
  });

  it("a dense layer on top, and CTC on its outputs: a gradient for every parameter", () => {
    const model = sequential({
      rnn: gru({ inputs: 2, hidden: 3, seed: 1 }),
      head: dense({ inputs: 3, outputs: 4, seed: 2 }),
    });
    const input = { ...tensor([[[1, 0], [0, 1], [1, 1]]]), lengths: Int32Array.of(3) }; // biome-ignore format: one sequence
    const out = model.forward(input, { training: true });
    model.backward(ctcLoss(out, [[1, 2]]).grad);
    for (const { name, grad } of model.parameters)
      expect(
        grad.some((x) => x !== 0),
        name,
      ).toBe(true);
    model.dispose();
  });
});
