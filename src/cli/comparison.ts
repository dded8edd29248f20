import type { Interval, Scores, Task } from "../../tasks/task.js";
import { type Summary, summarise } from "./studentT.js";

/** One trained and evaluated run of a comparison. */
export interface ComparedRun {
  readonly loss: string;
  readonly seed: number;
  /** On test data. */
  readonly scores: Scores;
  /** The task's first score on validation data: after which step, and how much. */
  readonly curve: readonly CurvePoint[];
}

export type CurvePoint = readonly [step: number, value: number];

export interface ScoreSummary extends Summary {
  /** One for each seed, in their order. */
  readonly values: readonly number[];
}

export type Verdict = "better" | "worse" | "not told apart";

/** How much more of a score one loss has than another, seed by seed. */
export interface PairedDifference extends Summary {
  readonly score: string;
  readonly loss: string;
  readonly than: string;
  /** By its interval; absent where there is none. */
  readonly verdict?: Verdict;
}

export interface Comparison {
  readonly losses: readonly string[];
  readonly seeds: readonly number[];
  /** By loss, then by score. */
  readonly scores: Readonly<Record<string, Readonly<Record<string, ScoreSummary>>>>;
  /** Of each loss from the first. */
  readonly differences: readonly PairedDifference[];
  /** By loss: the mean over the seeds wherever each has a number. */
  readonly curves: Readonly<Record<string, readonly CurvePoint[]>>;
}

/** Sums up runs of several losses, each with the same seeds. */
export function compareRuns(runs: readonly ComparedRun[], kinds: Task["scores"]): Comparison {
  const losses = [...new Set(runs.map(({ loss }) => loss))];
  const seeds = [...new Set(runs.map(({ seed }) => seed))].sort((a, b) => a - b);
  const names = Object.keys(kinds);
  const bySeed = (loss: string) =>
    seeds.map((seed) => runs.find((run) => run.loss === loss && run.seed === seed) as ComparedRun);
  const valuesOf = (loss: string, name: string) => bySeed(loss).map(({ scores }) => scores[name]);
  const [first, ...others] = losses;
  return {
    losses,
    seeds,
    scores: byName(losses, (loss) =>
      byName(names, (name) => {
        const values = valuesOf(loss, name);
        return { ...summarise(values), values };
      }),
    ),
    differences: others.flatMap((loss) =>
      names.map((score) => {
        const base = valuesOf(first, score);
        const summary = summarise(valuesOf(loss, score).map((value, n) => value - base[n]));
        const verdict = judge(summary.interval, kinds[score].better);
        return { score, loss, than: first, ...summary, ...(verdict && { verdict }) };
      }),
    ),
    curves: byName(losses, (loss) => meanCurve(bySeed(loss).map(({ curve }) => curve))),
  };
}

const byName = <Value>(names: readonly string[], make: (name: string) => Value): Record<string, Value> =>
  Object.fromEntries(names.map((name) => [name, make(name)]));

function judge(interval: Interval | undefined, better: "less" | "more"): Verdict | undefined {
  if (interval === undefined) return undefined;
  const [low, high] = interval;
  if (low <= 0 && high >= 0) return "not told apart";
  return low > 0 === (better === "more") ? "better" : "worse";
}

function meanCurve([first, ...others]: readonly (readonly CurvePoint[])[]): CurvePoint[] {
  return first.flatMap(([step, value]): CurvePoint[] => {
    const values = [value, ...others.map((curve) => curve.find((point) => point[0] === step)?.[1] ?? Number.NaN)];
    return values.every(Number.isFinite) ? [[step, summarise(values).mean]] : [];
  });
}
