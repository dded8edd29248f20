import { extname } from "node:path";
import { encodeNpy, type LossResult, type Tensor, toNested } from "../index.js";
import { writeAtomically } from "../runs/entry.js";
import { delimiterOf, writeArray } from "./csv.js";
import { EXIT, Failure } from "./failure.js";
import { toJson } from "./json.js";
import { writeNpz } from "./npz.js";

/** `grad`, and with some losses `gradTransitions` and others. */
export const gradients = (result: LossResult): [string, Tensor][] =>
  Object.entries(result).filter(([name]) => name.startsWith("grad"));

/** The contract with other programs: `value`, `losses`, `grad`, and the gradients of what a loss has besides its outputs. */
export function resultJson(result: LossResult): string {
  const { value, losses } = result;
  const grads = Object.fromEntries(gradients(result).map(([name, grad]) => [name, toNested(grad)]));
  return toJson({ value, losses: Array.from(losses), ...grads });
}

const WRITERS: Readonly<Record<string, (result: LossResult, path: string) => Uint8Array | string>> = {
  ".json": (result) => `${resultJson(result)}\n`,
  ".npz": (result) => writeNpz(arraysOf(result)),
  ".npy": (result, path) => encodeNpy(gradient(result, path)),
  ".csv": gradientTable,
  ".tsv": gradientTable,
};

/** Refuses a file that no format fits, before anything is computed. */
export function checkOutput(path: string): void {
  if (Object.hasOwn(WRITERS, extname(path).toLowerCase())) return;
  throw new Failure(EXIT.usage, `--output ${path}: expected a name that ends in ${Object.keys(WRITERS).join(", ")}.`);
}

/** Writes a result as the end of the file's name says. */
export function writeOutput(path: string, result: LossResult): void {
  const written = WRITERS[extname(path).toLowerCase()](result, path);
  writeAtomically(path, typeof written === "string" ? new TextEncoder().encode(written) : written);
}

function arraysOf(result: LossResult): Record<string, Tensor> {
  const { value, losses } = result;
  return {
    value: { data: Float64Array.of(value), shape: [] },
    losses: { data: losses, shape: [losses.length] },
    ...Object.fromEntries(gradients(result)),
  };
}

function gradient(result: LossResult, path: string): Tensor {
  const [first] = gradients(result);
  if (first !== undefined && first[1].data.length > 0) return first[1];
  throw new Failure(
    EXIT.data,
    `--output ${path}: without a gradient there is nothing to write; expected .npz or .json.`,
  );
}

function gradientTable(result: LossResult, path: string): string {
  const grad = gradient(result, path);
  const axes = grad.shape.length;
  if (axes === 2 || axes === 3) return writeArray(grad, delimiterOf(path));
  throw new Failure(
    EXIT.data,
    `--output ${path}: a gradient of ${axes} axes is no table; expected .npz, .npy or .json.`,
  );
}
