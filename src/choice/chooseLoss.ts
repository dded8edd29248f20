import { checkFacts, type TaskFacts } from "./facts.js";
import type { Choice } from "./rule.js";
import { choicesFor } from "./rules.js";

/**
 * Which loss fits a task: the losses that fit its targets, the best first, each with its reasons, what speaks against it, options
 * to begin with, and what the lecture says of it. The more is known, the sharper the order.
 *
 * @throws SeqlossError when a kind of target, a word or a name of a fact is unknown (OPTION), or a number cannot be (VALUE)
 * @example
 * const [first] = chooseLoss({ targets: "labels", alignment: "unknown", length: "shorter" });
 * first.loss // "ctcLoss"
 */
export function chooseLoss(facts: TaskFacts): readonly Choice[] {
  checkFacts("chooseLoss", facts);
  return choicesFor(facts).toSorted((a, b) => b.score - a.score);
}
