import {
  type HuberOptions,
  huberLoss,
  type LossResult,
  meanAbsoluteError,
  meanSquaredError,
  type QuantileOptions,
  quantileLoss,
  type Tensor,
} from "../../src/index.js";

/** How a network is trained to forecast, and how its outputs are read. */
export interface ForecastLoss {
  /** The quantiles that are estimated of each step; without any, each step has one number. */
  readonly quantiles: readonly number[];
  /** What the loss is called with besides outputs and targets. */
  options(scale: ForecastScale): HuberOptions & QuantileOptions;
  /** Of outputs and targets [B, 1, horizon × numbers a step], in deviations of the series. */
  compute(outputs: Tensor, targets: Tensor, options: HuberOptions & QuantileOptions): LossResult;
}

export interface ForecastScale {
  /** Steps that are forecast. */
  readonly horizon: number;
  /** Where Huber's loss goes from the square to the line, in deviations of the series. */
  readonly delta: number;
}

/** The middle one is the forecast; the truth should lie between the others 8 times in 10. */
const QUANTILES = [0.1, 0.5, 0.9];

const none = () => ({});

export const LOSSES: Readonly<Record<string, ForecastLoss>> = {
  meanSquaredError: { quantiles: [], options: none, compute: meanSquaredError },
  meanAbsoluteError: { quantiles: [], options: none, compute: meanAbsoluteError },
  huberLoss: { quantiles: [], options: ({ delta }) => ({ delta }), compute: huberLoss },
  quantileLoss: {
    quantiles: QUANTILES,
    options: ({ horizon }) => ({ quantile: Array.from({ length: horizon }, () => QUANTILES).flat() }),
    compute: quantileLoss,
  },
};

/** Numbers that the network puts out for each step. */
export const numbersAStep = ({ quantiles }: ForecastLoss): number => quantiles.length || 1;

/** What is forecast of each step ahead, and between which bounds it should lie 8 times in 10 where quantiles were estimated. */
export interface Ahead {
  readonly values: readonly number[];
  readonly range?: { readonly low: readonly number[]; readonly high: readonly number[] };
}

/** A forecast from the network's numbers, those of each step one after another. */
export function readAhead(numbers: readonly number[], loss: ForecastLoss): Ahead {
  const width = numbersAStep(loss);
  const each = (place: number) => Array.from({ length: numbers.length / width }, (_, h) => numbers[h * width + place]);
  if (width === 1) return { values: each(0) };
  return { values: each(1), range: { low: each(0), high: each(2) } };
}
