import { SeqlossError } from "../core/errors.js";
import { keepParts } from "../core/parts.js";
import { type FloatArray, NO_SHAPE, newArray } from "../core/tensor.js";
import { type LossOptions, type LossResult, type Reduction, reduce } from "./reduction.js";

/**
 * The buffer for the gradient: the caller's `into` when it fits, a new one otherwise.
 *
 * @param cleared false where every number is going to be written, and zeros would be written for nothing
 */
export function gradientBuffer(
  where: string,
  { into, gradient = true }: LossOptions,
  data: FloatArray,
  cleared = true,
): FloatArray {
  const Type = data.constructor as new (size: number) => FloatArray;
  const given = isArray(into) ? into : into?.grad?.data;
  if (!gradient) return given !== into && given?.length === 0 && given.constructor === Type ? given : new Type(0);
  if (given === undefined) return newArray(where, Type, data.length);
  const argument = given === into ? "into" : "into.grad";
  const buffer = fitting(where, argument, given, data.constructor, data.length, "like the outputs");
  keepParts(buffer);
  keepParts(data);
  return cleared ? (buffer.fill(0) as FloatArray) : buffer;
}

/** Zeros, which become the losses: those of the earlier result when one is written again, otherwise new ones. */
export function lossesBuffer(where: string, { into }: LossOptions, sequences: number): Float64Array {
  const given = isArray(into) ? undefined : into?.losses;
  if (given === undefined) return new Float64Array(sequences);
  return fitting(where, "into.losses", given, Float64Array, sequences, "one for each sequence").fill(0);
}

/**
 * What a loss returns: the earlier result, when `losses` and `grad` are its arrays, otherwise a new one.
 * @param shape of the outputs
 */
export function lossResult(
  { into, gradient = true }: LossOptions,
  reduction: Reduction,
  losses: Float64Array,
  grad: FloatArray,
  outputs: readonly number[],
): LossResult {
  const shape = gradient ? outputs : NO_SHAPE;
  reduce(losses, reduction);
  if (!isResult(into) || into.losses !== losses || into.grad.data !== grad) {
    const { value, sum, weight } = reduction;
    return { value, losses, grad: { data: grad, shape }, sum, weight };
  }
  const again = into as Rewritable<LossResult>;
  again.value = reduction.value;
  again.sum = reduction.sum;
  again.weight = reduction.weight;
  if (again.grad.shape !== shape) again.grad = { data: grad, shape };
  return again;
}

/** The one place where a result that the caller has is changed. */
export type Rewritable<Result> = { -readonly [Name in keyof Result]: Result[Name] };

/** Whether `into` is a whole result, not a buffer or some arrays. */
function isResult(into: LossOptions["into"]): into is LossResult {
  return (
    into !== undefined && "value" in into && "sum" in into && "weight" in into && "losses" in into && "grad" in into
  );
}

const isArray = (into: LossOptions["into"]): into is FloatArray =>
  into instanceof Float32Array || into instanceof Float64Array;

/** An array to write into, of a type and a size. */
export function fitting<Data extends FloatArray>(
  where: string,
  argument: string,
  given: Data,
  // biome-ignore lint/complexity/noBannedTypes: the constructor of a typed array
  Type: Function,
  size: number,
  what: string,
): Data {
  if (given.constructor === Type && given.length === size) return given;
  throw new SeqlossError(where, "SHAPE", {
    argument,
    expected: `a ${Type.name} of ${size}, ${what}`,
    found: `a ${given.constructor.name} of ${given.length}`,
  });
}
