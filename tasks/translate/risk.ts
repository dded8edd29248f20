import {
  editDistance,
  type LossResult,
  minimumRiskLoss,
  type SequenceBatch,
  sequenceCrossEntropy,
} from "../../src/index.js";

/** What may be written for one source, each once, and what it costs. */
export interface Candidates {
  readonly targets: readonly (readonly number[])[];
  readonly costs: readonly number[];
}

/** The truth and what was drawn, with the share of symbols that is wrong by the reference that is nearest. */
export function listCandidates(
  truth: readonly number[],
  drawn: readonly (readonly number[])[],
  references: readonly (readonly number[])[],
): Candidates {
  const targets = [...new Map([truth, ...drawn].map((ids) => [ids.join(), ids])).values()];
  return { targets, costs: targets.map((ids) => costOf(ids, references)) };
}

function costOf(ids: readonly number[], references: readonly (readonly number[])[]): number {
  const rates = references.map((reference) => editDistance(reference, ids).distance / Math.max(1, reference.length));
  return Math.min(1, ...rates);
}

/**
 * Minimum risk over the candidates of each source (Shen et al. 2016), from the logits of all candidates one after another: the
 * log-probability of each is the negative of its cross-entropy, and so is its gradient.
 */
export function candidateRisk(
  outputs: SequenceBatch,
  labels: readonly number[][],
  costs: readonly (readonly number[])[],
  sharpness: number,
): LossResult {
  const entropy = sequenceCrossEntropy(outputs, [...labels], { lengths: outputs.lengths, reduction: "sum" });
  let next = 0;
  const logProbs = costs.map((own) => own.map(() => -entropy.losses[next++]));
  const risk = minimumRiskLoss(
    logProbs,
    costs.map((own) => [...own]),
    { sharpness },
  );
  const most = risk.grad.shape[1];
  const slopes = costs.flatMap((own, b) => own.map((_, n) => risk.grad.data[b * most + n]));
  const size = outputs.shape[1] * outputs.shape[2];
  const data = Float32Array.from(entropy.grad.data, (g, i) => -slopes[Math.floor(i / size)] * g);
  return { ...risk, grad: { data, shape: outputs.shape } };
}
