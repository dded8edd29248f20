import type { ReadBatch } from "./batch.js";
import type { Finding } from "./finding.js";
import { counted, listed } from "./phrases.js";

interface Place {
  readonly b: number;
  readonly u: number;
  readonly id: number;
}

/** Labels that are no class, and blanks among CTC's labels. */
export function checkLabels({ outputs, labels, kind, options }: ReadBatch): Finding[] {
  if (outputs === undefined || labels === undefined) return [];
  const places = labels.flatMap((list, b) => list.map((id, u) => ({ b, u, id })));
  const { width } = outputs;
  const outside = places.filter(
    ({ id }) => id !== options.ignoreIndex && !(Number.isInteger(id) && id >= 0 && id < width),
  );
  const blank = (options.blank ?? 0) as number;
  const blanks = kind?.targets === "sequences" ? places.filter(({ id }) => id === blank) : [];
  return [
    ...(outside.length > 0 ? [outOfRange(outside, places, width)] : []),
    ...(blanks.length > 0 ? [blankInLabels(blanks, labels, blank)] : []),
  ];
}

const at = ({ b, u }: Place) => `labels[${b}][${u}]`;

function outOfRange(outside: readonly Place[], all: readonly Place[], classes: number): Finding {
  const ids = [...new Set(outside.map(({ id }) => id))].sort((x, y) => x - y);
  const least = all.reduce((least, { id }) => Math.min(least, id), Number.POSITIVE_INFINITY);
  let hint = "Labels are class ids from 0; give the outputs as many classes as there are ids, or map the ids.";
  if (ids.length === 1 && ids[0] < 0) hint = `If ${ids[0]} marks steps to leave out, say so: ignoreIndex: ${ids[0]}.`;
  else if (ids.length === 1 && ids[0] === classes && least >= 1) {
    hint = "The ids seem to be counted from 1: subtract 1, or with CTC add a class for the blank.";
  }
  return {
    code: "label-out-of-range",
    severity: "error",
    title: "Labels are not among the classes",
    evidence: `${counted(outside.length, "label")} of ${all.length} outside 0..${classes - 1}: ${listed(ids)}.`,
    numbers: { labels: outside.length, classes },
    remedy: hint,
    where: at(outside[0]),
  };
}

function blankInLabels(blanks: readonly Place[], labels: readonly (readonly number[])[], blank: number): Finding {
  const trailing = blanks.every(({ b, u }) => labels[b].slice(u).every((id) => id === blank));
  return {
    code: "blank-in-labels",
    severity: "error",
    title: "The blank is among the labels",
    evidence: `${counted(blanks.length, "label")} of ${counted(new Set(blanks.map(({ b }) => b)).size, "sequence")} are ${blank}, the blank${trailing ? "; all stand at the end of their sequence, as padding does" : ""}.`,
    numbers: { labels: blanks.length, blank },
    remedy: trailing
      ? "Give labelLengths, or cut the padding off: CTC puts the blanks between labels itself."
      : "Labels hold no blanks. If this id is a symbol, choose another blank: one class more, at the end.",
    where: at(blanks[0]),
  };
}
