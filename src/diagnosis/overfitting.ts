import type { Finding } from "./finding.js";
import { median, type ReadHistory } from "./history.js";
import { rounded } from "./phrases.js";

/** Validations after the best one that show a course. */
const AFTER = 4;
/** A score worse by this share than the best one was. */
const WORSE = 0.1;
/** The training loss since then, to speak of overfitting. */
const FELL = 0.05;
/** Differences of neighbouring validations that a real change exceeds. */
const BEYOND_NOISE = 3;

const LOWER = /loss|error|rate|perplexity|distance|deviation|mae|mse|rmse/i;
const HIGHER = /accuracy|recall|precision|f1|bleu|chrf|reward|return/i;

/** A score that grows worse while the training loss falls. Of the scores, the first whose name says which way is better. */
export function checkOverfitting({ steps, losses, scores }: ReadHistory): Finding[] {
  const named = [...scores].find(([name]) => HIGHER.test(name) || LOWER.test(name));
  if (named === undefined) return [];
  const [name, points] = named;
  const sign = HIGHER.test(name) ? -1 : 1;
  const values = points.map(({ value }) => sign * value);
  const best = values.indexOf(Math.min(...values));
  const after = values.slice(best + 1);
  if (best < 0 || after.length < AFTER) return [];
  const now = median(after.slice(-3));
  const noise = median(values.slice(1).map((value, i) => Math.abs(value - values[i])));
  const worse = now - values[best];
  if (!(worse > Math.max(WORSE * Math.abs(values[best]), BEYOND_NOISE * noise))) return [];
  const around = (step: number) => {
    const near = losses.filter((loss, i) => Math.abs(steps[i] - step) <= span(steps) && Number.isFinite(loss));
    return near.length === 0 ? Number.NaN : median(near);
  };
  const [then, last] = [around(points[best].step), around(steps.at(-1) ?? 0)];
  if (!(then - last > FELL * Math.abs(then))) return [];
  return [
    {
      code: "overfitting",
      severity: "warning",
      title: "The network learns its training data by heart",
      evidence: `${name} was best at step ${points[best].step} with ${rounded(sign * values[best])} and is ${rounded(sign * now)} now, while the training loss fell from ${rounded(then)} to ${rounded(last)}.`,
      numbers: { best: sign * values[best], now: sign * now, lossThen: then, lossNow: last, step: points[best].step },
      remedy:
        "Take the weights of the best validation. Then more data or distortions of it, dropout, weight decay (adamW), or a smaller network; or stop there.",
      where: `step ${points[best].step}`,
    },
  ];
}

/** Steps around a validation whose losses are taken together: a twentieth of the run. */
const span = (steps: readonly number[]) => ((steps.at(-1) ?? 0) - (steps[0] ?? 0)) / 20;
