import type { Sample } from "../train/settings.js";
import recorded from "./recordedRun.json" with { type: "json" };

/** A run that was trained when the lab was made: what the page shows before anything is trained. */
export interface RecordedRun {
  readonly losses: readonly number[];
  readonly gradientNorms: readonly number[];
  readonly samples: readonly Sample[];
}

export const recordedRun = (): RecordedRun => recorded;
