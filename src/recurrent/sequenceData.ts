// Batch-first data of the directions of a layer.

/** Each sequence turned around within its own length; what lies past it becomes 0. */
export function reversed(data: Float32Array, time: number, width: number, lengths: Int32Array): Float32Array {
  const turned = new Float32Array(data.length);
  lengths.forEach((length, b) => {
    for (let t = 0; t < length; t++) {
      const from = (b * time + t) * width;
      turned.set(data.subarray(from, from + width), (b * time + length - 1 - t) * width);
    }
  });
  return turned;
}

/** Norms over the batch at each time, from squares B × T that a reverse direction counts from each sequence's own end. */
export function stepNorms(squares: Float64Array, time: number, lengths: Int32Array, reverse: boolean): Float64Array {
  const sums = new Float64Array(time);
  lengths.forEach((length, b) => {
    for (let t = 0; t < length; t++) sums[t] += squares[b * time + (reverse ? length - 1 - t : t)];
  });
  return sums.map(Math.sqrt);
}

/** [rows, width] of each direction → [rows, directions · width]. */
export function interleave(parts: readonly Float32Array[], width: number): Float32Array {
  if (parts.length === 1) return parts[0];
  const joined = new Float32Array(parts.length * parts[0].length);
  for (let row = 0, at = 0; row < parts[0].length; row += width) {
    for (const part of parts) {
      joined.set(part.subarray(row, row + width), at);
      at += width;
    }
  }
  return joined;
}

export function separate(joined: Float32Array, count: number, width: number): Float32Array[] {
  if (count === 1) return [joined];
  const parts = Array.from({ length: count }, () => new Float32Array(joined.length / count));
  for (let row = 0, at = 0; at < joined.length; row += width) {
    for (const part of parts) {
      part.set(joined.subarray(at, at + width), row);
      at += width;
    }
  }
  return parts;
}

export function add(sum: Float32Array, added: ArrayLike<number>): void {
  for (let i = 0; i < sum.length; i++) sum[i] += added[i];
}
