import { SeqlossError } from "./errors.js";

/** float32 for speed, float64 for exactness: the data's type decides in which of the two a loss is computed. */
export type FloatArray = Float32Array | Float64Array;

/** A dense row-major array. Structural, so that ndarray-like objects pass as they are. */
export interface Tensor<Data extends FloatArray = FloatArray> {
  readonly data: Data;
  readonly shape: readonly number[];
}

/** What is held where there is nothing. */
export const NO_FLOATS: Float32Array = new Float32Array(0);
export const NO_DOUBLES: Float64Array = new Float64Array(0);
export const NO_INTEGERS: Int32Array = new Int32Array(0);
export const NO_SHAPE: readonly number[] = [0];

/** Numbers in lists in lists, for small examples: `[[[0, 1], [2, 3]]]`. */
export type Nested = readonly (number | Nested)[];

/** What every loss accepts as outputs. Nested lists are computed in float64 and may be ragged in time. */
export type TensorLike = Tensor | Nested;

export function isTensor(value: unknown): value is Tensor {
  if (typeof value !== "object" || value === null) return false;
  const { data, shape } = value as Partial<Tensor>;
  return (data instanceof Float32Array || data instanceof Float64Array) && Array.isArray(shape);
}

/** The product of the extents, from an axis on. */
export function sizeOf(shape: readonly number[], from = 0): number {
  let size = 1;
  for (let axis = from; axis < shape.length; axis++) size *= shape[axis];
  return size;
}

/** Where number n of a tensor lies: one index for each axis. */
export function placeOf(n: number, shape: readonly number[]): number[] {
  const place: number[] = [];
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    place.unshift(n % shape[axis]);
    n = Math.floor(n / shape[axis]);
  }
  return place;
}

/** @throws SeqlossError (MEMORY) in the name of `where` when so large an array cannot be had */
export function newArray<Data>(where: string, Type: new (size: number) => Data, size: number): Data {
  try {
    return new Type(size);
  } catch (cause) {
    if (!Number.isInteger(size) || size < 0) throw cause;
    throw new SeqlossError(where, "MEMORY", {
      argument: `the size of a ${Type.name}`,
      expected: `as many numbers as this engine grants (${(cause as Error).message})`,
      found: size,
      advice: "Use a smaller batch or shorter sequences.",
    });
  }
}

/**
 * A float32 tensor of zeros.
 *
 * @throws SeqlossError (MEMORY) when the engine has no array of that size
 * @example zeros([1, 3, 4]).data.length // 12
 */
export function zeros(shape: readonly number[]): Tensor<Float32Array> {
  return { data: newArray("zeros", Float32Array, sizeOf(shape)), shape };
}

/**
 * A float32 tensor from nested lists, or from a flat list and a shape.
 *
 * @throws SeqlossError (SHAPE) when the lists are ragged, or the data does not fill the shape
 * @example tensor([[1, 2, 3], [4, 5, 6]]).shape // [2, 3]
 */
export function tensor(values: Nested | ArrayLike<number>, shape?: readonly number[]): Tensor<Float32Array> {
  if (shape === undefined) {
    const { data, shape: found } = flatten("tensor", "values", values as Nested);
    return { data: Float32Array.from(data), shape: found };
  }
  const data = Float32Array.from(values as ArrayLike<number>);
  if (data.length !== sizeOf(shape)) {
    throw new SeqlossError("tensor", "SHAPE", {
      argument: "values",
      expected: `${sizeOf(shape)} numbers, for shape [${shape.join(", ")}]`,
      found: data.length,
    });
  }
  return { data, shape };
}

/**
 * A tensor as nested lists.
 * @example toNested({ data: new Float32Array([1, 2, 3, 4]), shape: [2, 2] }) // [[1, 2], [3, 4]]
 */
export function toNested({ data, shape }: Tensor): Nested {
  const build = (axis: number, offset: number, stride: number): Nested => {
    const extent = shape[axis];
    const inner = extent === 0 ? 0 : stride / extent;
    return Array.from({ length: extent }, (_, i) =>
      axis === shape.length - 1 ? data[offset + i] : build(axis + 1, offset + i * inner, inner),
    );
  };
  return shape.length === 0 ? [data[0]] : build(0, 0, data.length);
}

interface Flat {
  readonly data: Float64Array;
  readonly shape: readonly number[];
  /** The real length of each sequence where the lists are ragged along the second axis; otherwise absent. */
  readonly lengths?: Int32Array;
}

/**
 * Nested lists as one float64 array. The second axis (time) may be ragged: it is padded with zeros to the longest,
 * and the real lengths are returned. Any other axis must be even.
 */
export function flatten(where: string, argument: string, nested: Nested): Flat {
  const shape = deepestShape(nested);
  if (shape.length > 1) {
    shape[1] = nested.reduce<number>((most, inner) => Math.max(most, Array.isArray(inner) ? inner.length : 0), 0);
  }
  const data = new Float64Array(sizeOf(shape));
  const lengths = new Int32Array(nested.length);
  let ragged = false;

  const fill = (value: number | Nested, axis: number, offset: number, size: number, path: string): void => {
    if (axis === shape.length) {
      if (typeof value !== "number") {
        throw new SeqlossError(where, "SHAPE", { argument: path, expected: "a number", found: value });
      }
      data[offset] = value;
      return;
    }
    const extent = shape[axis];
    const fits = Array.isArray(value) && (axis === 1 ? value.length <= extent : value.length === extent);
    if (!fits) {
      throw new SeqlossError(where, "SHAPE", {
        argument: path,
        expected: `a list of ${extent} ${axis === shape.length - 1 ? "numbers" : "lists"}, as the others are`,
        found: Array.isArray(value) ? `a list of ${value.length}` : value,
        advice: "Only the second axis, time, may vary in length.",
      });
    }
    const inner = extent === 0 ? 0 : size / extent;
    for (let i = 0; i < value.length; i++) fill(value[i], axis + 1, offset + i * inner, inner, `${path}[${i}]`);
    if (axis === 1) {
      lengths[offset / size] = value.length;
      if (value.length !== extent) ragged = true;
    }
  };
  fill(nested, 0, 0, data.length, argument);
  return ragged ? { data, shape, lengths } : { data, shape };
}

/** The extents along the first non-empty list at each depth. */
function deepestShape(nested: Nested): number[] {
  const shape: number[] = [];
  let level: readonly (number | Nested)[] = [nested];
  while (level.some(Array.isArray)) {
    const lists = level.filter(Array.isArray) as Nested[];
    const first = lists.find((list) => list.length > 0) ?? lists[0];
    shape.push(first.length);
    level = shape.length <= 2 ? lists.flat(1) : first;
  }
  return shape;
}
