import { editAlignment, editDistance, Random, tokenErrorRate } from "../../src/index.js";
import type { Evaluation, Interval, Sample } from "../task.js";
import type { Line } from "./line.js";
import { drawLine } from "./render.js";

/** 97.5 % point of the normal distribution. */
const Z = 1.959964;
const RESAMPLES = 1000;
const MISREADINGS = 5;

export const sampleOf = (line: Line, reading: string): Sample => ({
  drawing: drawLine(line),
  truth: line.text,
  reading,
});

/** How well lines were read: error rates with intervals, by length, and what is confused with what. */
export function report(lines: readonly Line[], readings: readonly string[]): Evaluation {
  const all = [...lines.keys()];
  const rates = (chosen: readonly number[]) =>
    tokenErrorRate(
      chosen.map((n) => lines[n].text),
      chosen.map((n) => readings[n]),
    );
  const row = (name: string, chosen: readonly number[]) => {
    const { rate, sequenceRate, edits } = rates(chosen);
    return [name, String(chosen.length), percent(rate), percent(sequenceRate), String(edits)];
  };
  const lengths = [...new Set(lines.map(({ text }) => text.length))].sort((a, b) => a - b);
  const byLength = lengths.map((count) => {
    const chosen = all.filter((n) => lines[n].text.length === count);
    return row(count === 1 ? "1 digit" : `${count} digits`, chosen);
  });
  const wrong = all.filter((n) => lines[n].text !== readings[n]);
  const right = all.filter((n) => lines[n].text === readings[n]);
  const { rate, sequenceRate } = rates(all);
  return {
    scores: { characterErrorRate: rate, numberErrorRate: sequenceRate },
    intervals: {
      characterErrorRate: bootstrapInterval(lines, readings),
      numberErrorRate: wilsonInterval(wrong.length, lines.length),
    },
    on: `${lines.length} unseen test lines`,
    table: [["lines of", "lines", "character error", "number error", "edits"], ...byLength, row("all", all)],
    notes: describeMisreadings(lines, readings),
    samples: [...right.slice(0, 3), ...wrong.slice(0, 2)].map((n) => sampleOf(lines[n], readings[n])),
  };
}

const percent = (share: number) => `${(100 * share).toFixed(2)} %`;

/**
 * 95 % interval of the character error rate, from lines drawn with replacement: errors of one line depend on each other
 * (Bisani and Ney 2004). Without any error there is nothing to draw, and the interval is that of independent characters.
 */
export function bootstrapInterval(lines: readonly Line[], readings: readonly string[]): Interval {
  const edits = lines.map(({ text }, n) => editDistance(text, readings[n]).distance);
  const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);
  if (sum(edits) === 0) return wilsonInterval(0, sum(lines.map(({ text }) => text.length)));
  const random = new Random(0);
  const rates = Float64Array.from({ length: RESAMPLES }, () => {
    let [wrong, total] = [0, 0];
    for (let i = 0; i < lines.length; i++) {
      const n = random.integer(lines.length);
      wrong += edits[n];
      total += lines[n].text.length;
    }
    return wrong / total;
  }).sort();
  const at = (share: number) => rates[Math.round(share * (RESAMPLES - 1))];
  return [at(0.025), at(0.975)];
}

/** 95 % interval of a share (Wilson 1927); never empty, also where the share is 0 or 1. */
export function wilsonInterval(count: number, of: number): Interval {
  if (of === 0) return [0, 1];
  const share = count / of;
  const shrink = 1 + Z ** 2 / of;
  const middle = (share + Z ** 2 / (2 * of)) / shrink;
  const half = (Z * Math.sqrt((share * (1 - share)) / of + Z ** 2 / (4 * of ** 2))) / shrink;
  return [count === 0 ? 0 : middle - half, count === of ? 1 : middle + half];
}

/** "most often misread: 4 as 9 (7 times), 1 missed (3 times)" */
function describeMisreadings(lines: readonly Line[], readings: readonly string[]): string[] {
  const counts = new Map<string, number>();
  lines.forEach(({ text }, n) => {
    for (const what of misreadings(text, readings[n])) counts.set(what, (counts.get(what) ?? 0) + 1);
  });
  const worst = [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).slice(0, MISREADINGS);
  if (worst.length === 0) return [];
  return [`most often misread: ${worst.map(([what, times]) => `${what} (${times}×)`).join(", ")}`];
}

export function misreadings(truth: string, reading: string): string[] {
  return editAlignment(truth, reading).flatMap((edit) => {
    if (edit.kind === "substitution") return [`${truth[edit.reference]} as ${reading[edit.hypothesis]}`];
    if (edit.kind === "deletion") return [`${truth[edit.reference]} missed`];
    if (edit.kind === "insertion") return [`${reading[edit.hypothesis]} too much`];
    return [];
  });
}
