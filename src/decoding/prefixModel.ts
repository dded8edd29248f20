import { endLogProbability, type LabelsModel, type LanguageModel, nextLogProbability } from "./languageModel.js";
import type { PrefixTrie } from "./prefixTrie.js";

/** What a beam search adds to the scores of prefixes, for what is known of them apart from the frames. */
export interface PrefixModel {
  /** The most that one label more can add. */
  readonly mostGain: number;
  /** Before each sequence. */
  start(): void;
  /** What is added to a prefix that has one label more than `parent`, `child` being its node; asked once for each. */
  bonus(trie: PrefixTrie, parent: number, child: number): number;
  /** What is added to that if the labels end here. */
  end(trie: PrefixTrie, node: number): number;
}

/** A language model that is asked for ln P(next | prefix), its weight, and a bonus for each label. */
export function weightedModel(
  model: LanguageModel,
  finish: LabelsModel | undefined,
  weight: number,
  labelBonus: number,
): PrefixModel {
  return {
    mostGain: labelBonus,
    start() {},
    bonus(trie, parent, child) {
      const score = nextLogProbability(model, trie.labels(parent), trie.label[child]);
      return trie.bonus[parent] + weight * score + labelBonus;
    },
    end: (trie, node) => weight * endLogProbability(finish, trie.labels(node)),
  };
}
