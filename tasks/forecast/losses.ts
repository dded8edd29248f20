import {
  huberLoss,
  type LossResult,
  meanAbsoluteError,
  meanSquaredError,
  quantileLoss,
  type SequenceBatch,
  type Tensor,
} from "../../src/index.js";
import { HORIZON } from "./windows.js";

/** How a network is trained to forecast, and how its outputs are read. */
export interface ForecastLoss {
  /** The quantiles that are estimated of each day; without any, each day has one number. */
  readonly quantiles: readonly number[];
  /** Of outputs [B, 1, HORIZON × numbers a day] and targets of the same shape, both in deviations of the temperature. */
  compute(outputs: SequenceBatch, targets: Tensor, deviation: number): LossResult;
}

/** Where Huber's loss goes from the square to the line, °C. */
const HUBER_DELTA = 2;
/** The middle one is the forecast; the days should lie between the others 8 times in 10. */
const QUANTILES = [0.1, 0.5, 0.9];

export const LOSSES: Readonly<Record<string, ForecastLoss>> = {
  meanSquaredError: { quantiles: [], compute: (outputs, targets) => meanSquaredError(outputs, targets) },
  meanAbsoluteError: { quantiles: [], compute: (outputs, targets) => meanAbsoluteError(outputs, targets) },
  huberLoss: {
    quantiles: [],
    compute: (outputs, targets, deviation) => huberLoss(outputs, targets, { delta: HUBER_DELTA / deviation }),
  },
  quantileLoss: {
    quantiles: QUANTILES,
    compute: (outputs, targets) =>
      quantileLoss(outputs, targets, { quantile: Array.from({ length: HORIZON }, () => QUANTILES).flat() }),
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
