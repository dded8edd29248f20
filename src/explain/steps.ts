import type { Batch } from "../core/batch.js";
import { plural, type Step } from "./step.js";

/** Sequences, and steps of each, that are shown in full. */
const SEQUENCES = 3;
const STEPS = 8;

/** What `explain` says of each real step, and how many more there are like those shown. */
export function eachRealStep({ batch, lengths }: Batch, describe: (b: number, t: number) => readonly Step[]): Step[] {
  const shown: Step[] = [];
  for (let b = 0; b < Math.min(batch, SEQUENCES); b++) {
    for (let t = 0; t < Math.min(lengths[b], STEPS); t++) shown.push(...describe(b, t));
    if (lengths[b] > STEPS)
      shown.push({ title: `sequence ${b}: ${plural(lengths[b] - STEPS, "more step")} like these` });
  }
  if (batch > SEQUENCES) shown.push({ title: `${plural(batch - SEQUENCES, "more sequence")} like these` });
  return shown;
}
