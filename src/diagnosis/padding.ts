import { asLists, type ReadBatch } from "./batch.js";
import type { Finding } from "./finding.js";
import { counted, percent } from "./phrases.js";

/** Padding that counts as if it were real, because no lengths, no ignored id and no weights say otherwise. */
export function checkPadding(batch: ReadBatch): Finding[] {
  const { outputs, options, lengths } = batch;
  if (outputs === undefined || options.weights !== undefined) return [];
  const findings: Finding[] = [];
  if (lengths === undefined) findings.push(...emptyTails(batch));
  const mayPad = batch.kind?.targets === "sequences" ? options.labelLengths === undefined : lengths === undefined;
  if (mayPad && options.ignoreIndex === undefined) findings.push(...labelTails(batch));
  return findings;
}

/** Last steps whose outputs are all exactly 0: no layer with a bias gives these. */
function emptyTails({ outputs, kind }: ReadBatch): Finding[] {
  if (outputs === undefined || kind === undefined) return [];
  const { data, batch, time, width, lengths } = outputs;
  const tails = Array.from(lengths, (length, b) => {
    let t = length;
    while (t > 0 && data.subarray((b * time + t - 1) * width, (b * time + t) * width).every((x) => x === 0)) t--;
    return length - t;
  });
  const steps = tails.reduce((sum, tail) => sum + tail, 0);
  const padded = tails.filter((tail) => tail > 0).length;
  // sequences of nothing but zeros are examples, or networks that give nothing: another matter
  if (steps === 0 || batch < 2 || tails.some((tail, b) => tail === lengths[b]) || (width === 1 && steps < 2)) return [];
  return [
    {
      code: "padding-counts",
      severity: "warning",
      title: "Padding seems to count",
      evidence: `The outputs are exactly 0 in the last steps of ${counted(padded, "sequence")}, ${counted(steps, "step")} in all, and no lengths are given.`,
      numbers: { sequences: padded, steps },
      remedy: "Give the real length of each sequence: lengths: [ … ]. What lies past it is then never read.",
      where: "lengths",
    },
  ];
}

/** Ends that labels in a random order would show less often than this are padding. */
const CHANCE = 1e-4;

/** One id at the end of sequences, in runs of different lengths, and nowhere else. */
function labelTails({ kind, given, labels }: ReadBatch): Finding[] {
  const lists = asLists(given.targets);
  if (labels === undefined || lists === undefined || lists.length < 2) return [];
  const size = lists[0].length;
  if (size < 2 || lists.some(({ length }) => length !== size)) return []; // ragged lists need no padding
  const id = mostFrequent(lists.map((list) => list[size - 1]));
  const runs = lists.map((list) => size - 1 - list.findLastIndex((other) => other !== id));
  const inTails = runs.reduce((sum, run) => sum + run, 0);
  const tailed = runs.filter((run) => run > 0).length;
  const padded =
    new Set(runs).size > 1 && // an end mark stands once at each end
    runs.every((run) => run < size) && // a sequence of one class throughout
    inTails === lists.flat().filter((other) => other === id).length &&
    runs.reduce((chance, run) => chance / placements(size, run), 1) < CHANCE;
  if (!padded) return [];
  const own = kind?.targets === "sequences" ? "labelLengths: [ … ]" : `lengths: [ … ], or ignoreIndex: ${id}`;
  const total = lists.length * size;
  return [
    {
      code: "padding-counts",
      severity: "warning",
      title: "Padding seems to count",
      evidence: `The id ${id} stands at the end of ${tailed} of ${lists.length} label lists, in runs of different lengths, and nowhere else: ${percent(inTails / total)} of all labels.`,
      numbers: { id, labels: inTails, share: inTails / total },
      remedy: `If ${id} is padding, say so: ${own}. Otherwise the network mostly learns to predict it.`,
      where: "labels",
    },
  ];
}

/** The ways to place `chosen` things among `size`. */
function placements(size: number, chosen: number): number {
  let ways = 1;
  for (let i = 1; i <= chosen; i++) ways = (ways * (size - chosen + i)) / i;
  return ways;
}

function mostFrequent(ids: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1);
  return [...counts].reduce((best, entry) => (entry[1] > best[1] ? entry : best))[0];
}
