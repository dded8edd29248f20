import { type Layer, SeqlossError, type Tensor } from "../../src/index.js";

/** The mean and the largest of each number over the real steps of a sequence, side by side: [B, T, F] → [B, 1, 2 F]. */
export function pool(): Layer {
  let shape: readonly number[] = [];
  let lengths = new Int32Array(0);
  /** Where the largest stood, [B, F]. */
  let places = new Int32Array(0);
  return {
    parameters: [],
    structure: { kind: "meanAndMax" },
    forward(input) {
      shape = input.shape;
      lengths = Int32Array.from(input.lengths);
      const [B, T, F] = shape;
      const empty = lengths.indexOf(0);
      if (empty >= 0) {
        throw new SeqlossError("pool", "LENGTH", {
          argument: `lengths[${empty}]`,
          expected: "a sequence of at least one step",
          found: 0,
        });
      }
      const data = new Float32Array(2 * B * F);
      places = new Int32Array(B * F);
      for (let b = 0; b < B; b++) {
        for (let j = 0; j < F; j++) {
          let [sum, best] = [0, b * T * F + j];
          for (let t = 0; t < lengths[b]; t++) {
            const place = (b * T + t) * F + j;
            sum += input.data[place];
            if (input.data[place] > input.data[best]) best = place;
          }
          data[2 * b * F + j] = sum / lengths[b];
          data[(2 * b + 1) * F + j] = input.data[best];
          places[b * F + j] = best;
        }
      }
      return { data, shape: [B, 1, 2 * F], lengths: new Int32Array(B).fill(1) };
    },
    backward({ data: given }: Tensor) {
      const [B, T, F] = shape;
      const data = new Float32Array(B * T * F);
      for (let b = 0; b < B; b++) {
        for (let j = 0; j < F; j++) {
          const share = given[2 * b * F + j] / lengths[b];
          for (let t = 0; t < lengths[b]; t++) data[(b * T + t) * F + j] = share;
          data[places[b * F + j]] += given[(2 * b + 1) * F + j];
        }
      }
      return { data, shape };
    },
    dispose() {},
  };
}
