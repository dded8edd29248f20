import { SeqlossError } from "../core/errors.js";
import type { TensorLike } from "../core/tensor.js";
import { Beam, type BeamReading } from "./beam.js";
import { type CtcFrames, type FrameOptions, readFrames, readLogProbs } from "./frames.js";
import type { LabelsModel, LanguageModel } from "./languageModel.js";
import { type PrefixModel, weightedModel } from "./prefixModel.js";

/** How wide a beam search looks, and how much of what it finds it returns. */
export interface SearchOptions extends FrameOptions {
  /**
   * How many prefixes are kept at each frame. Default 25: where the outputs are sure of most frames, as a trained model's
   * are, a wider beam finds the same labels; where they are not, widen it, at a cost in proportion. A beam as wide as there
   * are prefixes is an exhaustive search.
   */
  readonly beamWidth?: number;
  /** How many labels are returned for each sequence, the best first; there are never more than the beam holds. Default 1. */
  readonly top?: number;
  /** At each frame only this many likeliest classes may extend a prefix, and those that tie with the last. Default all. */
  readonly maxClasses?: number;
  /** Classes less probable than this in a frame extend no prefix there. Default 0. */
  readonly minimumProbability?: number;
  /** Prefixes more than this many nats below the best one leave the beam. Default Infinity. */
  readonly beamThreshold?: number;
}

export interface BeamOptions extends SearchOptions {
  /** ln P(next | prefix) by a language model, at most 0; -Infinity forbids the label. Asked once for each such pair. */
  readonly languageModel?: LanguageModel;
  /** ln P(the labels end here) by the same model, at most 0; -Infinity refuses them. Default 0. */
  readonly finish?: LabelsModel;
  /** What both are multiplied by, at least 0. Default 1. */
  readonly languageWeight?: number;
  /** Added to the score for each label: above 0 it makes up for a language model's liking for short ones. Default 0. */
  readonly labelBonus?: number;
}

/**
 * Prefix beam search over CTC outputs: the most probable labels, each with its probability summed over alignments (Graves
 * 2012, "Supervised Sequence Labelling with Recurrent Neural Networks", section 7.5; Hannun, Maas, Jurafsky, Ng 2014,
 * algorithm 1). float64, in log space.
 *
 * In the beam, of equal scores the prefix of the frame before is kept rather than an extension, and of extensions the one by
 * the lowest id. Equal readings are returned the shorter first, then the one of lower ids.
 *
 * @param logits [B, T, V], T frames of V classes; padding past a sequence's length is never read
 * @returns for each sequence at least one reading, the best first. Where no label has a probability above 0 it is empty
 *   with score -Infinity; frames that hold NaN or +Infinity give an empty one with score NaN, and touch no other sequence
 * @throws SeqlossError when shapes disagree (SHAPE, LENGTH), an option or a language model's answer is out of range (VALUE)
 * @example
 * const frames = [[[0.6, 0.4], [0.6, 0.4]]].map((rows) => rows.map((row) => row.map(Math.log)));
 * ctcBeamSearch(frames)[0][0].labels // [1]: probability 0.64, though the best path, two blanks, reads as nothing
 * Math.exp(ctcBeamSearch(frames)[0][0].logProbability) // 0.64
 */
export function ctcBeamSearch(logits: TensorLike, options: BeamOptions = {}): BeamReading[][] {
  const where = "ctcBeamSearch";
  const frames = readFrames(where, logits, options);
  checkOptions(where, options);
  const { labelBonus = 0 } = options;
  const beam = new Beam(frames.width, frames.blank, {
    ...beamSettings(options, frames),
    model: modelOf(options),
    labelBonus,
  });
  return searchEach(frames, beam, options.top);
}

/** The readings of each sequence; of one with frames that are not finite, a single one with score NaN. */
export function searchEach(frames: CtcFrames, beam: Beam, top = 1): BeamReading[][] {
  const row = new Float64Array(frames.width);
  return Array.from({ length: frames.batch }, (_, b) => {
    beam.start();
    for (let t = 0; t < frames.lengths[b]; t++) {
      if (!readLogProbs(frames, b, t, row)) return [{ labels: [], logProbability: Number.NaN, score: Number.NaN }];
      beam.step(row);
    }
    return beam.readings(top);
  });
}

/** Pruning, settled for these frames. */
export function beamSettings(options: SearchOptions, { width: classes, time }: CtcFrames) {
  const {
    beamWidth = 25,
    maxClasses = classes,
    minimumProbability = 0,
    beamThreshold = Number.POSITIVE_INFINITY,
  } = options;
  return {
    width: Math.min(beamWidth, countPrefixes(time, classes, beamWidth)),
    maxClasses,
    lowestLogProb: Math.log(minimumProbability),
    beamThreshold,
  };
}

function modelOf(options: BeamOptions): PrefixModel | undefined {
  const { languageModel, finish, languageWeight = 1, labelBonus = 0 } = options;
  if (languageWeight === 0 || (languageModel === undefined && finish === undefined)) return undefined;
  return weightedModel(languageModel ?? (() => 0), finish, languageWeight, labelBonus);
}

/** How many label sequences fit the frames, counted no further than `enough`. */
function countPrefixes(frames: number, classes: number, enough: number): number {
  let count = 1;
  for (let t = 0, longest = 1; t < frames && count < enough && longest > 0; t++) {
    longest *= classes - 1;
    count += longest;
  }
  return count;
}

function checkOptions(where: string, options: BeamOptions): void {
  const { languageWeight = 0, labelBonus = 0 } = options;
  checkSearch(where, options);
  checkWeight(where, languageWeight);
  checkFinite(where, { labelBonus });
}

/** Refuses pruning out of range. */
export function checkSearch(where: string, options: SearchOptions): void {
  const { beamWidth = 1, top = 1, maxClasses = 1, minimumProbability = 0, beamThreshold = 0 } = options;
  for (const [argument, count] of Object.entries({ beamWidth, top, maxClasses })) {
    check(where, argument, count, Number.isSafeInteger(count) && count >= 1, "a whole number of at least 1");
  }
  const probable = minimumProbability >= 0 && minimumProbability <= 1;
  check(where, "minimumProbability", minimumProbability, probable, "a number in [0, 1]");
  check(where, "beamThreshold", beamThreshold, beamThreshold >= 0, "a number of at least 0");
}

export function checkWeight(where: string, languageWeight: number): void {
  const weighs = languageWeight >= 0 && languageWeight < Number.POSITIVE_INFINITY;
  check(where, "languageWeight", languageWeight, weighs, "a finite number of at least 0");
}

export function checkFinite(where: string, given: Readonly<Record<string, number>>): void {
  for (const [argument, value] of Object.entries(given)) {
    check(where, argument, value, Number.isFinite(value), "a finite number");
  }
}

function check(where: string, argument: string, found: number, valid: boolean, expected: string): void {
  if (!valid) throw new SeqlossError(where, "VALUE", { argument, expected, found });
}
