import type { DataSource } from "../task.js";

/** A word or a sentence, in symbols, with everything that it may become. */
export interface Example {
  readonly source: readonly string[];
  readonly references: readonly (readonly string[])[];
}

export interface Corpus {
  readonly train: readonly Example[];
  readonly validation: readonly Example[];
  readonly test: readonly Example[];
}

/** A data set of one pair of languages, or of one language's spelling and sound. */
export interface TextPair {
  /** "Hungarian words" */
  readonly title: string;
  /** What is written: phones of words, or words of sentences. */
  readonly unit: "phone" | "word";
  readonly source: () => DataSource;
  readonly load: () => Corpus;
  /** A text in the symbols of the source. */
  readonly split: (text: string) => readonly string[];
  readonly join: (symbols: readonly string[]) => string;
  /** An input that the network has not seen as such. */
  readonly example: string;
  /** The figure that the field knows, with its source; absent where there is none for this split. */
  readonly published?: string;
}

/** Lines "source<tab>target" with equal sources made one example, in the order of their first lines. */
export function groupPairs(pairs: Iterable<readonly [string, string]>): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const [source, target] of pairs) {
    const targets = groups.get(source);
    if (targets === undefined) groups.set(source, [target]);
    else if (!targets.includes(target)) targets.push(target);
  }
  return groups;
}

export function toExamples(
  groups: ReadonlyMap<string, readonly string[]>,
  splitSource: (text: string) => readonly string[],
  splitTarget: (text: string) => readonly string[],
): Example[] {
  return Array.from(groups, ([source, targets]) => ({
    source: splitSource(source),
    references: targets.map(splitTarget),
  }));
}
