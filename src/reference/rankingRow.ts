/** One step as a ranking loss sees it: the wanted item, and those that it is ranked against. */
export interface Contest {
  readonly label: number;
  /** The wanted item's score. */
  readonly positive: number;
  /** The negatives' ids, ascending; an id that was listed twice is here twice. */
  readonly ids: Int32Array;
  /** The negatives' scores. */
  readonly negatives: Float64Array;
  /** How often the wanted item counts as its own negative. */
  readonly selves: number;
}

/** The loss of one step, and its slopes with respect to the scores of its contest. */
export interface RankingSlopes {
  readonly loss: number;
  readonly positive: number;
  readonly negatives: Float64Array;
}

/** The arithmetic of a loss: at least one negative, all scores finite. */
export type RankingRule = (contest: Contest) => RankingSlopes;

/** `label` against `items`, without what is masked; the label itself is left out of them, and counted where `includeSelf`. */
export function contest(scores: ArrayLike<number>, label: number, items: Int32Array, includeSelf: boolean): Contest {
  const ids = items.filter((item) => item !== label && scores[item] !== Number.NEGATIVE_INFINITY);
  const negatives = new Float64Array(ids.length);
  for (let j = 0; j < ids.length; j++) negatives[j] = scores[ids[j]];
  const selves = includeSelf ? items.reduce((count, item) => count + Number(item === label), 0) : 0;
  return { label, positive: scores[label], ids, negatives, selves };
}

/**
 * The loss of one step, by the rule, and around it.
 *
 * An item at -Infinity is masked. As a negative it is as if not listed; as the positive it costs Infinity with a zero gradient.
 * NaN or +Infinity among the scores that are read makes the loss and its slopes NaN. Nothing to be ranked against costs 0.
 */
export function rankingRow(given: Contest, rule: RankingRule): RankingSlopes {
  const { positive, negatives, selves } = given;
  const flat = (loss: number, slope: number) => ({ loss, positive: slope, negatives: negatives.map(() => slope) });
  if (isBroken(positive) || negatives.some(isBroken)) return flat(Number.NaN, Number.NaN);
  if (positive === Number.NEGATIVE_INFINITY) return flat(Number.POSITIVE_INFINITY, 0);
  return negatives.length + selves === 0 ? flat(0, 0) : rule(given);
}

const isBroken = (score: number): boolean => Number.isNaN(score) || score === Number.POSITIVE_INFINITY;
