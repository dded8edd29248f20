import type { LossCurve } from "./curve.js";
import type { Finding } from "./finding.js";
import { median, type ReadHistory } from "./history.js";
import { percent, rounded } from "./phrases.js";

/** What chance moves less often than once in ten thousand runs. */
const SURE = 4;
/** A whole run that lowers the loss by less has not learnt. */
const LITTLE = 0.05;
/** What chance alone shows in one run of forty: a weaker trend is none. */
const SOME = 2;
/** A curve that falls this much as fast in its second half is not coming to rest. */
const STEADY = 0.5;
/** A second half at less than this share of the highest rate falls slowly because the rate does. */
const UNDECAYED = 0.5;
/** A spread of this share of the loss, without progress, is a step that jumps over the valley. */
const WILD = 0.3;
/** A gradient this small moves nothing at usual rates. */
const TINY = 1e-5;

/** With digits enough to see a small change. */
const exact = (x: number) => String(Number(x.toPrecision(5)));

/** A loss that falls steadily but hardly at all (a rate that is too low), or does not fall. */
export function checkProgress({ learningRates, gradientNorms }: ReadHistory, curve: LossCurve): Finding[] {
  const { steps, start, tenths, last, best, spread, error, startError, trend, lateHigh } = curve;
  const drop = start - last;
  const relative = drop / Math.abs(start);
  const rates = learningRates.filter(Number.isFinite);
  const highest = Math.max(...rates);
  const undecayed = rates.length === 0 || median(rates.slice(rates.length >> 1)) >= UNDECAYED * highest;
  const halfway = (tenths[4] + tenths[5]) / 2;
  const rate = rates.length === 0 ? "" : ` The learning rate went up to ${rounded(highest)}.`;
  const numbers = { start, last, best, relative, perStep: relative / steps };
  const certain = drop > SURE * Math.hypot(error, startError);
  if (certain && relative < LITTLE && halfway - last >= STEADY * (start - halfway) && undecayed) {
    return [
      {
        code: "rate-too-low",
        severity: "warning",
        title: "The loss falls steadily, but hardly at all: the learning rate is too low",
        evidence: `From ${exact(start)} to ${exact(last)} in ${steps} steps: ${percent(relative)}, or ${percent(relative / steps)} a step, as fast at the end as in the middle.${rate}`,
        numbers,
        remedy: "Multiply the learning rate by 10, and again, until the loss falls by some percent in a hundred steps.",
      },
    ];
  }
  // most of the fall may lie in the first steps, which show no trend
  if (trend < -SOME || start > lateHigh) return [];
  const norms = gradientNorms.filter(Number.isFinite);
  const norm = norms.length === 0 ? Number.NaN : median(norms);
  const cause =
    spread > WILD * Math.abs(last)
      ? `It jumps by ${rounded(spread)} from step to step: the learning rate is likely too high. Divide it by 10.`
      : norm < TINY
        ? `The gradient's norm is ${rounded(norm)}: hardly any of it arrives. Look at saturated outputs, dead units and vanishing gradients (diagnose the run, or a batch).`
        : "Check that inputs and labels belong together; then train on one batch alone: a network that cannot learn that by heart has a fault. Then try other learning rates.";
  return [
    {
      code: "no-progress",
      severity: "warning",
      title: "The loss does not fall",
      evidence: `It began at ${exact(start)} and is ${exact(last)} after ${steps} steps; the best tenth of the run had ${exact(best)}.${rate}`,
      numbers: { ...numbers, spread, ...(Number.isFinite(norm) && { gradientNorm: norm }) },
      remedy: cause,
    },
  ];
}

/** A drop of this share in the last fifth is worth going on for. */
const WORTHWHILE = 0.05;

/** A run that was ended while it still learnt, or before its last step. */
export function checkEnd({ steps, planned }: ReadHistory, curve: LossCurve | undefined): Finding[] {
  const reached = steps.at(-1);
  if (planned !== undefined && reached !== undefined && reached < planned) {
    return [
      {
        code: "unfinished",
        severity: "note",
        title: "The run has not reached its last step",
        evidence: `It is at step ${reached} of ${planned}.`,
        numbers: { step: reached, planned },
        remedy: "Go on with it before judging: learning rates that fall towards the end do much of the work.",
        where: `step ${reached}`,
      },
    ];
  }
  if (curve === undefined) return [];
  const { tenths, error, last } = curve;
  const before = (tenths[6] + tenths[7]) / 2;
  const now = (tenths[8] + tenths[9]) / 2;
  if (!(before - now > Math.max(SURE * error, WORTHWHILE * Math.abs(last)))) return [];
  return [
    {
      code: "still-falling",
      severity: "note",
      title: "The loss was still falling at the end",
      evidence: `From ${rounded(before)} in the last fifth but one to ${rounded(now)} in the last.`,
      numbers: { before, now },
      remedy: "Train longer: as many steps again, with a schedule that ends with them.",
    },
  ];
}
