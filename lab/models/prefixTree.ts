import type { DecodeAnswer } from "../worker/answers/ctc.js";
import type { Table } from "./table.js";

export interface TreeNode {
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly probability: number;
  /** In 0..1, beside the best of its frame. */
  readonly strength: number;
}

export interface Tree {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly TreeNode[];
  readonly edges: readonly { readonly path: string; readonly extends: boolean }[];
}

const GAP_X = 92;
const GAP_Y = 30;

/** The prefixes that a beam keeps after each frame, each joined to what it grew from. */
export function prefixTree({ frames }: DecodeAnswer): Tree {
  const at = (t: number, place: number) => ({ x: 24 + t * GAP_X, y: 20 + place * GAP_Y });
  const nodes = frames.flatMap((kept, t) =>
    kept.map(({ text, probability }, place) => ({
      ...at(t, place),
      text: text === "" ? "“”" : text,
      probability,
      strength: probability / (kept[0].probability || 1),
    })),
  );
  const edges = frames.flatMap((kept, t) =>
    t === 0
      ? []
      : kept.flatMap(({ text }, place) => {
          const to = at(t, place);
          return frames[t - 1].flatMap((before, from) => {
            const grows = text === before.text ? false : text.slice(0, -1) === before.text ? true : undefined;
            if (grows === undefined) return [];
            const a = at(t - 1, from);
            return [
              {
                path: `M${a.x + 40} ${a.y}C${a.x + 56} ${a.y} ${to.x - 26} ${to.y} ${to.x - 8} ${to.y}`,
                extends: grows,
              },
            ];
          });
        }),
  );
  const deepest = Math.max(...frames.map((kept) => kept.length), 1);
  return { width: 24 + frames.length * GAP_X, height: 20 + deepest * GAP_Y, nodes, edges };
}

export const prefixTable = ({ frames }: DecodeAnswer): Table => ({
  head: ["frame", "rank", "prefix", "probability"],
  rows: frames.flatMap((kept, t) => kept.map(({ text, probability }, i) => [String(t + 1), i + 1, text, probability])),
});
