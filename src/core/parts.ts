type Numbers = Float32Array | Float64Array | Int32Array;

const kept = new WeakMap<Numbers, Numbers[]>();

/** From now on `part` keeps the views that it takes of this array, for as long as the array is used. */
export function keepParts(array: Numbers): void {
  if (!kept.has(array)) kept.set(array, []);
}

/**
 * The numbers from `start` to `end`, where they lie.
 * @param n which of the parts that a computation takes of the array: where the parts are kept, one is kept for each n
 */
export function part<Data extends Numbers>(array: Data, n: number, start: number, end: number): Data {
  if (start === 0 && end === array.length) return array;
  const parts = kept.get(array) as Data[] | undefined;
  if (parts === undefined) return array.subarray(start, end) as Data;
  const known = parts[n];
  if (known?.byteOffset === array.byteOffset + start * array.BYTES_PER_ELEMENT && known.length === end - start) {
    return known;
  }
  parts[n] = array.subarray(start, end) as Data;
  return parts[n];
}
