import type { SequenceBatch } from "../../src/index.js";

/** Characters side by side, and the one that comes after each. */
export interface Window {
  /** Ids [B, T, 1]. */
  readonly inputs: SequenceBatch;
  readonly next: number[][];
}

/**
 * Window `step` of a text cut into `streams` equal pieces, which are read side by side from left to right: each row goes on where
 * the same row of the window before ended. After the last window they begin again.
 */
export function streamWindow(ids: Uint8Array, streams: number, size: number, step: number): Window {
  const piece = Math.floor((ids.length - 1) / streams);
  const windows = Math.max(1, Math.floor(piece / size));
  const length = Math.min(size, piece);
  const starts = Array.from({ length: streams }, (_, b) => b * piece + (step % windows) * length);
  const data = new Float32Array(streams * length);
  starts.forEach((start, b) => data.set(ids.subarray(start, start + length), b * length));
  return {
    inputs: { data, shape: [streams, length, 1], lengths: new Int32Array(streams).fill(length) },
    next: starts.map((start) => Array.from(ids.subarray(start + 1, start + length + 1))),
  };
}
