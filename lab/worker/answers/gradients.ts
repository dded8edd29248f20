import {
  clipByGlobalNorm,
  type Explanation,
  elman,
  explainBackpropagation,
  globalNorm,
  gru,
  type Layer,
  lstm,
  padSequences,
  Random,
  type SequenceBatch,
} from "../../../src/index.js";
import { type Complex, eigenvalues } from "../../models/eigenvalues.js";
import { drawRecurrent, multiply, spectralRadius } from "../spectralRadius.js";

/** The controls of the gradients screen. */
export interface GradientState {
  readonly steps: number;
  readonly hidden: number;
  /** The spectral radius of the Elman network's recurrent weights. */
  readonly radius: number;
  readonly scale: number;
  readonly seed: number;
  readonly clip: number;
  /** Of the unit that is worked out by hand. */
  readonly weight: number;
}

export interface Reach {
  readonly name: string;
  /** The norm of the gradient with respect to the state, 0, 1, 2 … steps before the last. */
  readonly norms: readonly number[];
}

export interface GradientAnswer {
  readonly reach: readonly Reach[];
  /** What the Elman network's gradient can be at most: (σ_max · max φ′)^k of its own. */
  readonly bound: readonly number[];
  readonly largestSingular: number;
  readonly radius: number;
  /** Of the Elman network's weights from state to state. */
  readonly eigenvalues: readonly Complex[];
  /** How φ′(z) = 1 − h² is spread over units and steps, in tenths. */
  readonly slopes: readonly number[];
  readonly meanSlope: number;
  /** Of all weights together, before and after clipping. */
  readonly norms: { readonly before: number; readonly after: number };
  /** log10 of the Elman norm at the first step beside that at the last. */
  readonly lost: number;
  readonly byHand: Explanation;
}

const INPUTS = 4;
const BATCH = 8;

/** The largest singular value: the root of the spectral radius of WᵀW. */
function largestSingular(weights: ArrayLike<number>, n: number): number {
  const matrix = Float64Array.from(weights);
  const transposed = Float64Array.from({ length: n * n }, (_, i) => matrix[(i % n) * n + Math.floor(i / n)]);
  return Math.sqrt(spectralRadius(multiply(transposed, matrix, n), n));
}

function inputsOf({ steps, scale, seed }: GradientState): SequenceBatch {
  const random = new Random(seed, 3);
  const one = () => Float32Array.from({ length: steps * INPUTS }, () => scale * random.normal());
  return padSequences(Array.from({ length: BATCH }, one), INPUTS);
}

/** A gradient of length 1 at the last step of each sequence, and none elsewhere. */
function lastStepOnly({ shape }: SequenceBatch, seed: number) {
  const [batch, time, width] = shape;
  const random = new Random(seed, 4);
  const data = new Float32Array(batch * time * width);
  for (let b = 0; b < batch; b++) {
    const direction = Float64Array.from({ length: width }, () => random.normal());
    const length = Math.hypot(...direction) * Math.sqrt(batch);
    for (let j = 0; j < width; j++) data[((b + 1) * time - 1) * width + j] = direction[j] / length;
  }
  return { data, shape };
}

/** How the gradient of the last step alone reaches back, by the library's own backward pass. */
export function reachOf(layer: Layer, inputs: SequenceBatch, seed: number): number[] {
  const gradientNorms = new Map<Layer, readonly Float64Array[]>();
  const outputs = layer.forward(inputs, { training: true, gradientNorms });
  layer.backward(lastStepOnly(outputs, seed));
  const [norms] = gradientNorms.get(layer) as readonly Float64Array[];
  return Array.from(norms).reverse();
}

/** Everything that the gradients screen shows. */
export function gradientScreen(state: GradientState): GradientAnswer {
  const { hidden, seed, radius, steps, clip, weight } = state;
  const inputs = inputsOf(state);
  const rnn = elman({ inputs: INPUTS, hidden, seed });
  const [, recurrent] = rnn.parameters;
  drawRecurrent(recurrent.data, hidden, { radius, seed });

  const { data } = rnn.forward(inputs, { training: false });
  const slopes = Array.from(data, (h) => 1 - h * h);
  const bins = new Array(10).fill(0);
  for (const slope of slopes) bins[Math.min(9, Math.floor(10 * slope))] += 1 / slopes.length;

  const elmanNorms = reachOf(rnn, inputs, seed);
  const before = globalNorm(rnn.parameters);
  if (clip > 0) clipByGlobalNorm(rnn.parameters, clip);
  const after = globalNorm(rnn.parameters);

  const gated = {
    LSTM: lstm({ inputs: INPUTS, hidden, seed, forgetBias: 2 }),
    GRU: gru({ inputs: INPUTS, hidden, seed }),
  };
  const reach = [
    { name: "Elman", norms: elmanNorms },
    ...Object.entries(gated).map(([name, layer]) => ({ name, norms: reachOf(layer, inputs, seed) })),
  ];
  const singular = largestSingular(recurrent.data, hidden);
  const steepest = slopes.reduce((a, b) => Math.max(a, b), 0);
  for (const layer of [rnn, ...Object.values(gated)]) layer.dispose();
  const shortest = Math.min(steps, 6);
  return {
    reach,
    bound: elmanNorms.map((_, k) => elmanNorms[0] * (singular * steepest) ** k),
    largestSingular: singular,
    radius: spectralRadius(recurrent.data, hidden),
    eigenvalues: eigenvalues(recurrent.data, hidden),
    slopes: bins,
    meanSlope: slopes.reduce((a, b) => a + b, 0) / slopes.length,
    norms: { before, after },
    lost: Math.log10(elmanNorms[steps - 1] / elmanNorms[0]),
    byHand: explainBackpropagation({
      inputs: Array.from({ length: shortest }, (_, t) => (t === 0 ? 1 : 0)),
      targets: Array.from({ length: shortest }, (_, t) => (t === shortest - 1 ? 1 : null)),
      recurrentWeight: weight,
    }),
  };
}
