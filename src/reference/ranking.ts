import { logSoftmax, logSumExp } from "../core/numeric.js";
import { crossEntropyRow } from "./crossEntropy.js";
import type { Contest, RankingRule, RankingSlopes } from "./rankingRow.js";

// Ranking losses of one step in float64: the wanted item's score r against the scores r_j of its negatives.

/** What one negative adds: [value, d value / d r, d value / d r_j]. */
type Pair = (positive: number, negative: number) => readonly [value: number, positive: number, negative: number];

/** max(0, m − (r − r_j)), or its square. A margin met exactly has the slope 0. */
export function hingePair(margin: number, squared: boolean): Pair {
  return (positive, negative) => {
    const missing = margin - (positive - negative); // ranking.md (1)
    if (missing <= 0) return [0, 0, 0];
    return squared ? [missing ** 2, -2 * missing, 2 * missing] : [missing, -1, 1];
  };
}

/** −ln σ(r − r_j) (Rendle et al. 2009), in the form that stays exact however far the scores lie apart. */
export const bprPair: Pair = (positive, negative) => {
  const slope = sigmoid(negative - positive);
  return [-logSigmoid(positive - negative), -slope, slope]; // ranking.md (2)
};

/** σ(r_j − r) + σ(r_j²) (Hidasi et al. 2016): the order, and a pull of the negative's score to 0. */
export const top1Pair: Pair = (positive, negative) => {
  const behind = negative - positive;
  const order = sigmoidSlope(behind);
  const pull = 2 * negative * sigmoidSlope(negative ** 2);
  return [sigmoid(behind) + sigmoid(negative ** 2), -order, order + pull]; // ranking.md (3)
};

export type Rivals = "sum" | "mean" | "max";

/** The pairs' sum, their mean, or the largest alone: of equal ones, that of the lowest id. `self`: what the positive itself adds. */
export function pairwise(pair: Pair, rivals: Rivals, self = 0): RankingRule {
  return ({ positive, negatives, selves }) => {
    const pairs = Array.from(negatives, (negative) => pair(positive, negative));
    const count = rivals === "mean" ? pairs.length + selves : 1;
    const hardest = pairs.reduce((best, [value], j) => (value > pairs[best][0] ? j : best), 0);
    const slopes = { positive: 0, negatives: new Float64Array(pairs.length) };
    let loss = selves * self;
    pairs.forEach(([value, forPositive, forNegative], j) => {
      if (rivals === "max" && j !== hardest) return;
      loss += value;
      slopes.positive += forPositive / count;
      slopes.negatives[j] = forNegative / count;
    });
    return { loss: loss / count, ...slopes };
  };
}

/**
 * TOP1-max (Hidasi and Karatzoglou 2018): Σ_j s_j v_j, v_j what TOP1 gives a pair, s the softmax over the negatives alone.
 *
 *   d / d r = Σ_j s_j ∂v_j/∂r          d / d r_j = s_j (∂v_j/∂r_j + v_j − Σ_k s_k v_k)
 */
export const top1Max: RankingRule = ({ positive, negatives }) => {
  const shares = logSoftmax(negatives).map(Math.exp);
  const pairs = Array.from(negatives, (negative) => top1Pair(positive, negative));
  const loss = shares.reduce((sum, share, j) => sum + share * pairs[j][0], 0);
  return {
    loss,
    positive: shares.reduce((sum, share, j) => sum + share * pairs[j][1], 0),
    negatives: shares.map((share, j) => share * (pairs[j][2] + pairs[j][0] - loss)), // ranking.md (4)
  };
};

/**
 * BPR-max (Hidasi and Karatzoglou 2018): −ln P + λ Σ_j s_j r_j², P = Σ_j s_j σ(r − r_j), s the softmax over the negatives alone.
 *
 * With w_j = s_j σ(r − r_j) / P, which sums to 1, m = Σ_j s_j r_j² and ∂s_k/∂r_j = s_k ([j = k] − s_j):
 *
 *   d / d r = −Σ_j w_j σ(r_j − r)      d / d r_j = w_j σ(r_j − r) + s_j − w_j + λ s_j (2 r_j + r_j² − m)
 *
 * Q = 1 − P = Σ_j s_j σ(r_j − r) is summed as what it is, so that a loss near 0 keeps its relative accuracy.
 */
export function bprMax(regularisation: number): RankingRule {
  return ({ positive, negatives }) => {
    const logShares = logSoftmax(negatives);
    const logWon = logShares.map((share, j) => share + logSigmoid(positive - negatives[j]));
    const lost = negatives.map((negative) => sigmoid(negative - positive));
    const Q = lost.reduce((sum, chance, j) => sum + Math.exp(logShares[j]) * chance, 0);
    const logP = Q < 0.5 ? Math.log1p(-Q) : logSumExp(logWon);
    const size = negatives.reduce((sum, negative, j) => sum + Math.exp(logShares[j]) * negative ** 2, 0);
    const slopes = { positive: 0, negatives: new Float64Array(negatives.length) };
    negatives.forEach((negative, j) => {
      const share = Math.exp(logShares[j]);
      const won = Math.exp(logWon[j] - logP);
      const throughShares = Q < 0.5 ? (share * (lost[j] - Q)) / (1 - Q) : share - won;
      const pull = share * (2 * negative + negative ** 2 - size);
      slopes.positive -= won * lost[j]; // ranking.md (7)
      slopes.negatives[j] = won * lost[j] + throughShares + regularisation * pull; // ranking.md (8)
    });
    return { loss: -logP + regularisation * size, ...slopes }; // ranking.md (5)
  };
}

/**
 * Cross-entropy of the softmax over the positive and its negatives, each score less `correction` of its item: ln of how often the
 * item is drawn (Bengio and Senécal 2008). `corrects` says whether the positive's score is corrected too.
 */
export function sampledSoftmax(correction: ArrayLike<number> | undefined, corrects: "all" | "negatives"): RankingRule {
  return ({ label, ids, positive, negatives }: Contest): RankingSlopes => {
    const of = (item: number) => correction?.[item] ?? 0;
    const row = [corrects === "all" ? positive - of(label) : positive];
    negatives.forEach((negative, j) => row.push(negative - of(ids[j])));
    const { loss, grad } = crossEntropyRow(row, { distribution: row.map((_, k) => (k === 0 ? 1 : 0)) }); // ranking.md (6)
    return { loss, positive: grad[0], negatives: grad.subarray(1) };
  };
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** σ(x) σ(−x) */
function sigmoidSlope(x: number): number {
  const u = Math.exp(-Math.abs(x));
  return u / (1 + u) ** 2;
}

/** ln σ(x) */
function logSigmoid(x: number): number {
  return Math.min(x, 0) - Math.log1p(Math.exp(-Math.abs(x)));
}
