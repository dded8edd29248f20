import type { NumericDataType, Tensor as TfTensor } from "@tensorflow/tfjs-core";
import { SeqlossError } from "../core/errors.js";
import { sizeOf, type Tensor } from "../core/tensor.js";
import { checkType, readNow } from "./hostValues.js";

/**
 * What a tensor of targets holds. `labels`: ids without positions. `ids`: an id for each step, −1 within a sequence leaving it out
 * where the loss can. `tags`: an id for each step, none left out. `values`: a number for each output.
 */
export type TargetKind = "labels" | "ids" | "tags" | "values";

/** Fills ids up to the end of their row. */
export const PADDING = -1;

export interface ReadTargets {
  readonly targets: unknown;
  /** Options that the targets imply, where the caller gave none of his own. */
  readonly implied: { readonly lengths?: Int32Array; readonly ignoreIndex?: number };
}

/**
 * Targets of a batch from a tensor. Ids lie in each sequence's numbers one after another, whatever its axes, padded with −1;
 * a last number of −2 − n says that the sequence has n real steps (`packLabels`).
 *
 * @param padding of `values`: steps at a sequence's end that hold nothing else are padding
 */
export function readTargets(
  where: string,
  kind: TargetKind,
  targets: TfTensor,
  outputs: readonly number[],
  padding?: number,
): ReadTargets {
  checkType(where, "targets", targets);
  if (kind === "values" || isDistributions(kind, targets, outputs)) return readValues(where, targets, outputs, padding);
  const { labels, steps } = readRows(where, targets, outputs[0]);
  if (kind === "labels") return { targets: labels, implied: steps === undefined ? {} : { lengths: steps } };
  const time = outputs.length === 2 ? 1 : outputs[1];
  const ids = new Int32Array(labels.length * time).fill(PADDING);
  labels.forEach((row, b) => {
    if (row.length > time) {
      throw new SeqlossError(where, "LENGTH", {
        argument: `the size of targets[${b}]`,
        expected: `at most ${time}, one id for each step`,
        found: row.length,
        advice: "Ids are expected, padded with -1. One-hot rows go, as float32, to categoricalCrossEntropy.",
      });
    }
    ids.set(row, b * time);
  });
  const lengths = steps ?? Int32Array.from(labels, (row) => row.length);
  return { targets: ids, implied: { lengths, ...(kind === "ids" && { ignoreIndex: PADDING }) } };
}

/** Rows of probabilities have the outputs' shape, and are float32; ids in that shape are packed. */
function isDistributions(kind: TargetKind, { dtype, shape }: TfTensor, outputs: readonly number[]): boolean {
  return kind === "ids" && dtype === "float32" && shape.length === outputs.length && sameShape(shape, outputs);
}

const sameShape = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((extent, axis) => extent === b[axis]);

const withoutOnes = (shape: readonly number[]): readonly number[] =>
  shape.slice(0, 1 + shape.findLastIndex((extent) => extent !== 1));

function readValues(
  where: string,
  given: TfTensor,
  outputs: readonly number[],
  padding: number | undefined,
): ReadTargets {
  const values = readNow(where, given);
  const shape = sameShape(withoutOnes(values.shape), withoutOnes(outputs)) ? outputs : values.shape;
  const targets: Tensor = { data: values.data, shape };
  if (padding === undefined) return { targets, implied: {} };
  const width = sizeOf(shape.slice(2));
  const size = sizeOf(shape.slice(1));
  const lengths = Int32Array.from({ length: shape[0] }, (_, b) => {
    const row = values.data.subarray(b * size, (b + 1) * size);
    return Math.ceil((1 + row.findLastIndex((x) => !Object.is(x, padding) && x !== padding)) / width);
  });
  return { targets, implied: { lengths } };
}

/** The ids of each sequence, and its number of real steps where it is said. */
function readRows(where: string, targets: TfTensor, sequences: number): { labels: number[][]; steps?: Int32Array } {
  if (targets.shape[0] !== sequences) {
    throw new SeqlossError(where, "SHAPE", {
      argument: "the shape of targets",
      expected: `${sequences} sequences, as many as the outputs have`,
      found: targets.shape,
    });
  }
  const data = targets.dataSync<NumericDataType>();
  const size = sequences === 0 ? 0 : data.length / sequences;
  const steps = new Int32Array(sequences);
  let said = 0;
  const labels = Array.from({ length: sequences }, (_, b) => {
    const row = Array.from(data.subarray(b * size, (b + 1) * size));
    const last = row.at(-1) ?? PADDING;
    if (last < PADDING) {
      row.pop();
      steps[b] = -2 - last;
      said++;
    }
    return row.slice(0, 1 + row.findLastIndex((id) => id !== PADDING));
  });
  if (said !== 0 && said !== sequences) {
    throw new SeqlossError(where, "LENGTH", {
      argument: "targets",
      expected: "a number of steps for every sequence, or for none",
      found: `${said} of ${sequences}`,
    });
  }
  return said === 0 ? { labels } : { labels, steps };
}
