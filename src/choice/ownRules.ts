import type { TaskFacts } from "./facts.js";
import { Case, type Choice } from "./rule.js";

const lecture =
  "custom losses where standard ones miss what counts: several losses together, or knowledge of the domain";

/** Losses that the user puts together or writes, where the task asks for it; `best` is the standard loss to begin with. */
export function ownChoices({ several, custom }: TaskFacts, best: string): readonly Choice[] {
  return [
    ...(custom === true
      ? [
          new Case(
            "customLoss",
            0.98,
            "No standard loss says what counts here: write it, one sequence at a time.",
            lecture,
          )
            .minus(true, 0, `Its gradient is yours to give, and is checked; compare with ${best} before you trust it.`)
            .done(),
        ]
      : []),
    ...(several === true
      ? [
          new Case(
            "combineLosses",
            0.97,
            `Several things count at once: begin with ${best} at weight 1, and add the others.`,
            lecture,
          )
            .minus(true, 0, "A loss of larger numbers drowns the rest: look at its terms before you set weights.")
            .done(),
        ]
      : []),
  ];
}
