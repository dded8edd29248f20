import {
  markAnswer,
  type QuizAnswer,
  type QuizItem,
  type QuizMark,
  type QuizTopic,
  quizItem,
  quizItems,
  quizTopics,
} from "../../../src/index.js";

/** A question without its key, as it is shown. */
export interface Question {
  readonly id: string;
  readonly topic: QuizTopic;
  readonly level: number;
  readonly kind: QuizItem["kind"];
  readonly prompt: string;
  readonly options: readonly string[];
  /** Of curves to tell apart: their points. */
  readonly curves: readonly (readonly (readonly number[])[])[];
  /** Of an alignment to build: what it is built of, and how long. */
  readonly symbols: readonly string[];
  readonly frames: number;
}

export interface QuizScreenAnswer {
  readonly topics: readonly string[];
  readonly questions: readonly Question[];
  /** How many there are to draw from. */
  readonly size: number;
}

const shownOf = (item: QuizItem): Question => {
  const { id, topic, level, kind, prompt } = item;
  const options =
    item.kind === "choice" || item.kind === "wrongStep" || item.kind === "curve"
      ? item.options.map(({ text }) => text)
      : item.kind === "order"
        ? [...item.options]
        : [];
  const curves = item.kind === "curve" ? item.options.map(({ points }) => points) : [];
  const { symbols, frames } = item.kind === "alignment" ? item : { symbols: [], frames: 0 };
  return { id, topic, level, kind, prompt, options, curves, symbols, frames };
};

/** A quiz; with `ids`, those questions instead. Open questions are for the discussion. */
export function quizScreen(topic: string, count: number, seed: number, ids: readonly string[]): QuizScreenAnswer {
  const chosen = quizTopics.find((one) => one === topic);
  const all = quizItems({ seed, ...(chosen && { topic: chosen }) }).filter(({ kind }) => kind !== "open");
  const known = new Set(quizItems({ seed }).map(({ id }) => id));
  const asked = ids.filter((id) => known.has(id));
  const drawn =
    asked.length > 0
      ? asked.map((id) => quizItem(id, seed))
      : quizItems({ seed, count: 1000, ...(chosen && { topic: chosen }) })
          .filter(({ kind }) => kind !== "open")
          .slice(0, 1000);
  const spread = asked.length > 0 ? drawn : pick(drawn, count);
  return { topics: quizTopics, questions: spread.map(shownOf), size: all.length };
}

/** Every so many of a list: the levels stay mixed, the easier first. */
function pick<Item>(list: readonly Item[], count: number): Item[] {
  if (count >= list.length) return [...list];
  return Array.from({ length: count }, (_, i) => list[Math.floor((i * list.length) / count)]);
}

/** Marks one answer. */
export function mark(id: string, seed: number, answer: QuizAnswer): QuizMark {
  return markAnswer(quizItem(id, seed), answer);
}
