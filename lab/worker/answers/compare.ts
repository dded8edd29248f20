import {
  adam,
  bootstrapInterval,
  dense,
  gru,
  huberLoss,
  type LossResult,
  meanAbsoluteError,
  meanSquaredError,
  padSequences,
  quantileLoss,
  Random,
  sequential,
  Trainer,
} from "../../../src/index.js";
import recorded from "./recordedComparison.json" with { type: "json" };

/** What is compared: losses on forecasts whose targets have outliers. */
export interface CompareState {
  /** The share of training targets that are far off. */
  readonly outliers: number;
  readonly seeds: number;
  readonly steps: number;
}

export interface Compared {
  readonly name: string;
  /** Of each seed: the mean distance from the clean targets of new sequences. */
  readonly scores: readonly number[];
  readonly mean: number;
  readonly lower: number;
  readonly upper: number;
}

type Outputs = { readonly data: Float32Array; readonly shape: readonly number[] };
type Compute = (outputs: Outputs, targets: number[][]) => LossResult;

const losses: Readonly<Record<string, Compute>> = {
  meanSquaredError,
  meanAbsoluteError,
  huberLoss: (outputs, targets) => huberLoss(outputs, targets, { delta: 0.5 }),
  quantileLoss: (outputs, targets) => quantileLoss(outputs, targets, { quantile: 0.5 }),
};

const [BATCH, STEPS] = [16, 24];

/** Waves of different speeds, with noise on what is seen and the next value to be foretold; some targets are thrown far off. */
function waves(random: Random, outliers: number) {
  const inputs: Float32Array[] = [];
  const clean: number[][] = [];
  const targets: number[][] = [];
  for (let b = 0; b < BATCH; b++) {
    const [speed, phase] = [0.3 + 0.5 * random.uniform(), 6.28 * random.uniform()];
    const wave = Array.from({ length: STEPS + 1 }, (_, t) => Math.sin(speed * t + phase));
    inputs.push(Float32Array.from(wave.slice(0, -1), (x) => x + 0.1 * random.normal()));
    clean.push(wave.slice(1));
    targets.push(wave.slice(1).map((x) => (random.uniform() < outliers ? x + 6 + 2 * random.normal() : x)));
  }
  return { inputs: padSequences(inputs, 1), clean, targets };
}

function train(compute: Compute, seed: number, { outliers, steps }: CompareState): number {
  const hidden = 12;
  const model = sequential({
    rnn: gru({ inputs: 1, hidden, seed }),
    head: dense({ inputs: hidden, outputs: 1, seed: seed + 1 }),
  });
  const trainer = new Trainer({ model, optimiser: adam({ learningRate: 0.02 }), clip: 1, seed });
  const random = new Random(seed, 1);
  for (let i = 0; i < steps; i++) {
    const { inputs, targets } = waves(random, outliers);
    const loss = ({ data, shape }: Outputs) => {
      const { grad, ...result } = compute({ data, shape: shape.slice(0, 2) }, targets);
      return { ...result, grad: { data: grad.data, shape } };
    };
    trainer.step([{ inputs, loss }]);
  }
  const { inputs, clean } = waves(new Random(seed, 2), 0);
  const { data, shape } = model.forward(inputs, { training: false });
  const { value } = meanAbsoluteError({ data, shape: shape.slice(0, 2) }, clean, { gradient: false });
  model.dispose();
  return value;
}

/** The losses that are compared. */
export const compared = (): string[] => Object.keys(losses);

/** Trains one loss from one seed: the mean distance from clean targets. */
export const score = (name: string, seed: number, state: CompareState): number => train(losses[name], seed, state);

/** The mean of some seeds, with an interval around it. */
export function summary(name: string, scores: readonly number[]): Compared {
  const rows = scores.map((one) => [one, 1]);
  const [lower, upper] = bootstrapInterval(rows, ([sum, count]) => sum / count, { seed: 1 });
  return { name, scores, mean: scores.reduce((a, b) => a + b, 0) / scores.length, lower, upper };
}

/** The comparison of the settings at rest, made when the lab was. */
export const recordedComparison = (): Compared[] => recorded;
