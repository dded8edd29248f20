import { SeqlossError } from "../core/errors.js";
import { tokenAccuracy } from "./accuracy.js";
import { bootstrapInterval, type ScoreInterval, sumRows } from "./bootstrap.js";

/** How many chunks were found. */
export interface ChunkScore {
  /** correct / predicted; 0 where none was predicted. */
  readonly precision: number;
  /** correct / expected; 0 where there is none. */
  readonly recall: number;
  /** 2 · precision · recall / (precision + recall); 0 where nothing is correct. */
  readonly f1: number;
  /** Chunks with the right first step, last step and type. */
  readonly correct: number;
  readonly predicted: number;
  /** Chunks of the reference. */
  readonly expected: number;
}

export interface SlotF1 extends ChunkScore {
  /** The share of steps whose tags are equal, those outside all chunks included; 0 of none. */
  readonly accuracy: number;
  /** The same for each type on either side, in the order of their names; tags without a type have the name "". */
  readonly types: readonly (ChunkScore & { readonly type: string })[];
  /** 95 % interval of `f1` from sentences drawn with replacement, where resamples were asked for. */
  readonly interval?: ScoreInterval;
}

export interface SlotF1Options {
  /** From so many resamples (at least 1) an interval of `f1` is given; see `bootstrapInterval`. Default 0, none. */
  readonly resamples?: number;
}

/**
 * Precision, recall and F1 of chunks (slots, entities, phrases), as conlleval, the program of the CoNLL tasks, computes them
 * (Tjong Kim Sang and Buchholz 2000). A chunk is correct when its first step, its last step and its type are.
 *
 * Tags are `O`, outside of all chunks, and `B-type` and `I-type`, inside. A chunk begins at every B, and at an I after O, after
 * the start of the sentence or after another type; it ends where the next does, at O, or with the sentence. So IOB2 (every
 * chunk begins with B) and IOB1 (B only between two chunks of one type) are both read rightly, and so is a prediction
 * that follows neither. A type is what follows the first hyphen; `B` and `I` alone have none.
 *
 * @param tags the right tags, one list for each sentence
 * @param predicted as many tags for each sentence
 * @throws SeqlossError when lists differ in size (LENGTH), or a tag is none of these (LABEL): BIOES and other prefixes must be
 *   turned into B and I first
 * @example
 * const tags = [["O", "B-city", "I-city", "O", "B-day"]]
 * const score = slotF1(tags, [["O", "B-city", "O", "O", "I-day"]])
 * score.f1 // 0.5: of two chunks the day is right, I or B; the city ends too early
 * score.accuracy // 0.6
 */
export function slotF1(
  tags: readonly (readonly string[])[],
  predicted: readonly (readonly string[])[],
  { resamples = 0 }: SlotF1Options = {},
): SlotF1 {
  const where = "slotF1";
  checkSizes(where, tags, predicted);
  const counts = new Map<string, Count>();
  const countOf = (type: string): Count => {
    const count = counts.get(type) ?? { correct: 0, predicted: 0, expected: 0 };
    counts.set(type, count);
    return count;
  };
  const rows = tags.map((listed, i) => {
    const expected = chunksIn(where, `tags[${i}]`, listed);
    const found = chunksIn(where, `predicted[${i}]`, predicted[i]);
    const byStart = new Map(expected.map((chunk) => [chunk.start, chunk]));
    const correct = found.filter(({ start, end, type }) => {
      const chunk = byStart.get(start);
      return chunk?.end === end && chunk.type === type;
    });
    for (const { type } of expected) countOf(type).expected++;
    for (const { type } of found) countOf(type).predicted++;
    for (const { type } of correct) countOf(type).correct++;
    return [correct.length, found.length, expected.length];
  });
  const score = (totals: ArrayLike<number>) => scoreOf(totals[0], totals[1], totals[2]);
  const result = {
    ...score(sumRows([[0, 0, 0], ...rows])),
    accuracy: tokenAccuracy(tags, predicted).rate,
    types: [...counts]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([type, count]) => ({ type, ...scoreOf(count.correct, count.predicted, count.expected) })),
  };
  if (resamples === 0) return result;
  return { ...result, interval: bootstrapInterval(rows, (totals) => score(totals).f1, { resamples }) };
}

interface Count {
  correct: number;
  predicted: number;
  expected: number;
}

function scoreOf(correct: number, predicted: number, expected: number): ChunkScore {
  const share = (of: number) => (of === 0 ? 0 : correct / of);
  const f1 = correct === 0 ? 0 : (2 * correct) / (predicted + expected);
  return { precision: share(predicted), recall: share(expected), f1, correct, predicted, expected };
}

interface Chunk {
  readonly start: number;
  /** The step after the last. */
  end: number;
  readonly type: string;
}

const TAG = /^(?:O|([BI])(?:-(.+))?)$/su;

function chunksIn(where: string, argument: string, tags: readonly string[]): Chunk[] {
  const chunks: Chunk[] = [];
  let open: Chunk | undefined;
  tags.forEach((tag, t) => {
    const match = TAG.exec(tag);
    if (match === null) {
      throw new SeqlossError(where, "LABEL", {
        argument: `${argument}[${t}]`,
        expected: "O, B-type or I-type",
        found: tag,
        advice: "Turn other prefixes into these first.",
      });
    }
    const [, prefix, type = ""] = match;
    if (prefix === undefined) open = undefined;
    else if (prefix === "I" && open?.type === type) open.end = t + 1;
    else {
      open = { start: t, end: t + 1, type };
      chunks.push(open);
    }
  });
  return chunks;
}

function checkSizes(where: string, tags: readonly ArrayLike<string>[], predicted: readonly ArrayLike<string>[]): void {
  const check = (argument: string, expected: number, found: number | undefined): void => {
    if (found === expected) return;
    throw new SeqlossError(where, "LENGTH", { argument, expected: `${expected}, as many as the tags`, found });
  };
  check("the size of predicted", tags.length, predicted.length);
  tags.forEach(({ length }, i) => check(`the size of predicted[${i}]`, length, predicted[i]?.length));
}
