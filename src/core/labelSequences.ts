import { checkLengths } from "./batch.js";
import { SeqlossError } from "./errors.js";
import { isRagged, type Labels } from "./labels.js";

/** Refuses a blank that is no class. */
export function checkBlank(where: string, blank: number, classes: number): void {
  if (Number.isInteger(blank) && blank >= 0 && blank < classes) return;
  const details = { argument: "blank", expected: `a class in 0..${classes - 1}`, found: blank };
  throw new SeqlossError(where, "VALUE", details);
}

/** Real frames, under whichever of their two names they were given. */
export function readFrameLengths(
  where: string,
  { lengths, logitLengths }: { readonly lengths?: ArrayLike<number>; readonly logitLengths?: ArrayLike<number> },
): { readonly lengths?: ArrayLike<number>; readonly lengthsArgument: string } {
  if (lengths !== undefined && logitLengths !== undefined) {
    throw new SeqlossError(where, "OPTION", {
      argument: "logitLengths",
      expected: "to be left out where lengths is given",
      found: Array.from(logitLengths),
      advice: "They are two names of one option.",
    });
  }
  const given = lengths ?? logitLengths;
  return { ...(given && { lengths: given }), lengthsArgument: logitLengths === undefined ? "lengths" : "logitLengths" };
}

export interface LabelSequencesLayout {
  /** The caller's name, for messages. */
  readonly where: string;
  readonly sequences: number;
  readonly classes: number;
  /** An id that no label may have; absent where every class may be a label. */
  readonly blank?: number;
  /** Real labels of each sequence; default all that are listed. Required with flat labels of more than one sequence. */
  readonly labelLengths?: ArrayLike<number> | undefined;
}

/**
 * The labels of each sequence, which need not be as many as its steps: ragged lists, or one flat list with
 * `labelLengths`, packed end to end or padded to equal parts. What lies past a length is never read.
 *
 * @throws SeqlossError LENGTH when counts disagree, LABEL when an id is out of range or is the blank
 */
export function labelSequences(labels: Labels, layout: LabelSequencesLayout): Int32Array[] {
  const { where, sequences } = layout;
  if (!isRagged(labels) && sequences > 0) return unpack(labels, layout);
  const lists = labels as readonly ArrayLike<number>[];
  if (lists.length !== sequences) {
    throw new SeqlossError(where, "LENGTH", {
      argument: "the size of labels",
      expected: `${sequences}, one list for each sequence`,
      found: lists.length,
    });
  }
  const sizes = Array.from(lists, (list) => list?.length ?? 0);
  const lengths =
    isRagged(labels) && layout.labelLengths !== undefined
      ? checkLengths(where, "labelLengths", layout.labelLengths, sequences, sizes)
      : sizes;
  return Array.from(lists, (list, b) => readIds(layout, list, 0, lengths[b], b));
}

/** The `size` ids of sequence b that begin at `start`. */
function readIds(
  layout: LabelSequencesLayout,
  source: ArrayLike<number>,
  start: number,
  size: number,
  b: number,
): Int32Array {
  const ids = new Int32Array(size);
  for (let u = 0; u < size; u++) {
    const id = source[start + u];
    if (!isLabel(layout, id)) throw wrongLabel(layout, id, `labels[${b}][${u}]`);
    ids[u] = id;
  }
  return ids;
}

function unpack(labels: ArrayLike<number>, layout: LabelSequencesLayout): Int32Array[] {
  const { where, sequences, labelLengths } = layout;
  const size = labels.length;
  if (labelLengths === undefined && sequences > 1 && size > 0) {
    throw new SeqlossError(where, "LENGTH", {
      argument: "labelLengths",
      expected: `${sequences} lengths, to say where each sequence of the flat labels ends`,
      found: undefined,
      advice: "Or give the labels as one list for each sequence.",
    });
  }
  const given = labelLengths ?? new Int32Array(sequences).fill(sequences === 1 ? size : 0);
  const lengths = checkLengths(where, "labelLengths", given, sequences, size);
  let packed = 0;
  let longest = 0;
  for (let b = 0; b < sequences; b++) {
    packed += lengths[b];
    longest = Math.max(longest, lengths[b]);
  }
  const part = size / sequences;
  const padded = size !== packed;
  if (padded && !(Number.isInteger(part) && longest <= part)) {
    throw new SeqlossError(where, "LENGTH", {
      argument: "the size of labels",
      expected: `${packed}, the sum of labelLengths, or ${sequences} equal parts that hold the longest`,
      found: size,
    });
  }
  const unpacked: Int32Array[] = [];
  for (let b = 0, start = 0; b < sequences; b++) {
    unpacked.push(readIds(layout, labels, start, lengths[b], b));
    start += padded ? part : lengths[b];
  }
  return unpacked;
}

function isLabel({ classes, blank }: LabelSequencesLayout, id: number): boolean {
  return Number.isInteger(id) && id >= 0 && id < classes && id !== blank;
}

function wrongLabel({ where, classes, blank }: LabelSequencesLayout, id: number, argument: string): SeqlossError {
  const expected = `an id in 0..${classes - 1}${blank === undefined ? "" : ` other than the blank ${blank}`}`;
  if (id !== blank) return new SeqlossError(where, "LABEL", { argument, expected, found: id });
  const advice =
    "Labels hold no blanks: CTC puts them between the labels. If this id is a symbol, choose another blank.";
  return new SeqlossError(where, "LABEL", { argument, expected, found: id, advice });
}
