import { type Layer, SeqlossError, type Tensor } from "../../src/index.js";

/** The last real step of each sequence: [B, T, F] → [B, 1, F]. */
export function lastStep(): Layer {
  let shape: readonly number[] = [];
  let lengths = new Int32Array(0);
  const rowOf = (b: number) => (b * shape[1] + lengths[b] - 1) * shape[2];
  return {
    parameters: [],
    structure: { kind: "lastStep" },
    forward(input) {
      shape = input.shape;
      lengths = Int32Array.from(input.lengths);
      const [B, , F] = shape;
      const empty = lengths.indexOf(0);
      if (empty >= 0) {
        throw new SeqlossError("lastStep", "LENGTH", {
          argument: `lengths[${empty}]`,
          expected: "a sequence of at least one step",
          found: 0,
        });
      }
      const data = new Float32Array(B * F);
      for (let b = 0; b < B; b++) data.set(input.data.subarray(rowOf(b), rowOf(b) + F), b * F);
      return { data, shape: [B, 1, F], lengths: new Int32Array(B).fill(1) };
    },
    backward(gradOutput: Tensor) {
      const [B, T, F] = shape;
      const data = new Float32Array(B * T * F);
      for (let b = 0; b < B; b++) data.set(gradOutput.data.subarray(b * F, (b + 1) * F), rowOf(b));
      return { data, shape };
    },
    dispose() {},
  };
}
