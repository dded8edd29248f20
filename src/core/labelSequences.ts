import { checkLengths } from "./batch.js";
import { SeqlossError } from "./errors.js";
import { isRagged, type Labels } from "./labels.js";
import { NO_INTEGERS } from "./tensor.js";
import { type Reused, Workspace } from "./workspace.js";

/** Refuses a blank that is no class. */
export function checkBlank(where: string, blank: number, classes: number): void {
  if (Number.isInteger(blank) && blank >= 0 && blank < classes) return;
  const details = { argument: "blank", expected: `a class in 0..${classes - 1}`, found: blank };
  throw new SeqlossError(where, "VALUE", details);
}

/** Real frames, under whichever of their two names they were given: `lengths`, or `logitLengths`. */
export function frameLengths(
  where: string,
  { lengths, logitLengths }: { readonly lengths?: ArrayLike<number>; readonly logitLengths?: ArrayLike<number> },
): ArrayLike<number> | undefined {
  if (lengths !== undefined && logitLengths !== undefined) {
    throw new SeqlossError(where, "OPTION", {
      argument: "logitLengths",
      expected: "to be left out where lengths is given",
      found: Array.from(logitLengths),
      advice: "They are two names of one option.",
    });
  }
  return lengths ?? logitLengths;
}

export interface LabelSequencesLayout {
  /** The caller's name, for messages. */
  readonly where: string;
  readonly sequences: number;
  readonly classes: number;
  /** An id that no label may have; absent where every class may be a label. */
  readonly blank?: number | undefined;
  /** Real labels of each sequence; default all that are listed. Required with flat labels of more than one sequence. */
  readonly labelLengths?: ArrayLike<number> | undefined;
}

/** The labels of all sequences end to end. */
export interface PackedLabels {
  readonly ids: Int32Array;
  /** [B + 1]: those of sequence b are ids[starts[b]] to ids[starts[b + 1] − 1]. */
  readonly starts: Int32Array;
}

/** Those of no sequence. */
export const NO_LABELS: PackedLabels = { ids: NO_INTEGERS, starts: new Int32Array(1) };

/** Labels that are read, and how they are. */
class ReusedLabels implements PackedLabels, LabelSequencesLayout, Reused {
  where = "";
  sequences = 0;
  classes = 0;
  blank: number | undefined = undefined;
  labelLengths: ArrayLike<number> | undefined = undefined;
  ids = NO_INTEGERS;
  starts = NO_LABELS.starts;

  forget(): void {
    this.labelLengths = undefined;
  }
}

/** The labels of sequence b, where they lie. */
export function labelsOf({ ids, starts }: PackedLabels, b: number): Int32Array {
  return ids.subarray(starts[b], starts[b + 1]);
}

/** The labels of each sequence, in an array of their own. */
export function labelLists(packed: PackedLabels): Int32Array[] {
  return Array.from({ length: packed.starts.length - 1 }, (_, b) => labelsOf(packed, b).slice());
}

/** The labels of each sequence, as `packLabels` reads them. */
export function labelSequences(labels: Labels, layout: LabelSequencesLayout): Int32Array[] {
  const { where, sequences, classes, blank, labelLengths } = layout;
  return labelLists(packLabels(where, labels, sequences, classes, blank, labelLengths));
}

/**
 * The labels of each sequence, which need not be as many as its steps: ragged lists, or one flat list with
 * `labelLengths`, packed end to end or padded to equal parts. What lies past a length is never read.
 *
 * @param blank an id that no label may have; undefined where every class may be a label
 * @param labelLengths real labels of each sequence; undefined for all that are listed
 * @param workspace what the result lives in; default one of its own
 * @throws SeqlossError LENGTH when counts disagree, LABEL when an id is out of range or is the blank
 */
