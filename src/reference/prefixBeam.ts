import { logAdd } from "../core/numeric.js";

/** What a prefix beam search is told; the defaults prune by the width alone. */
export interface PrefixBeamSettings {
  readonly blank: number;
  /** Prefixes kept at each frame. */
  readonly width: number;
  /** The log-probability that a class needs in a frame to extend prefixes. */
  readonly lowest?: (logProbs: Float64Array) => number;
  /** Prefixes more nats than this below the best one are dropped. */
  readonly threshold?: number;
  /** What is added to the score of a prefix. */
  readonly bonus?: (labels: readonly number[]) => number;
}

/** A prefix, and ln of the probability of its alignments so far, by their last symbol. */
export interface ScoredPrefix {
  readonly labels: readonly number[];
  readonly endsInBlank: number;
  readonly endsInLabel: number;
  /** ln of both, and the bonus. */
  readonly score: number;
}

/**
 * CTC prefix beam search (Hannun, Maas, Jurafsky, Ng 2014, algorithm 1) with one object a candidate and one sort a frame.
 * `frames` [T][V] are log-probabilities. Returns the beam after the last, best first; of equal scores a prefix of the frame
 * before comes first, then the extension by the lowest id, then that of the better prefix.
 */
export function prefixBeam(frames: readonly Float64Array[], settings: PrefixBeamSettings): ScoredPrefix[] {
  const { blank, width, lowest = () => Number.NEGATIVE_INFINITY } = settings;
  const { threshold = Number.POSITIVE_INFINITY, bonus = () => 0 } = settings;
  const nothing = Number.NEGATIVE_INFINITY;
  let beam: ScoredPrefix[] = [{ labels: [], endsInBlank: 0, endsInLabel: nothing, score: 0 }];
  for (const row of frames) {
    const live = new Map(beam.map((prefix) => [prefix.labels.join(), prefix]));
    const candidates: ScoredPrefix[] = [];
    const offer = (labels: readonly number[], endsInBlank: number, endsInLabel: number): void => {
      const score = logAdd(endsInBlank, endsInLabel) + bonus(labels);
      candidates.push({ labels, endsInBlank, endsInLabel, score });
    };
    for (const prefix of beam) {
      const { labels } = prefix;
      const last = labels.at(-1);
      const parent = last === undefined ? undefined : live.get(labels.slice(0, -1).join());
      const fromParent = parent === undefined ? nothing : extendable(parent, last as number);
      const byLabel = last === undefined ? nothing : logAdd(prefix.endsInLabel, fromParent) + row[last];
      offer(labels, logAdd(prefix.endsInBlank, prefix.endsInLabel) + row[blank], byLabel);
    }
    for (let k = 0; k < row.length; k++) {
      if (k === blank || row[k] < lowest(row)) continue;
      for (const prefix of beam) {
        const labels = [...prefix.labels, k];
        if (!live.has(labels.join())) offer(labels, nothing, extendable(prefix, k) + row[k]);
      }
    }
    candidates.sort((a, b) => (a.score === b.score ? 0 : a.score < b.score ? 1 : -1));
    const best = candidates[0]?.score ?? nothing;
    beam = candidates.slice(0, width).filter(({ score }) => score > nothing && score >= best - threshold);
  }
  return beam;
}

/** ln of the probability of the alignments of a prefix that `label` extends: after the same label only those that end in a blank. */
function extendable({ labels, endsInBlank, endsInLabel }: ScoredPrefix, label: number): number {
  return labels.at(-1) === label ? endsInBlank : logAdd(endsInBlank, endsInLabel);
}
