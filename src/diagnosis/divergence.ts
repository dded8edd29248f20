import type { LossCurve } from "./curve.js";
import type { Finding } from "./finding.js";
import { median, type ReadHistory } from "./history.js";
import { counted, percent, rounded } from "./phrases.js";

/** One step skipped in this many is a rare bad batch; more are a run that breaks down. */
const RARE = 0.01;
/** What chance moves less often than once in ten thousand runs. */
const SURE = 4;
/** A rise of this share of the start is worth an alarm. */
const CLEARLY = 0.2;
/** A single first loss may be low by chance; not by half. */
const DOUBLED = 1;
/** Of the steps in the last half. */
const MOSTLY = 0.95;

/** Losses or gradients that were not finite, and the steps that were skipped for it. */
export function checkSkipped({ steps, losses, gradientNorms, skipped }: ReadHistory): Finding[] {
  const bad = steps.flatMap((_, i) => (skipped[i] || !Number.isFinite(losses[i]) ? [i] : []));
  if (bad.length === 0) return [];
  const share = bad.length / steps.length;
  const atTheEnd = bad.at(-1) === steps.length - 1;
  const before = gradientNorms.slice(0, bad[0]).at(-1);
  const grown =
    before === undefined || Number.isNaN(before) ? "" : ` The gradient's norm was ${rounded(before)} the step before.`;
  return [
    {
      code: "steps-skipped",
      severity: share > RARE || atTheEnd ? "error" : "warning",
      title: "Losses or gradients are not finite",
      evidence: `${counted(bad.length, "step")} of ${steps.length} (${percent(share)}), from step ${steps[bad[0]]}${atTheEnd ? " to the last" : ""}.${grown} The weights do not change in such a step.`,
      numbers: { steps: bad.length, share, first: steps[bad[0]] },
      remedy:
        "If it begins with the run, look for NaN in the data and for labels that do not fit (diagnose the batch of that step). If it begins later, lower the learning rate, warm it up, or clip gradients.",
      where: `step ${steps[bad[0]]}`,
    },
  ];
}

/** A loss that ends above where it began, or gives back most of what it had gained: mostly a rate that is too high. */
export function checkRise({ losses, learningRates, clip }: ReadHistory, curve: LossCurve): Finding[] {
  const { first, start, best, last, error, startError } = curve;
  const highest = Math.max(...learningRates.filter(Number.isFinite));
  const rate = Number.isFinite(highest) ? ` The learning rate went up to ${rounded(highest)}.` : "";
  const numbers = { first, start, best, last, ...(Number.isFinite(highest) && { learningRate: highest }) };
  const remedy = `Divide the learning rate by 3 to 10, or warm it up over some hundred steps${clip === undefined ? ", and clip gradients by their global norm" : ""}.`;
  // one large step at the very start leaves nothing else to compare with than the first loss
  const late = losses.slice(losses.length >> 1).filter(Number.isFinite);
  const ruined =
    late.filter((loss) => loss > first).length >= MOSTLY * late.length &&
    median(late) - first > DOUBLED * Math.abs(first);
  if (ruined || last - start > Math.max(SURE * Math.hypot(error, startError), CLEARLY * Math.abs(start))) {
    return [
      {
        code: "loss-diverges",
        severity: "error",
        title: "The loss grows: the learning rate is too high",
        evidence: `It began at ${rounded(first)} and is ${rounded(last)} in the last tenth of the run; the best tenth had ${rounded(best)}.${rate}`,
        numbers,
        remedy,
      },
    ];
  }
  if (last - best > Math.max(SURE * Math.SQRT2 * error, (start - best) / 2)) {
    return [
      {
        code: "loss-rises",
        severity: "warning",
        title: "The loss rises again",
        evidence: `It fell from ${rounded(start)} to ${rounded(best)} and is back at ${rounded(last)}.${rate}`,
        numbers,
        remedy: `${remedy} Or lower it over the run (warmupCosine), and keep the weights of the best validation.`,
      },
    ];
  }
  return [];
}
