import type { LanguageFiles, Task } from "../../tasks/task.js";
import { EXIT, Failure } from "./failure.js";

/** What is likely to be read, as flags say it. */
export interface LanguageFlags {
  readonly lm?: string;
  readonly lexicon?: string;
  readonly lmWeight?: number;
  readonly bonus?: number;
}

/** The language model of the flags, if there is one and the task can read with it. */
export function languageOf({ name, takesLanguage = false }: Task, flags: LanguageFlags): LanguageFiles | undefined {
  const { lm, lexicon, lmWeight: weight, bonus } = flags;
  const given = Object.entries({ lm, lexicon, "lm-weight": weight, bonus }).find(([, value]) => value !== undefined);
  if (given === undefined) return undefined;
  if (!takesLanguage) {
    throw new Failure(EXIT.usage, `the task ${name} reads without a language model; leave out --${given[0]}.`);
  }
  if (lm === undefined && weight !== undefined) throw new Failure(EXIT.usage, "--lm-weight goes with --lm <file>.");
  if (lm === undefined && lexicon === undefined) {
    throw new Failure(EXIT.usage, `--${given[0]} goes with --lm <file> or --lexicon <file>.`);
  }
  return { lm, lexicon, weight, bonus };
}
