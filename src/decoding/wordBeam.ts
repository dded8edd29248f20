import { SeqlossError } from "../core/errors.js";
import type { TensorLike } from "../core/tensor.js";
import { Beam, type BeamReading } from "./beam.js";
import { type CtcFrames, readFrames } from "./frames.js";
import { beamSettings, checkFinite, checkSearch, checkWeight, type SearchOptions, searchEach } from "./prefixBeam.js";
import { type WordModel, WordScores } from "./wordModel.js";

export interface WordBeamOptions extends SearchOptions {
  /** What the n-gram model's log-probabilities are multiplied by, at least 0. Default 1. */
  readonly languageWeight?: number;
  /** Added to the score for each word: above 0 it makes up for a language model's liking for few. Default 0. */
  readonly wordBonus?: number;
  /** Added for each word that is in the lexicon and not in the n-gram model, beside the probability of `<unk>`. Default 0. */
  readonly unknownBonus?: number;
}

/** Words that a sequence may be read as. */
export interface WordReading extends BeamReading {
  readonly words: readonly string[];
}

/**
 * Prefix beam search over CTC outputs for words of a lexicon, with an n-gram model of words: of all that the lexicon can
 * write, what has the best score ln P(labels | frames) + languageWeight · ln P(words) + wordBonus · |words|. The first term is
 * summed over alignments, as in `ctcBeamSearch`; where labels can be seen as words in several ways, the best counts (Hannun,
 * Maas, Jurafsky, Ng 2014, equation 3 and algorithm 1, for any n-gram and lexicon). Inside a word the most that the model can
 * give to any word that begins so is counted ahead, so that the beam is not full of beginnings of unlikely ones.
 *
 * @param logits [B, T, V], T frames of V classes; padding past a sequence's length is never read
 * @param model of `wordModel`
 * @returns for each sequence at least one reading, the best first. Where the beam holds no labels that are whole words, it is
 *   empty with score -Infinity; frames that hold NaN or +Infinity give an empty one with score NaN
 * @throws SeqlossError when shapes disagree (SHAPE, LENGTH), a label of the lexicon is no class of the outputs, or the blank
 *   (LABEL), an option is out of range (VALUE)
 * @example
 * const tokens = ["", " ", "o", "n", "w"];
 * const model = wordModel({ lexicon: readLexicon("on\nno\nnow\nown", tokens), separator: 1 });
 * const likely = [2, 2, 3, 1, 3, 2, 4].map((label) => tokens.map((_, k) => (k === label ? 3 : 0)));
 * const [[best]] = ctcWordBeamSearch([likely], model);
 * best.words // ["on", "now"]
 * best.labels // [2, 3, 1, 3, 2, 4]
 */
export function ctcWordBeamSearch(
  logits: TensorLike,
  model: WordModel,
  options: WordBeamOptions = {},
): WordReading[][] {
  const where = "ctcWordBeamSearch";
  const frames = readFrames(where, logits, options);
  const { languageWeight = 1, wordBonus = 0, unknownBonus = 0 } = options;
  checkSearch(where, options);
  checkWeight(where, languageWeight);
  checkFinite(where, { wordBonus, unknownBonus });
  checkLabels(where, model, frames);
  const scores = new WordScores(model, { languageWeight, wordBonus, unknownBonus });
  const settings = { ...beamSettings(options, frames), model: scores, labelBonus: 0 };
  const beam = new Beam(frames.width, frames.blank, settings);
  return searchEach(frames, beam, options.top).map((readings) => {
    const whole = readings.filter(({ score }) => score !== Number.NEGATIVE_INFINITY);
    if (whole.length === 0) return [{ ...NOTHING, words: [] }];
    return whole.map((reading) => ({ ...reading, words: scores.words(reading.labels) }));
  });
}

function checkLabels(where: string, { lexicon }: WordModel, { width, blank }: CtcFrames): void {
  for (const label of lexicon.labels) {
    if (label < width && label !== blank) continue;
    const expected = `a class in 0..${width - 1} that is not the blank, ${blank}`;
    throw new SeqlossError(where, "LABEL", { argument: "a label of the lexicon", expected, found: label });
  }
}

const NOTHING = { labels: [], logProbability: Number.NEGATIVE_INFINITY, score: Number.NEGATIVE_INFINITY };
