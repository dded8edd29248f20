import { corpusBleu, corpusChrf, editAlignment, editDistance, Random } from "../../src/index.js";
import { wilsonInterval } from "../numbers/report.js";
import type { Evaluation, Interval, Sample, Scores } from "../task.js";
import type { Example, TextPair } from "./corpus.js";

const RESAMPLES = 1000;
const CONFUSIONS = 5;
/** Sources are grouped by length in the table, so many lengths to a row. */
const STEP = 3;

/** What was written of an example, beside the reference that is nearest to it. */
interface Compared {
  readonly example: Example;
  readonly written: readonly string[];
  readonly nearest: readonly string[];
  readonly edits: number;
}

function compare(examples: readonly Example[], written: readonly (readonly string[])[]): Compared[] {
  return examples.map((example, n) => {
    const distances = example.references.map((reference) => editDistance(reference, written[n]).distance);
    const edits = Math.min(...distances);
    return { example, written: written[n], nearest: example.references[distances.indexOf(edits)], edits };
  });
}

const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);
const symbolErrorRate = (all: readonly Compared[]) =>
  sum(all.map(({ edits }) => edits)) / Math.max(1, sum(all.map(({ nearest }) => nearest.length)));
const wrong = (all: readonly Compared[]) => all.filter(({ edits }) => edits > 0);

/** BLEU and chrF as sacreBLEU computes them, of small letters, as shares. */
function textScores(pair: TextPair, all: readonly Compared[], resamples = 0) {
  const hypotheses = all.map(({ written }) => pair.join(written));
  const references = all.map(({ example }) => example.references.map(pair.join));
  return {
    bleu: corpusBleu(hypotheses, references, { resamples }),
    chrf: corpusChrf(hypotheses, references, { resamples }),
  };
}

function scoresOf(pair: TextPair, all: readonly Compared[]): Scores {
  if (pair.unit === "word") {
    const { bleu, chrf } = textScores(pair, all);
    return { bleu: bleu.score / 100, chrf: chrf.score / 100, symbolErrorRate: symbolErrorRate(all) };
  }
  return { wordErrorRate: wrong(all).length / all.length, symbolErrorRate: symbolErrorRate(all) };
}

export function scores(pair: TextPair, examples: readonly Example[], written: readonly (readonly string[])[]): Scores {
  return scoresOf(pair, compare(examples, written));
}

/** How well examples were written: error rates with intervals, by the length of the source, and what was mistaken for what. */
export function report(
  pair: TextPair,
  examples: readonly Example[],
  written: readonly (readonly string[])[],
  drawingOf: (example: Example, written: readonly string[]) => readonly string[],
): Evaluation {
  const all = compare(examples, written);
  const sampleOf = ({ example, written: own, nearest }: Compared): Sample => ({
    drawing: drawingOf(example, own),
    truth: pair.join(nearest),
    reading: pair.join(own),
    between: " ",
  });
  const percent = (share: number) => `${(100 * share).toFixed(2)} %`;
  const row = (name: string, some: readonly Compared[]) => {
    const scored = Object.values(scoresOf(pair, some)).map(percent);
    return [name, String(some.length), ...scored];
  };
  const groupOf = ({ example }: Compared) => Math.floor((example.source.length - 1) / STEP);
  const groups = [...new Set(all.map(groupOf))].sort((a, b) => a - b);
  const byLength = groups.map((group) => {
    const name = `${STEP * group + 1}-${STEP * group + STEP}`;
    return row(
      name,
      all.filter((one) => groupOf(one) === group),
    );
  });
  const head = pair.unit === "word" ? ["BLEU", "chrF", "word edits"] : ["words wrong", "phone errors"];
  const right = all.filter(({ edits }) => edits === 0);
  return {
    scores: scoresOf(pair, all),
    intervals: intervalsOf(pair, all),
    on: `${all.length.toLocaleString("en")} unseen ${pair.title}`,
    table: [[`symbols read`, "of them", ...head], ...byLength, row("all", all)],
    notes: [...describeConfusions(all), ...(pair.published === undefined ? [] : [`Published: ${pair.published}`])],
    samples: [...right.slice(0, 2), ...wrong(all).slice(0, 2)].map(sampleOf),
  };
}

/** Of examples drawn with replacement (Bisani and Ney 2004); of a share of examples, Wilson's. */
function intervalsOf(pair: TextPair, all: readonly Compared[]): Record<string, Interval> {
  const random = new Random(0);
  const drawn = Array.from({ length: RESAMPLES }, () => {
    const some = all.map(() => all[random.integer(all.length)]);
    return symbolErrorRate(some);
  }).sort((a, b) => a - b);
  const at = (share: number) => drawn[Math.round(share * (RESAMPLES - 1))];
  const symbols: Interval = [at(0.025), at(0.975)];
  if (pair.unit === "word") {
    const { bleu, chrf } = textScores(pair, all, RESAMPLES);
    const shares = ([low, high]: Interval): Interval => [low / 100, high / 100];
    return {
      ...{ bleu: shares(bleu.interval as Interval), chrf: shares(chrf.interval as Interval) },
      symbolErrorRate: symbols,
    };
  }
  return { wordErrorRate: wilsonInterval(wrong(all).length, all.length), symbolErrorRate: symbols };
}

/** "most often mistaken: ɛ for e (7 times), t missed (3 times)" */
function describeConfusions(all: readonly Compared[]): string[] {
  const counts = new Map<string, number>();
  for (const { nearest, written } of wrong(all)) {
    let [i, j] = [0, 0];
    for (const { kind } of editAlignment(nearest, written)) {
      const truth = kind === "insertion" ? "" : nearest[i++];
      const own = kind === "deletion" ? "" : written[j++];
      if (kind === "match") continue;
      const what =
        kind === "insertion" ? `${own} added` : kind === "deletion" ? `${truth} missed` : `${own} for ${truth}`;
      counts.set(what, (counts.get(what) ?? 0) + 1);
    }
  }
  const worst = [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).slice(0, CONFUSIONS);
  if (worst.length === 0) return [];
  return [
    `most often mistaken: ${worst.map(([what, n]) => `${what} (${n} ${n === 1 ? "time" : "times"})`).join(", ")}`,
  ];
}