export function packLabels(
  where: string,
  labels: Labels,
  sequences: number,
  classes: number,
  blank: number | undefined,
  labelLengths: ArrayLike<number> | undefined,
  workspace = new Workspace(),
): PackedLabels {
  const read = workspace.object("sequences of labels", ReusedLabels);
  read.where = where;
  read.sequences = sequences;
  read.classes = classes;
  read.blank = blank;
  read.labelLengths = labelLengths;
  const starts = workspace.int32("starts of labels", sequences + 1);
  const given = isRagged(labels) || sequences === 0 ? listLengths(labels, read, workspace) : undefined;
  const lengths = given ?? flatLengths(labels, read, workspace);
  let longest = 0;
  for (let b = 0; b < sequences; b++) {
    starts[b + 1] = starts[b] + lengths[b];
    longest = Math.max(longest, lengths[b]);
  }
  const packed = starts[sequences];
  read.starts = starts;
  read.ids = workspace.int32("labels", packed);
  if (given !== undefined) {
    const lists = labels as readonly ArrayLike<number>[];
    for (let b = 0; b < sequences; b++) readIds(read, lists[b], 0, b);
    return read;
  }
  const stride = labels.length === packed ? undefined : paddedStride(read, labels.length, packed, longest);
  for (let b = 0; b < sequences; b++) {
    readIds(read, labels as ArrayLike<number>, stride === undefined ? starts[b] : b * stride, b);
  }
  return read;
}

/** Copies the ids of sequence b, which begin at `from`. */
function readIds(read: ReusedLabels, source: ArrayLike<number>, from: number, b: number): void {
  const { classes, blank, ids, starts } = read;
  const none = blank ?? Number.NaN;
  const [start, end] = [starts[b], starts[b + 1]];
  for (let i = start; i < end; i++) {
    const id = source[from + i - start];
    if (id >>> 0 !== id || id >= classes || id === none) throw wrongLabel(read, id, `labels[${b}][${i - start}]`);
    ids[i] = id;
  }
}

function listLengths(
  labels: Labels,
  { where, sequences, labelLengths }: LabelSequencesLayout,
  workspace: Workspace,
): Int32Array {
  const lists = labels as readonly ArrayLike<number>[];
  if (lists.length !== sequences) {
    throw new SeqlossError(where, "LENGTH", {
      argument: "the size of labels",
      expected: `${sequences}, one list for each sequence`,
      found: lists.length,
    });
  }
  const sizes = workspace.int32("sizes of lists", sequences);
  for (let b = 0; b < sequences; b++) sizes[b] = lists[b]?.length ?? 0;
  if (labelLengths === undefined || !isRagged(labels)) return sizes;
  const lengths = workspace.int32("lengths of labels", sequences);
  return checkLengths(where, "labelLengths", labelLengths, sequences, sizes, lengths);
}

function flatLengths(
  labels: Labels,
  { where, sequences, labelLengths }: LabelSequencesLayout,
  workspace: Workspace,
): Int32Array {
  const size = labels.length;
  const lengths = workspace.int32("lengths of labels", sequences);
  if (labelLengths !== undefined) return checkLengths(where, "labelLengths", labelLengths, sequences, size, lengths);
  if (sequences > 1 && size > 0) {
    throw new SeqlossError(where, "LENGTH", {
      argument: "labelLengths",
      expected: `${sequences} lengths, to say where each sequence of the flat labels ends`,
      found: undefined,
      advice: "Or give the labels as one list for each sequence.",
    });
  }
  return sequences === 1 ? lengths.fill(size) : lengths;
}

/** How far apart the padded labels of two sequences begin. */
function paddedStride(
  { where, sequences }: LabelSequencesLayout,
  size: number,
  packed: number,
  longest: number,
): number {
  const part = size / sequences;
  if (Number.isInteger(part) && longest <= part) return part;
  throw new SeqlossError(where, "LENGTH", {
    argument: "the size of labels",
    expected: `${packed}, the sum of labelLengths, or ${sequences} equal parts that hold the longest`,
    found: size,
  });
}

function wrongLabel({ where, classes, blank }: LabelSequencesLayout, id: number, argument: string): SeqlossError {
  const expected = `an id in 0..${classes - 1}${blank === undefined ? "" : ` other than the blank ${blank}`}`;
  if (id !== blank) return new SeqlossError(where, "LABEL", { argument, expected, found: id });
  const advice =
    "Labels hold no blanks: CTC puts them between the labels. If this id is a symbol, choose another blank.";
  return new SeqlossError(where, "LABEL", { argument, expected, found: id, advice });
}
