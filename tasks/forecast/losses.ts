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
import { HORIZON } from "./windows.js";

/** How a network is trained to forecast, and how its outputs are read. */
export interface ForecastLoss {
  /** The quantiles that are estimated of each day; without any, each day has one number. */
  readonly quantiles: readonly number[];
  /** What the loss is called with besides outputs and targets, for a temperature with this standard deviation. */
  options(deviation: number): HuberOptions & QuantileOptions;
  /** Of outputs and targets [B, 1, HORIZON × numbers a day], in deviations of the temperature. */
  compute(outputs: Tensor, targets: Tensor, options: HuberOptions & QuantileOptions): LossResult;
}

/** Where Huber's loss goes from the square to the line, °C. */
const HUBER_DELTA = 2;
/** The middle one is the forecast; the days should lie between the others 8 times in 10. */
const QUANTILES = [0.1, 0.5, 0.9];

const none = () => ({});

export const LOSSES: Readonly<Record<string, ForecastLoss>> = {
  meanSquaredError: { quantiles: [], options: none, compute: meanSquaredError },
  meanAbsoluteError: { quantiles: [], options: none, compute: meanAbsoluteError },
  huberLoss: {
    quantiles: [],
    options: (deviation) => ({ delta: HUBER_DELTA / deviation }),
    compute: huberLoss,
  },
  quantileLoss: {
    quantiles: QUANTILES,
    options: () => ({ quantile: Array.from({ length: HORIZON }, () => QUANTILES).flat() }),
    compute: quantileLoss,
  },
};

/** Numbers that the network puts out for each day. */
export const numbersADay = ({ quantiles }: ForecastLoss): number => quantiles.length || 1;

/** A week's temperatures, and their range where quantiles were estimated, from the numbers of its days one after another. */
export function readWeek(numbers: readonly number[], loss: ForecastLoss) {
  const width = numbersADay(loss);
  const each = (place: number) => Array.from({ length: HORIZON }, (_, h) => numbers[h * width + place]);
  if (width === 1) return { temperatures: each(0) };
  return { temperatures: each(1), range: { low: each(0), high: each(2) } };
}
