import { type Batch, toBatch } from "../core/batch.js";
import { SeqlossError } from "../core/errors.js";
import { isTensor, type TensorLike, toNested } from "../core/tensor.js";
import { lossCatalogue } from "../losses/catalogue/catalogue.js";
import type { CatalogueEntry } from "../losses/catalogue/entry.js";
import { type LossKind, lossKind } from "./lossKinds.js";

/** A loss and what it was, or would be, called with. */
export interface BatchEvidence {
  /** The loss's name: `ctcLoss`. */
  readonly loss: string;
  readonly outputs: unknown;
  readonly targets: unknown;
  readonly options?: Readonly<Record<string, unknown>>;
}

/** A batch as the checks see it: read with as much forbearance as its shape allows, so that what is wrong can be reported. */
export interface ReadBatch {
  readonly entry: CatalogueEntry;
  readonly given: BatchEvidence;
  readonly options: Readonly<Record<string, unknown>>;
  readonly kind: LossKind | undefined;
  /** Lengths beyond the time axis are cut down to it. Absent where the outputs have no shape that the loss takes. */
  readonly outputs: Batch | undefined;
  /** The lengths as they were given, where they were. */
  readonly lengths: ArrayLike<number> | undefined;
  /** Class ids: one for each real step, or CTC's labels, of each sequence. Absent where there are none, or they do not fit. */
  readonly labels: readonly (readonly number[])[] | undefined;
  /** The targets in the outputs' layout, where they are a number for each. */
  readonly numbers: ArrayLike<number> | undefined;
}

/** @throws SeqlossError (OPTION) when there is no such loss */
export function readBatch(given: BatchEvidence): ReadBatch {
  const entry = lossCatalogue.get(given.loss);
  if (entry === undefined) {
    throw new SeqlossError("diagnose", "OPTION", {
      argument: "loss",
      expected: "the name of a loss, such as ctcLoss",
      found: given.loss,
    });
  }
  const options = given.options ?? {};
  const kind = lossKind(given.loss, options);
  const lengths = (options.lengths ?? options.logitLengths) as ArrayLike<number> | undefined;
  const outputs = readOutputs(given.outputs as TensorLike, kind, lengths);
  const lists = outputs && (kind?.targets === "ids" || kind?.targets === "sequences");
  return {
    entry,
    given,
    options,
    kind,
    outputs,
    lengths,
    labels: lists ? readLabels(given.targets, kind.targets === "ids", outputs, options) : undefined,
    numbers: outputs && kind !== undefined ? readNumbers(given.targets, kind, outputs) : undefined,
  };
}

/** Class ids in lists; undefined for other targets. */
export function asLists(targets: unknown): readonly (readonly number[])[] | undefined {
  const nested = isTensor(targets) ? toNested(targets) : targets;
  if (!Array.isArray(nested) || nested.length === 0) return undefined;
  const isList = (list: unknown) => Array.isArray(list) && list.every((id) => typeof id === "number");
  return nested.every(isList) ? (nested as number[][]) : undefined;
}

function readOutputs(
  outputs: TensorLike,
  kind: LossKind | undefined,
  lengths: ArrayLike<number> | undefined,
): Batch | undefined {
  const classes = kind !== undefined && kind.outputs !== "decisions" && kind.outputs !== "numbers";
  const layout = { where: "diagnose", argument: "outputs", classes };
  try {
    const whole = toBatch(outputs, layout);
    if (lengths === undefined) return whole;
    const cut = Array.from(lengths, (length, b) => Math.min(length, whole.lengths[b]));
    return toBatch(outputs, layout, cut);
  } catch (error) {
    if (error instanceof SeqlossError) return undefined; // the loss itself will say what is wrong
    throw error;
  }
}

function readLabels(
  targets: unknown,
  aStep: boolean,
  { batch, time, lengths }: Batch,
  { labelLengths }: Readonly<Record<string, unknown>>,
): readonly (readonly number[])[] | undefined {
  const lists = asLists(targets);
  if (lists !== undefined) {
    if (lists.length !== batch) return undefined;
    const counts = aStep ? lengths : (labelLengths as ArrayLike<number> | undefined);
    return lists.map((list, b) => list.slice(0, counts?.[b] ?? list.length));
  }
  const flat = targets as ArrayLike<number> | undefined;
  if (typeof flat?.length !== "number" || typeof flat[0] !== "number") return undefined;
  const counts = aStep ? lengths : ((labelLengths as ArrayLike<number> | undefined) ?? [flat.length]);
  const isCount = (count: number) => Number.isInteger(count) && count >= 0 && count <= flat.length;
  if (counts.length !== batch || !Array.from(counts).every(isCount)) return undefined;
  const packed = Array.from(counts).reduce((sum, count) => sum + count, 0);
  const part = aStep ? time : flat.length / batch;
  const padded = flat.length === batch * part && flat.length !== packed;
  if (!padded && flat.length !== packed) return undefined;
  let end = 0;
  return Array.from(counts, (count, b) => {
    const start = padded ? b * part : end;
    end = start + count;
    return Array.from({ length: count }, (_, i) => flat[start + i]);
  });
}

function readNumbers(targets: unknown, { targets: kind }: LossKind, outputs: Batch): ArrayLike<number> | undefined {
  if (kind === "ids" || kind === "sequences") return undefined;
  try {
    const classes = kind === "distributions";
    const { data } = toBatch(targets as TensorLike, { where: "diagnose", argument: "targets", classes });
    return data.length === outputs.data.length ? data : undefined;
  } catch (error) {
    if (error instanceof SeqlossError) return undefined;
    throw error;
  }
}

/** Every real step: its sequence, its time, and where its numbers begin. */
export function* realSteps({ batch, time, width, lengths }: Batch): Generator<{ b: number; t: number; start: number }> {
  for (let b = 0; b < batch; b++) {
    for (let t = 0; t < lengths[b]; t++) yield { b, t, start: (b * time + t) * width };
  }
}

/** How a number of the outputs, or of targets of their shape, is written: `outputs[0][3][1]`. */
export function placeOf(name: string, { shape, time, width }: Batch, index: number): string {
  const row = Math.floor(index / width);
  const [b, t, k] = [Math.floor(row / time), row % time, index % width];
  if (shape.length === 1) return `${name}[${b}]`;
  if (shape.length === 2) return width === 1 && shape[1] === time ? `${name}[${b}][${t}]` : `${name}[${b}][${k}]`;
  return `${name}[${b}][${t}][${k}]`;
}
