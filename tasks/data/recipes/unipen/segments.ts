import type { Component, Point } from "./ink.js";

/** A part of the ink that somebody labelled. */
export interface Segment {
  /** Components from one to another, or such ranges with commas between; "4:7-5" begins at point 7 of component 4. */
  readonly range: string;
  /** OK, BAD, or ? where nobody looked. */
  readonly quality: string;
  readonly text: string;
}

const SEGMENT = /^\.SEGMENT\s+\S+\s+(\S+)\s+(\S+)\s+"(.*)"\s*$/;

/** The segments that a file of UNIPEN's format lists. */
export function readSegments(text: string): Segment[] {
  return text.split("\n").flatMap((line) => {
    const [, range, quality, label] = SEGMENT.exec(line) ?? [];
    return label === undefined ? [] : [{ range, quality, text: label }];
  });
}

/** The strokes of a segment, without what the pen did in the air. */
export function strokesOf(components: readonly Component[], range: string): (readonly Point[])[] {
  return range.split(",").flatMap((part) => {
    const [first, last = first] = part.split("-");
    const [from, begin = 0] = first.split(":").map(Number);
    const [to, end = Infinity] = last.split(":").map(Number);
    return components
      .slice(from, to + 1)
      .map(({ down, points }, i) => ({
        down,
        points: points.slice(i === 0 ? begin : 0, from + i === to ? end + 1 : undefined),
      }))
      .filter(({ down }) => down)
      .map(({ points }) => points);
  });
}
