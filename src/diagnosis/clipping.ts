import type { Finding } from "./finding.js";
import { median, type ReadHistory } from "./history.js";
import { counted, percent, rounded } from "./phrases.js";

/** Fewer norms show no share. */
const FEWEST = 20;
/** Where nearly every gradient is clipped, its size no longer counts: only the learning rate sets the step. */
const MOSTLY = 0.9;
/** A norm this many times those around it is a spike. */
const SPIKE = 50;
/** Norms on either side that a spike is compared with. */
const AROUND = 10;

/** @param stuck whether the loss does not fall: only then is much clipping a fault */
export function checkClipping({ gradientNorms, clip }: ReadHistory, stuck: boolean): Finding[] {
  const late = gradientNorms.slice(gradientNorms.length >> 1).filter(Number.isFinite);
  if (clip === undefined || late.length < FEWEST) return [];
  const share = late.filter((norm) => norm > clip).length / late.length;
  if (share < MOSTLY) return [];
  const middle = median(late);
  return [
    {
      code: "mostly-clipped",
      severity: stuck ? "warning" : "note",
      title: "Nearly every gradient is clipped",
      evidence: `In the second half ${percent(share)} of the gradients are above the limit of ${rounded(clip)}; their median norm is ${rounded(middle)}.`,
      numbers: { share, clip, median: middle },
      remedy: `Clipping is for rare steps. Raise the limit to about ${rounded(2 * middle)}, and lower the learning rate if the loss then jumps.`,
    },
  ];
}

/** Gradients far larger than those of the steps around them. */
export function checkSpikes({ steps, gradientNorms, clip }: ReadHistory): Finding[] {
  if (gradientNorms.length < FEWEST) return [];
  const spikes = gradientNorms.flatMap((norm, i) => {
    const around = gradientNorms
      .slice(Math.max(0, i - AROUND), i + AROUND + 1)
      .filter((other, j, { length }) => Number.isFinite(other) && length > 0 && j !== Math.min(i, AROUND));
    return around.length > 0 && norm > SPIKE * median(around) ? [i] : [];
  });
  if (spikes.length === 0) return [];
  const largest = spikes.reduce((most, i) => (gradientNorms[i] > gradientNorms[most] ? i : most));
  return [
    {
      code: "gradient-spikes",
      severity: clip === undefined ? "warning" : "note",
      title: "Single gradients are far larger than their neighbours",
      evidence: `${counted(spikes.length, "step")} of ${steps.length}, above ${SPIKE} times the steps around; the largest norm is ${rounded(gradientNorms[largest])} at step ${steps[largest]}. ${clip === undefined ? "They are not clipped." : `They are clipped to ${rounded(clip)}.`}`,
      numbers: { spikes: spikes.length, largest: gradientNorms[largest] },
      remedy:
        clip === undefined
          ? `Clip gradients by their global norm, at about ${rounded(2 * median(gradientNorms.filter(Number.isFinite)))}: twice their median.`
          : "Look at the batches of these steps: very long sequences, or labels that belong to others.",
      where: `step ${steps[largest]}`,
    },
  ];
}
