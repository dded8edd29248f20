import { createHash } from "node:crypto";
import { type Component, readComponents, thinStrokes } from "./ink.js";
import { type Segment, strokesOf } from "./segments.js";
import type { Source } from "./sources.js";

/** A word, a digit or a string of digits. */
export interface Sample {
  readonly split: "train" | "valid" | "test";
  /** The contributor and a number. */
  readonly writer: string;
  readonly text: string;
  readonly strokes: readonly number[][];
}

/** Of the numbered writers of a contributor. */
export const writerName = (contributor: string, n: number) => `${contributor}${String(n).padStart(2, "0")}`;

/** Segments of a source as they were written; of the ink every `nth` point. */
export function cutOut(source: Source, segments: readonly Segment[], nth: number): Pick<Sample, "text" | "strokes">[] {
  if (segments.length === 0) return [];
  const components: readonly Component[] = readComponents(source.ink());
  return segments.map(({ range, text }) => ({ text, strokes: thinStrokes(strokesOf(components, range), nth) }));
}

/** A number that is as good as drawn, and always the same for a writer. */
export const drawOf = (writer: string): bigint => BigInt(`0x${createHash("sha1").update(writer).digest("hex")}`);
