import { type LatticeAnswer, lattice } from "./ctc.js";
import { presets } from "./ctcPresets.js";
import { gallery, type LossCard } from "./losses.js";

/** What the first page shows beside its words: it may come later than they do. */
export interface Pictures {
  readonly cards: readonly LossCard[];
  /** The lecture's HELLO. */
  readonly hero: LatticeAnswer;
}

/** @param losses whose cards are wanted; all where it is left out */
export function pictures(losses?: readonly string[]): Pictures {
  const [{ label, frames, weights }] = presets();
  return {
    cards: gallery().filter(({ name }) => losses?.includes(name) ?? true),
    hero: lattice({ kind: "ctc", label, frames, weights: [weights], seed: 1, normalised: false, built: [] }),
  };
}
