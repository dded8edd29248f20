import { SeqlossError } from "../core/errors.js";
import type { LabelsModel, LanguageModel } from "./languageModel.js";
import type { NgramModel } from "./ngram.js";

/**
 * An n-gram model over characters, or whatever a network's classes are, as `ctcBeamSearch` asks for one.
 *
 * @param tokens what each class is called in the model, by its id; what stands at the blank is not looked at
 * @throws SeqlossError (LABEL) when the search asks for a class that has no token
 * @example
 * const ngram = readArpa("\\data\\\nngram 1=2\n\n\\1-grams:\n-1 a\n-0.1 b\n\n\\end\\");
 * const frames = [[[1, 2, 1.9]]];
 * ctcBeamSearch(frames)[0][0].labels // [1]
 * ctcBeamSearch(frames, labelNgram(ngram, ["", "a", "b"]))[0][0].labels // [2]
 */
export function labelNgram(
  ngram: NgramModel,
  tokens: readonly string[],
): { readonly languageModel: LanguageModel; readonly finish: LabelsModel } {
  const ids = tokens.map((token) => ngram.idOf(token));
  const idOf = (label: number): number => {
    if (label < ids.length) return ids[label];
    const expected = `a class in 0..${ids.length - 1}, one for each token`;
    throw new SeqlossError("labelNgram", "LABEL", { argument: "a class of the outputs", expected, found: label });
  };
  const stateAfter = (labels: readonly number[]): number => {
    // no more labels than these can matter, and `<s>` only where there are fewer
    const recent = Math.max(0, labels.length - (ngram.order - 1));
    let state = recent === 0 ? ngram.start : ngram.none;
    for (let u = recent; u < labels.length; u++) state = ngram.next(state, idOf(labels[u]));
    return state;
  };
  return {
    languageModel: (prefix, next) => ngram.wordLogProbability(stateAfter(prefix), idOf(next)),
    finish: (labels) => ngram.endLogProbability(stateAfter(labels)),
  };
}
