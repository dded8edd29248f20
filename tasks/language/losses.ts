import {
  crossEntropy,
  type LossOptions,
  type LossResult,
  negativeLogLikelihood,
  type SequenceBatch,
  type Tensor,
} from "../../src/index.js";

/** The mean over characters of −ln p of the one that comes, of logits [B, T, V]. */
export type CharacterLoss = (logits: SequenceBatch, next: number[][], options?: LossOptions) => LossResult;

/** The same quantity twice: from logits in one pass, and from log-probabilities that the network's last layer makes of them. */
export const LOSSES: Readonly<Record<string, CharacterLoss>> = {
  crossEntropy,
  negativeLogLikelihood(logits, next, options) {
    const logProbs = logSoftmax(logits);
    const result = negativeLogLikelihood(logProbs, next, options);
    return { ...result, grad: logSoftmaxBackward(logProbs, result.grad) };
  },
};

/** ln softmax of each step. */
function logSoftmax({ data, shape, lengths }: SequenceBatch): SequenceBatch {
  const V = shape[2];
  const out = new Float32Array(data.length);
  for (let start = 0; start < data.length; start += V) {
    const row = data.subarray(start, start + V);
    const highest = row.reduce((a, b) => Math.max(a, b));
    const logSum = highest + Math.log(row.reduce((sum, x) => sum + Math.exp(x - highest), 0));
    for (let v = 0; v < V; v++) out[start + v] = row[v] - logSum;
  }
  return { data: out, shape, lengths };
}

/** d loss / d logits = g − softmax Σ g, from the gradient g with respect to the log-probabilities. */
function logSoftmaxBackward(logProbs: SequenceBatch, { data: given, shape }: Tensor): Tensor {
  const V = shape[2];
  const data = Float32Array.from(given);
  for (let start = 0; start < data.length; start += V) {
    let sum = 0;
    for (let v = 0; v < V; v++) sum += given[start + v];
    for (let v = 0; v < V; v++) data[start + v] -= Math.exp(logProbs.data[start + v]) * sum;
  }
  return { data, shape };
}
