import {
  bootstrapInterval,
  editAlignment,
  editDistance,
  Random,
  tokenErrorRate,
  wordErrorRate,
} from "../../src/index.js";
import { wilsonInterval } from "../numbers/report.js";
import type { Evaluation, Interval, Sample, Scores } from "../task.js";

const CONFUSIONS = 5;
/** Texts tried as the one to write always, and texts it is judged on. */
const CONSTANTS = 200;

/** What the scores of a task are called: of symbols, of words where texts have several, of whole texts. */
export interface ScoreNames {
  readonly symbols: string;
  readonly words?: string;
  readonly texts: string;
}

/** How the same texts were read. */
export interface Reading {
  /** "greedy" */
  readonly name: string;
  readonly readings: readonly string[];
}

export interface ReadingReport<Example extends { readonly text: string }> {
  readonly names: ScoreNames;
  readonly examples: readonly Example[];
  /** The first is scored; the others have a row in the table. */
  readonly read: readonly [Reading, ...Reading[]];
  /** Rows of the table for some of the examples. */
  readonly groupOf?: (example: Example) => string;
  /** The texts of training: the best of them written always is the naive baseline. */
  readonly known: readonly string[];
  readonly on: string;
  readonly notes: readonly string[];
  draw(example: Example, reading: string): readonly string[];
}

const percent = (share: number) => `${(100 * share).toFixed(2)} %`;

export function readingScores(names: ScoreNames, truths: readonly string[], readings: readonly string[]): Scores {
  const { rate, sequenceRate } = tokenErrorRate(truths, readings);
  const words = names.words === undefined ? {} : { [names.words]: wordErrorRate(truths, readings).rate };
  return { [names.symbols]: rate, ...words, [names.texts]: sequenceRate };
}

/** A row of the report's table: what was read and how, how many, and the scores. */
export function readingRow(
  names: ScoreNames,
  title: string,
  examples: readonly { readonly text: string }[],
  readings: readonly string[],
): string[] {
  const truths = examples.map(({ text }) => text);
  return [title, String(truths.length), ...Object.values(readingScores(names, truths, readings)).map(percent)];
}

/** How well texts were read: error rates with intervals beside the naive ones, by group, and what was confused with what. */
export function readingReport<Example extends { readonly text: string }>(report: ReadingReport<Example>): Evaluation {
  const { names, examples, read, groupOf, known, on, notes, draw } = report;
  const [{ name, readings }] = read;
  const truths = examples.map(({ text }) => text);
  const all = [...truths.keys()];
  const row = (title: string, chosen: readonly number[], from: readonly string[]) =>
    readingRow(
      names,
      title,
      chosen.map((n) => examples[n]),
      chosen.map((n) => from[n]),
    );
  const groups = groupOf === undefined ? [] : [...new Set(examples.map(groupOf))].sort();
  const constant = bestConstant(known);
  const right = all.filter((n) => truths[n] === readings[n]);
  const wrong = all.filter((n) => truths[n] !== readings[n]);
  const sampleOf = (n: number): Sample => ({
    drawing: draw(examples[n], readings[n]),
    truth: truths[n],
    reading: readings[n],
  });
  const head = [names.symbols, ...(names.words === undefined ? [] : [names.words]), names.texts].map(words);
  return {
    scores: readingScores(names, truths, readings),
    intervals: intervalsOf(names, truths, readings),
    on,
    table: [
      ["read", "texts", ...head],
      row(
        `always "${constant}"`,
        all,
        truths.map(() => constant),
      ),
      ...groups.map((group) =>
        row(
          `${name}, ${group}`,
          all.filter((n) => groupOf?.(examples[n]) === group),
          readings,
        ),
      ),
      ...read.map((one) => row(one.name, all, one.readings)),
    ],
    notes: [...describeConfusions(truths, readings), ...notes],
    samples: [...right.slice(0, 2), ...wrong.slice(0, 2)].map(sampleOf),
  };
}

/** "character error" of characterErrorRate */
const words = (name: string) =>
  name
    .replace(/Rate$/, "")
    .replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
    .trim();

function intervalsOf(
  names: ScoreNames,
  truths: readonly string[],
  readings: readonly string[],
): Record<string, Interval> {
  const ofRate = (rateOf: (truth: string, reading: string) => { edits: number; length: number }) => {
    const rows = truths.map((text, n) => {
      const { edits, length } = rateOf(text, readings[n]);
      return [edits, length];
    });
    const edits = rows.reduce((sum, [count]) => sum + count, 0);
    const length = rows.reduce((sum, [, count]) => sum + count, 0);
    // without any error there is nothing to draw: the interval of independent symbols
    return edits === 0 ? wilsonInterval(0, length) : bootstrapInterval(rows, ([wrong, of]) => wrong / Math.max(1, of));
  };
  const wrong = truths.filter((text, n) => text !== readings[n]).length;
  return {
    [names.symbols]: ofRate((truth, reading) => tokenErrorRate([truth], [reading])),
    ...(names.words !== undefined && { [names.words]: ofRate(wordErrorRate) }),
    [names.texts]: wilsonInterval(wrong, truths.length),
  };
}

/** Of some of the known texts, the one that is nearest to the others: what a reader without eyes would write. */
export function bestConstant(known: readonly string[]): string {
  const random = new Random(0);
  const some = Array.from({ length: CONSTANTS }, () => known[random.integer(known.length)]);
  const cost = (text: string) => some.reduce((sum, other) => sum + editDistance(other, text).distance, 0);
  const tried = [...new Set(some)].map((text) => ({ text, cost: cost(text) }));
  return tried.reduce((best, one) => (one.cost < best.cost ? one : best)).text;
}

/** "most often misread: 4 as 9 (7×), 1 missed (3×)" */
function describeConfusions(truths: readonly string[], readings: readonly string[]): string[] {
  const counts = new Map<string, number>();
  const named = (symbol: string) => (symbol === " " ? "a space" : symbol);
  truths.forEach((truth, n) => {
    for (const edit of editAlignment(truth, readings[n])) {
      if (edit.kind === "match") continue;
      const what =
        edit.kind === "insertion"
          ? `${named(readings[n][edit.hypothesis])} too much`
          : edit.kind === "deletion"
            ? `${named(truth[edit.reference])} missed`
            : `${named(truth[edit.reference])} as ${named(readings[n][edit.hypothesis])}`;
      counts.set(what, (counts.get(what) ?? 0) + 1);
    }
  });
  const worst = [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).slice(0, CONFUSIONS);
  if (worst.length === 0) return [];
  return [`most often misread: ${worst.map(([what, times]) => `${what} (${times}×)`).join(", ")}`];
}
