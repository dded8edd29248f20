import { SeqlossError } from "../core/errors.js";
import type { ChoiceItem, NumericItem, OpenItem, OrderItem } from "./item.js";

/** An answer as it is given: text as it was typed, or a value. */
export type QuizAnswer = string | number | boolean | readonly number[];

/** The letters that options are answered with. */
export const LETTERS = "abcdefghijklmnopqrstuvwxyz";

const unreadable = (expected: string, found: QuizAnswer, advice?: string): SeqlossError =>
  new SeqlossError("markAnswer", "FORMAT", { argument: "answer", expected, found, ...(advice && { advice }) });

const lettersOf = (size: number): string => `${LETTERS[0]} to ${LETTERS[size - 1]}`;
const isPlace = (x: unknown, size: number): x is number =>
  Number.isInteger(x) && (x as number) >= 0 && (x as number) < size;

/** The place of the option that is meant: its letter, its place from 0, or its text. */
export function readChoice({ options }: Pick<ChoiceItem, "options">, answer: QuizAnswer): number {
  if (isPlace(answer, options.length)) return answer;
  const expected = `a letter from ${lettersOf(options.length)}, or a place in 0..${options.length - 1}`;
  if (typeof answer !== "string") throw unreadable(expected, answer);
  const text = answer.trim();
  const byText = options.findIndex((option) => option.text === text);
  if (byText >= 0) return byText;
  const letter = /^\(?([a-z])[).]?$/i.exec(text)?.[1].toLowerCase();
  const place = letter === undefined ? -1 : LETTERS.indexOf(letter);
  if (!isPlace(place, options.length)) throw unreadable(expected, answer);
  return place;
}

const TRUE = ["true", "t", "yes", "y"];
const FALSE = ["false", "f", "no", "n"];

export function readTruth(answer: QuizAnswer): boolean {
  if (typeof answer === "boolean") return answer;
  const text = typeof answer === "string" ? answer.trim().toLowerCase() : "";
  if (TRUE.includes(text)) return true;
  if (FALSE.includes(text)) return false;
  throw unreadable("true or false", answer);
}

const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;

export function readNumber({ tolerance }: Pick<NumericItem, "tolerance">, answer: QuizAnswer): number {
  const expected = tolerance === 0 ? "a whole number such as 12" : "a number such as 0.25";
  if (typeof answer === "number" && Number.isFinite(answer)) return answer;
  if (typeof answer !== "string") throw unreadable(expected, answer);
  const text = answer.trim().replace(/^[−–]/, "-");
  if (NUMBER.test(text)) return Number(text);
  throw unreadable(
    expected,
    answer,
    text.includes(",") ? "The decimal mark is a point." : "Digits only: no unit, no formula.",
  );
}

/** The places of the options in the order that is meant: "b a c", "bac", or [1, 0, 2]. */
export function readOrder({ options }: Pick<OrderItem, "options">, answer: QuizAnswer): number[] {
  const size = options.length;
  const expected = `each of the letters ${lettersOf(size)} once, such as ${LETTERS.slice(0, size).split("").reverse().join(" ")}`;
  let places: readonly number[] = [];
  if (Array.isArray(answer)) places = answer;
  else if (typeof answer === "string") {
    if (!/^[a-z](?:[\s,>]*[a-z])*$/i.test(answer.trim())) throw unreadable(expected, answer);
    places = Array.from(answer.toLowerCase().replace(/[^a-z]/g, ""), (letter) => LETTERS.indexOf(letter));
  }
  const complete = places.length === size && options.every((_, i) => places.includes(i));
  if (!complete) throw unreadable(expected, answer);
  return [...places];
}

/** How many points are met: their number, or the list of their places. */
export function readPoints({ points }: OpenItem, answer: QuizAnswer): number {
  const expected = `how many of the ${points.length} points are met, or a list of their places from 0`;
  if (Array.isArray(answer)) {
    if (answer.every((i) => isPlace(i, points.length)) && new Set(answer).size === answer.length) return answer.length;
    throw unreadable(expected, answer);
  }
  const text = typeof answer === "string" ? answer.trim() : answer;
  const count = typeof text === "string" && /^\d+$/.test(text) ? Number(text) : text;
  if (isPlace(count, points.length + 1)) return count;
  throw unreadable(expected, answer);
}
