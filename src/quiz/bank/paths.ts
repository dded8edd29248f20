import type { Random } from "../../core/random.js";
import type { AlignmentItem, QuizLevel } from "../item.js";
import type { Template } from "../template.js";

const BLANK = "-";

interface Asked {
  readonly id: string;
  readonly level: QuizLevel;
  readonly words: readonly string[];
  /** Frames beyond the fewest. */
  readonly spare: (random: Random) => number;
  readonly reason: string;
}

/** The shortest alignment: each symbol once, a blank between equal neighbours. */
const shortest = (word: string): string =>
  Array.from(word, (symbol, u) => (symbol === word[u - 1] ? BLANK + symbol : symbol)).join("");

function path({ id, level, words, spare, reason }: Asked): Template {
  const head = { id, topic: "ctc", level } as const;
  const draw = (random: Random): AlignmentItem => {
    const label = words[random.integer(words.length)];
    const extra = spare(random);
    const answer = shortest(label) + (label.at(-1) as string).repeat(extra);
    const frames = answer.length;
    const prompt = `Write an alignment of ${frames} frames that reads as ${label}; "${BLANK}" is the blank.`;
    const symbols = [BLANK, ...new Set(label)];
    return { ...head, prompt, kind: "alignment", label, frames, symbols, answer, reason };
  };
  return { ...head, kind: "alignment", draw };
}

export function paths(): readonly Template[] {
  return [
    path({
      id: "path-plain",
      level: 1,
      words: ["CAT", "SUN", "PEN", "RAIN"],
      spare: (random) => 1 + random.integer(3),
      reason: "Every frame has one symbol; repeats and blanks fill the frames that are left.",
    }),
    path({
      id: "path-repeat",
      level: 2,
      words: ["BOOK", "EGG", "TREE", "BALL", "DOOR"],
      spare: (random) => 1 + random.integer(2),
      reason: "Between the equal neighbours stands a blank; without it they merge into one.",
    }),
    path({
      id: "path-tightest",
      level: 2,
      words: ["BOOK", "EGG", "TREE", "BALL", "DOOR"],
      spare: () => 0,
      reason: "With the fewest frames, as many as symbols and pairs of equal neighbours, there is just one alignment.",
    }),
  ];
}
