import { crossEntropy, type Layer, type LayerState } from "../../src/index.js";
import type { Progress } from "../task.js";

/** Pieces of the text that are read side by side, and characters that each is read for before it counts. */
const STREAMS = 16;
const WARM_UP = 200;
/** Characters read at once. */
const WINDOW = 250;
/** The id of characters that do not count. */
const UNCOUNTED = -1;

/** The sum of −ln p over characters that follow each other. */
export interface Block {
  readonly nats: number;
  readonly characters: number;
}

/**
 * How surprised a model is by a text, block by block: each character is predicted from all before it back to WARM_UP characters
 * before its piece. The first character of the text is given; it is not predicted.
 */
export function surprisalBlocks(model: Layer, ids: Uint8Array, progress?: Progress): Block[] {
  const predicted = ids.length - 1;
  const piece = Math.ceil(predicted / STREAMS);
  const pieces = Array.from({ length: STREAMS }, (_, b) => ({
    read: Math.max(0, b * piece - WARM_UP),
    counted: b * piece,
    end: Math.min((b + 1) * piece, predicted),
  })).filter(({ counted, end }) => counted < end);
  const longest = Math.max(...pieces.map(({ read, end }) => end - read));
  const carry = new Map<Layer, LayerState>();
  const blocks: Block[] = [];
  for (let from = 0; from < longest; from += WINDOW) {
    const rows = pieces.map(({ read, counted, end }) => {
      const start = Math.min(read + from, end);
      const stop = Math.min(start + WINDOW, end);
      const next = Array.from(ids.subarray(start + 1, stop + 1), (id, n) => (start + n < counted ? UNCOUNTED : id));
      return { given: ids.subarray(start, stop), next };
    });
    const data = new Float32Array(rows.length * WINDOW);
    rows.forEach(({ given }, b) => data.set(given, b * WINDOW));
    const lengths = Int32Array.from(rows, ({ given }) => given.length);
    const outputs = model.forward({ data, shape: [rows.length, WINDOW, 1], lengths }, { carry });
    const { losses } = crossEntropy(
      outputs,
      rows.map(({ next }) => next),
      { lengths, ignoreIndex: UNCOUNTED, gradient: false, reduction: "none" },
    );
    rows.forEach(({ next }, b) => {
      const characters = next.filter((id) => id !== UNCOUNTED).length;
      if (characters > 0) blocks.push({ nats: losses[b], characters });
    });
    progress?.(Math.min(from + WINDOW, longest) / longest, 1, "the text");
  }
  return blocks;
}
