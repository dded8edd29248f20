import { type Layer, SeqlossError, type Tensor } from "../../src/index.js";

/**
 * Layers that all read the same input, their outputs one behind the other at each step: [B, T, F] → [B, T, Σ outputs]. The
 * gradients with respect to the input add up. Parameter names are prefixed with the layer's, as in `sequential`.
 */
export function parallel(layers: Readonly<Record<string, Layer>>): Layer {
  const parts = Object.entries(layers);
  let widths: readonly number[] = [];
  return {
    parameters: parts.flatMap(([prefix, { parameters }]) =>
      parameters.map((parameter) => ({ ...parameter, name: `${prefix}.${parameter.name}` })),
    ),
    structure: { kind: "parallel", parts: layers },
    forward(input, context) {
      const outputs = parts.map(([, layer]) => layer.forward(input, context));
      widths = outputs.map(({ shape }) => shape[2]);
      const width = widths.reduce((a, b) => a + b, 0);
      const [B, T] = input.shape;
      const data = new Float32Array(B * T * width);
      outputs.reduce((start, output, n) => {
        for (let i = 0; i < B * T; i++) copyRow(output.data, i * widths[n], data, i * width + start, widths[n]);
        return start + widths[n];
      }, 0);
      return { data, shape: [B, T, width], lengths: input.lengths };
    },
    backward({ data, shape: [B, T, width] }: Tensor) {
      let start = 0;
      const gradients = parts.map(([, layer], n) => {
        const own = new Float32Array(B * T * widths[n]);
        for (let i = 0; i < B * T; i++) copyRow(data, i * width + start, own, i * widths[n], widths[n]);
        start += widths[n];
        return layer.backward({ data: own, shape: [B, T, widths[n]] });
      });
      const [first, ...others] = gradients;
      const sum = first.data.slice();
      for (const other of others) for (let i = 0; i < sum.length; i++) sum[i] += other.data[i];
      return { data: sum, shape: first.shape };
    },
    dispose() {
      for (const [, layer] of parts) layer.dispose();
    },
  };
}

function copyRow(from: ArrayLike<number>, at: number, to: Float32Array, place: number, width: number): void {
  for (let j = 0; j < width; j++) to[place + j] = from[at + j];
}

/** What it reads, as it is: beside another layer in `parallel`, a way around it. */
export function identity(): Layer {
  return {
    parameters: [],
    structure: { kind: "identity" },
    forward: (input) => input,
    backward: ({ data, shape }) => ({ data: data instanceof Float32Array ? data : Float32Array.from(data), shape }),
    dispose() {},
  };
}

/** Some neighbouring numbers of each step: [B, T, F] → [B, T, width]. */
export function columns(from: number, width: number): Layer {
  let shape: readonly number[] = [];
  return {
    parameters: [],
    structure: { kind: "columns", from, width },
    forward(input) {
      shape = input.shape;
      const [B, T, F] = shape;
      if (from + width > F) {
        throw new SeqlossError("columns", "SHAPE", {
          argument: "the shape of its input",
          expected: `at least ${from + width} numbers in each step`,
          found: shape,
        });
      }
      const data = new Float32Array(B * T * width);
      for (let i = 0; i < B * T; i++) copyRow(input.data, i * F + from, data, i * width, width);
      return { data, shape: [B, T, width], lengths: input.lengths };
    },
    backward({ data }: Tensor) {
      const [B, T, F] = shape;
      const grad = new Float32Array(B * T * F);
      for (let i = 0; i < B * T; i++) copyRow(data, i * width, grad, i * F + from, width);
      return { data: grad, shape };
    },
    dispose() {},
  };
}
