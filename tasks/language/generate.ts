import { type Layer, type LayerState, Random } from "../../src/index.js";

export interface GenerateOptions {
  /** Characters to write. */
  readonly count: number;
  /** What logits are divided by: below 1 the likely characters become likelier. 0 takes the likeliest. */
  readonly temperature: number;
  readonly seed: number;
}

/** Goes on with a text: character by character, each drawn from what the model expects after all before it. */
export function generate(model: Layer, prompt: Uint8Array, { count, temperature, seed }: GenerateOptions): number[] {
  const random = new Random(seed);
  const carry = new Map<Layer, LayerState>();
  const written: number[] = [];
  let given: ArrayLike<number> = prompt;
  while (written.length < count) {
    const T = given.length;
    const inputs = { data: Float32Array.from(given), shape: [1, T, 1], lengths: Int32Array.of(T) };
    const { data, shape } = model.forward(inputs, { carry });
    const id = draw(data.subarray((T - 1) * shape[2]), temperature, random);
    written.push(id);
    given = [id];
  }
  return written;
}

/** A place in the logits, with the probability that their softmax at this temperature gives it. */
export function draw(logits: ArrayLike<number>, temperature: number, random: Random): number {
  let best = 0;
  for (let v = 1; v < logits.length; v++) if (logits[v] > logits[best]) best = v;
  if (temperature === 0) return best;
  const masses = Array.from(logits, (logit) => Math.exp((logit - logits[best]) / temperature));
  let left = random.uniform() * masses.reduce((a, b) => a + b, 0);
  for (let v = 0; v < masses.length; v++) {
    left -= masses[v];
    if (left < 0) return v;
  }
  return best; // what rounding leaves
}
