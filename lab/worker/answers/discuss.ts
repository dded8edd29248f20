import { type OpenItem, pointsIn, quizItem, quizItems } from "../../../src/index.js";

export interface Discussion {
  readonly id: string;
  readonly topic: string;
  readonly prompt: string;
}

const open = (): OpenItem[] => quizItems({ kind: "open" }).filter((item): item is OpenItem => item.kind === "open");

/** The open questions. */
export const discussions = (): Discussion[] => open().map(({ id, topic, prompt }) => ({ id, topic, prompt }));

export interface Reading {
  readonly points: readonly { readonly idea: string; readonly hinted: boolean }[];
  readonly model: string;
}

/** What a good answer has, and which of it the words of this one hint at. */
export function read(id: string, text: string): Reading {
  const item = quizItem(id, 1) as OpenItem;
  const found = pointsIn(item, text);
  return {
    points: item.points.map(({ idea }, i) => ({ idea, hinted: found.includes(i) })),
    model: item.answer,
  };
}
