import { SeqlossError } from "../core/errors.js";
import { readsAs } from "../worked/readsAs.js";
import type { AlignmentItem, NumericItem, QuizItem } from "./item.js";
import { LETTERS, type QuizAnswer, readChoice, readNumber, readOrder, readPoints, readTruth } from "./read.js";
import { matches } from "./words.js";

/** What an answer is worth. */
export interface QuizMark {
  /** 1 right, 0 wrong; of an open question the share of its points. */
  readonly score: number;
  /** Whether the score is 1. */
  readonly right: boolean;
  /** False where the question was left out. */
  readonly answered: boolean;
  /** The right answer, as text. */
  readonly key: string;
  /** Why it is right. */
  readonly reason: string;
  /** What is wrong with the answer, where that is known. */
  readonly whyNot?: string;
}

/**
 * Marks an answer; without one the question counts as left out, and the mark says what the answer is.
 *
 * choice, wrongStep, curve: the option's letter or text, or its place from 0. alignment: its symbols. trueFalse: true or false, t or f, yes or no. fillIn: a word; case, plural,
 * article and hyphens do not matter. numeric: a number, right within the item's tolerance. order: the letters in order, or a list of
 * places. open: how many points are met, or which; the mark is that of whoever reads the answer.
 *
 * @throws SeqlossError (FORMAT) when the answer cannot be read as one to this item; it is never guessed at
 * @example
 * markAnswer(quizItem("self-assessment-1", 1), "Length").right // true
 * markAnswer(quizItem("hinge-by-its-formula", 1), 0.467).whyNot // "This is the mean over the steps; the formula is a sum."
 */
export function markAnswer(item: QuizItem, answer?: QuizAnswer): QuizMark {
  const answered = answer !== undefined;
  const { score, whyNot }: Verdict = answered ? verdict(item, answer) : { score: 0 };
  const found = whyNot === undefined ? {} : { whyNot };
  return { score, right: score === 1, answered, key: keyOf(item), reason: item.reason, ...found };
}

interface Verdict {
  readonly score: number;
  readonly whyNot?: string | undefined;
}

function verdict(item: QuizItem, answer: QuizAnswer): Verdict {
  switch (item.kind) {
    case "choice":
    case "wrongStep":
    case "curve": {
      const place = readChoice(item, answer);
      return place === item.answer ? { score: 1 } : { score: 0, whyNot: item.options[place].whyNot };
    }
    case "trueFalse":
      return { score: readTruth(answer) === item.answer ? 1 : 0 };
    case "fillIn":
      return { score: matches(item, readWord(answer)) ? 1 : 0 };
    case "alignment":
      return alignmentVerdict(item, readWord(answer));
    case "numeric":
      return numericVerdict(item, readNumber(item, answer));
    case "order": {
      const places = readOrder(item, answer);
      const wrong = places.findIndex((place, i) => place !== item.answer[i]);
      if (wrong < 0) return { score: 1 };
      return { score: 0, whyNot: `Place ${wrong + 1} should be: ${item.options[item.answer[wrong]]}.` };
    }
    case "open":
      return { score: readPoints(item, answer) / item.points.length };
  }
}

function readWord(answer: QuizAnswer): string {
  if (typeof answer === "number") return String(answer);
  if (typeof answer === "string" && answer.trim() !== "") return answer;
  throw new SeqlossError("markAnswer", "FORMAT", { argument: "answer", expected: "a word", found: answer });
}

function alignmentVerdict({ label, frames, symbols }: AlignmentItem, given: string): Verdict {
  const path = Array.from(given.replace(/[\s,]/g, "").toUpperCase());
  const [blank] = symbols;
  const stray = path.find((symbol) => !symbols.includes(symbol));
  if (stray !== undefined) return { score: 0, whyNot: `"${stray}" is none of the symbols ${symbols.join(" ")}.` };
  if (path.length !== frames)
    return { score: 0, whyNot: `It has ${path.length} symbols; ${frames} frames have one each.` };
  const read = readsAs(path.join(""), blank);
  return read === label ? { score: 1 } : { score: 0, whyNot: `It reads as ${read === "" ? "nothing" : read}.` };
}

function numericVerdict({ answer: key, tolerance, slips }: NumericItem, given: number): Verdict {
  const off = Math.abs(given - key);
  if (off <= tolerance * (1 + 1e-9)) return { score: 1 };
  const met = slips.filter(({ value }) => Math.abs(given - value) <= 0.005 * Math.abs(value));
  if (met.length > 0) return { score: 0, whyNot: [...new Set(met.map(({ why }) => why))].join(" Or: ") };
  if (key !== 0 && Math.abs(given + key) <= tolerance) return { score: 0, whyNot: "The sign is turned round." };
  return { score: 0, ...(off <= 10 * tolerance && { whyNot: "Near, but not to the digits asked for." }) };
}

/** The right answer in words. */
function keyOf(item: QuizItem): string {
  switch (item.kind) {
    case "choice":
    case "wrongStep":
    case "curve":
      return `${LETTERS[item.answer]}) ${item.options[item.answer].text}`;
    case "order":
      return `${item.answer.map((place) => LETTERS[place]).join(" ")}: ${item.answer.map((place) => item.options[place]).join("; ")}`;
    case "numeric":
      return item.tolerance === 0 ? String(item.answer) : String(Number(item.answer.toPrecision(6)));
    case "alignment":
      return `${item.answer}, for one`;
    case "trueFalse":
    case "fillIn":
    case "open":
      return String(item.answer);
  }
}
