import { wilsonInterval } from "../numbers/report.js";
import type { Evaluation, Interval, Sample, Scores } from "../task.js";
import type { LabelledText, TextSource } from "./texts.js";

/** What was decided of a text that is, or is not, of the class that is looked for. */
interface Counts {
  readonly right: number;
  readonly all: number;
  readonly caught: number;
  readonly positives: number;
  readonly blocked: number;
  readonly negatives: number;
}

function countDecisions(texts: readonly LabelledText[], decisions: readonly boolean[]): Counts {
  const count = (test: (positive: boolean, decided: boolean) => boolean) =>
    texts.filter(({ positive }, n) => test(positive, decisions[n])).length;
  return {
    right: count((positive, decided) => positive === decided),
    all: texts.length,
    caught: count((positive, decided) => positive && decided),
    positives: count((positive) => positive),
    blocked: count((positive, decided) => !positive && decided),
    negatives: count((positive) => !positive),
  };
}

export function scoresOf(texts: readonly LabelledText[], decisions: readonly boolean[]): Scores {
  const { right, all, caught, positives, blocked, negatives } = countDecisions(texts, decisions);
  return { accuracy: right / all, caught: caught / Math.max(1, positives), blocked: blocked / Math.max(1, negatives) };
}

interface Decided {
  readonly name: string;
  readonly decisions: readonly boolean[];
}

/** How many texts were decided rightly, beside what only counts; and which ones were not. */
export function report(
  { title, classes, notes }: TextSource,
  texts: readonly LabelledText[],
  decisions: readonly boolean[],
  baselines: readonly Decided[],
  sampleOf: (text: LabelledText) => Sample,
): Evaluation {
  const { right, all, caught, positives, blocked, negatives } = countDecisions(texts, decisions);
  const intervals: Record<string, Interval> = {
    accuracy: wilsonInterval(right, all),
    caught: wilsonInterval(caught, positives),
    blocked: wilsonInterval(blocked, negatives),
  };
  const percent = (share: number) => `${(100 * share).toFixed(2)} %`;
  const rows = [{ name: "the network", decisions }, ...baselines].map(({ name, decisions: own }) => [
    name,
    ...Object.values(scoresOf(texts, own)).map(percent),
  ]);
  const missed = texts.filter(({ positive }, n) => positive !== decisions[n]);
  const found = texts.filter(({ positive }, n) => positive === decisions[n]);
  return {
    scores: scoresOf(texts, decisions),
    intervals,
    on: `${all.toLocaleString("en")} unseen ${title}, ${positives.toLocaleString("en")} of them ${classes.positive}`,
    table: [["decided by", "right", `${classes.positive} caught`, `${classes.negative} taken for it`], ...rows],
    notes,
    samples: [...found.slice(0, 2), ...missed.slice(0, 2)].map(sampleOf),
  };
}
