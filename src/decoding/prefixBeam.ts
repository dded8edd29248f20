import { SeqlossError } from "../core/errors.js";
import { logAdd } from "../core/numeric.js";
import type { TensorLike } from "../core/tensor.js";
import { type FrameOptions, readFrames } from "./frames.js";
import type { Reading } from "./greedy.js";

export interface BeamOptions extends FrameOptions {
  /** Prefixes kept after each frame. Default 25, where wider beams hardly read better. */
  readonly beamWidth?: number;
  /** Readings returned for each sequence, best first. Default 1. */
  readonly top?: number;
  /** Labels less likely than this in a frame do not extend prefixes there: speed for exactness. Default 0. */
  readonly minimumProbability?: number;
  /** ln p(next | prefix) of a language model. */
  readonly languageModel?: (prefix: readonly number[], next: number) => number;
  /** How much the language model counts. Default 1. */
  readonly languageWeight?: number;
  /** Added for each label, against a language model's preference for short readings. Default 0. */
  readonly labelBonus?: number;
}

/** One prefix in the beam: its last label, the prefix before it, and ln of the mass of alignments that read as it. */
interface Prefix {
  readonly parent: Prefix | undefined;
  readonly label: number;
  readonly children: Map<number, Prefix>;
  /** Language model and bonus, summed over the labels. */
  readonly bonus: number;
  endsInBlank: number;
  endsInLabel: number;
  nextBlank: number;
  nextLabel: number;
  /** The frame that last touched it; a prefix is in the next beam once. */
  frame: number;
}

const NOTHING = Number.NEGATIVE_INFINITY;

/**
 * Prefix beam search: the likeliest labels, each summed over the alignments that the beam holds (Graves 2012, section 7.4;
 * Hannun et al. 2014, algorithm 1). A beam as wide as there are prefixes is exhaustive. Ties go to the prefix found first,
 * shorter and lower ids before others.
 *
 * @returns for each sequence its best `top` readings; `score` is ln p, with the language model's share and the bonuses
 * @example
 * ctcBeamSearch([[[0.6, 0.4], [0.6, 0.4]].map((p) => p.map(Math.log))])[0][0].labels // [1]
 */
export function ctcBeamSearch(logits: TensorLike, options: BeamOptions = {}): Reading[][] {
  const where = "ctcBeamSearch";
  const { beamWidth = 25, top = 1, minimumProbability = 0 } = options;
  for (const [argument, found] of Object.entries({ beamWidth, top })) {
    if (!Number.isInteger(found) || found < 1) {
      throw new SeqlossError(where, "VALUE", { argument, expected: "a whole number of at least 1", found });
    }
  }
  const { batch, blank, logProbs } = readFrames(where, logits, options);
  const least = Math.log(minimumProbability);
  return Array.from(batch.lengths, (frames, b) => {
    const rows = logProbs(b);
    let beam = [newPrefix(undefined, blank, 0)];
    beam[0].endsInBlank = 0;
    for (let t = 0; t < frames; t++) {
      beam = advance(beam, rows.subarray(t * batch.width, (t + 1) * batch.width), t, {
        blank,
        beamWidth,
        least,
        options,
      });
    }
    return beam.slice(0, top).map((prefix) => ({ labels: labelsOf(prefix), score: scoreOf(prefix) }));
  });
}

function newPrefix(parent: Prefix | undefined, label: number, bonus: number): Prefix {
  const mass = { endsInBlank: NOTHING, endsInLabel: NOTHING, nextBlank: NOTHING, nextLabel: NOTHING };
  return { parent, label, children: new Map(), bonus, ...mass, frame: -1 };
}

const scoreOf = ({ endsInBlank, endsInLabel, bonus }: Prefix): number => logAdd(endsInBlank, endsInLabel) + bonus;

function labelsOf(prefix: Prefix): number[] {
  const labels: number[] = [];
  for (let p: Prefix | undefined = prefix; p?.parent !== undefined; p = p.parent) labels.push(p.label);
  return labels.reverse();
}

interface Search {
  readonly blank: number;
  readonly beamWidth: number;
  readonly least: number;
  readonly options: BeamOptions;
}

function advance(beam: readonly Prefix[], row: Float64Array, frame: number, search: Search): Prefix[] {
  const { blank, beamWidth, least } = search;
  const next: Prefix[] = [];
  const touch = (prefix: Prefix): Prefix => {
    if (prefix.frame !== frame) {
      prefix.frame = frame;
      prefix.nextBlank = NOTHING;
      prefix.nextLabel = NOTHING;
      next.push(prefix);
    }
    return prefix;
  };
  for (const prefix of beam) {
    const own = touch(prefix);
    const all = logAdd(prefix.endsInBlank, prefix.endsInLabel);
    own.nextBlank = logAdd(own.nextBlank, all + row[blank]);
    if (prefix.parent !== undefined) own.nextLabel = logAdd(own.nextLabel, prefix.endsInLabel + row[prefix.label]);
    for (let k = 0; k < row.length; k++) {
      if (k === blank || row[k] === NOTHING || row[k] < least) continue;
      // the same label again is a new one only after a blank
      const from = prefix.parent !== undefined && k === prefix.label ? prefix.endsInBlank : all;
      if (from === NOTHING) continue;
      const longer = touch(childOf(prefix, k, search.options));
      longer.nextLabel = logAdd(longer.nextLabel, from + row[k]);
    }
  }
  for (const prefix of next) {
    prefix.endsInBlank = prefix.nextBlank;
    prefix.endsInLabel = prefix.nextLabel;
  }
  return next.sort((a, b) => scoreOf(b) - scoreOf(a)).slice(0, beamWidth);
}

function childOf(prefix: Prefix, label: number, options: BeamOptions): Prefix {
  const known = prefix.children.get(label);
  if (known !== undefined) return known;
  const { languageModel, languageWeight = 1, labelBonus = 0 } = options;
  const language = languageModel === undefined ? 0 : languageWeight * languageModel(labelsOf(prefix), label);
  const child = newPrefix(prefix, label, prefix.bonus + language + labelBonus);
  prefix.children.set(label, child);
  return child;
}
