import type { Day } from "./days.js";
import { HORIZON, type Origin } from "./windows.js";

/** Forecasts that need no training. A network that does no better has learnt nothing of use. */
export const BASELINES: Readonly<Record<string, (days: readonly Day[], origin: Origin) => number[]>> = {
  /** Every day will be as the last one was. */
  "as yesterday": (days, origin) => new Array<number>(HORIZON).fill(days[origin - 1].high),
  /** Every day will be as it was 365 days before. */
  "as a year ago": (days, origin) => Array.from({ length: HORIZON }, (_, h) => days[origin + h - 365].high),
};
