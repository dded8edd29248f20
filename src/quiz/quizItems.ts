import { SeqlossError } from "../core/errors.js";
import { Random } from "../core/random.js";
import { bank } from "./bank.js";
import { type QuizItem, type QuizKind, type QuizLevel, type QuizTopic, quizTopics } from "./item.js";
import type { Template } from "./template.js";

export interface QuizSelection {
  /** Default all. */
  readonly topic?: QuizTopic;
  /** Default all. */
  readonly level?: QuizLevel;
  /** Default all. */
  readonly kind?: QuizKind;
  /** How many are drawn, the easier first; fewer where there are fewer. Default all of them, in the order of the bank. */
  readonly count?: number;
  /** Of the numbers, the order of options, and what is drawn: a whole number of at least 0. Default 1. */
  readonly seed?: number;
}

const KINDS: readonly QuizKind[] = ["choice", "trueFalse", "fillIn", "numeric", "order", "open"];

/**
 * One question, the same for the same id and seed, whatever else is asked. The key of a numeric one is computed at that moment by
 * the library's own functions.
 *
 * @param seed a whole number of at least 0
 * @throws SeqlossError when there is no such item (OPTION), or the seed is out of range (VALUE)
 * @example
 * quizItem("self-assessment-3", 1).answer // "regression"
 */
export function quizItem(id: string, seed: number): QuizItem {
  checkSeed("quizItem", seed);
  const template = bank().find((one) => one.id === id);
  if (template === undefined) {
    throw new SeqlossError("quizItem", "OPTION", {
      argument: "id",
      expected: "the id of an item",
      found: id,
      advice: "quizItems() lists them all.",
    });
  }
  return drawn(template, seed);
}

/**
 * The questions of the bank, or those of a topic, level or kind; with `count`, a quiz drawn from them. The lecture's own come first.
 *
 * @throws SeqlossError when a topic, level or kind is unknown (OPTION), or the seed or the count is out of range (VALUE)
 * @example
 * quizItems({ topic: "lecture" })[0].id // "self-assessment-1"
 * quizItems({ count: 5, seed: 7 }).length // 5
 */
export function quizItems(selection: QuizSelection = {}): QuizItem[] {
  const where = "quizItems";
  const { topic, level, kind, count, seed = 1 } = selection;
  checkSeed(where, seed);
  checkChoice(where, "topic", topic, quizTopics);
  checkChoice(where, "level", level, [1, 2, 3]);
  checkChoice(where, "kind", kind, KINDS);
  const chosen = bank().filter(
    (one) =>
      (topic === undefined || one.topic === topic) &&
      (level === undefined || one.level === level) &&
      (kind === undefined || one.kind === kind),
  );
  if (count === undefined) return chosen.map((template) => drawn(template, seed));
  if (!Number.isSafeInteger(count) || count < 1) {
    throw new SeqlossError(where, "VALUE", { argument: "count", expected: "a whole number above 0", found: count });
  }
  const places = new Random(seed).shuffle(chosen.map((_, i) => i)).slice(0, count);
  return places
    .map((i) => chosen[i])
    .toSorted((a, b) => a.level - b.level)
    .map((template) => drawn(template, seed));
}

/** Each item has a stream of its own. */
function drawn(template: Template, seed: number): QuizItem {
  let stream = 0x811c9dc5; // the id, hashed (FNV-1a)
  for (const letter of template.id) stream = Math.imul(stream ^ (letter.codePointAt(0) as number), 0x01000193);
  return template.draw(new Random(seed, stream >>> 0));
}

function checkSeed(where: string, seed: number): void {
  if (Number.isSafeInteger(seed) && seed >= 0) return;
  throw new SeqlossError(where, "VALUE", {
    argument: "seed",
    expected: "a whole number of at least 0",
    found: seed,
  });
}

function checkChoice(where: string, argument: string, found: unknown, choices: readonly unknown[]): void {
  if (found === undefined || choices.includes(found)) return;
  throw new SeqlossError(where, "OPTION", { argument, expected: `one of ${choices.join(", ")}`, found });
}
