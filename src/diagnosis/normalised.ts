import { logSumExp } from "../core/numeric.js";
import { type ReadBatch, realSteps } from "./batch.js";
import type { Finding } from "./finding.js";

/** float32 rows of thousands of classes still sum to 1 within this. */
const SUM_ERROR = 1e-3;
/** Fewer numbers all in [0, 1] may be chance. */
const FEWEST_DECISIONS = 16;

/** Outputs that went through a softmax or a sigmoid before a loss that has its own; or that did not, where it has none. */
export function checkNormalised({ outputs, kind, entry }: ReadBatch): Finding[] {
  if (outputs === undefined || kind === undefined) return [];
  if (kind.outputs === "decisions") return outputs.width > 0 ? checkDecisions(outputs) : [];
  if (kind.outputs === "numbers" || kind.outputs === "scores" || outputs.width < 2) return [];
  const { data, width } = outputs;
  let [rows, probabilities, logProbs, furthest, between] = [0, 0, 0, 0, 0];
  for (const { start } of realSteps(outputs)) {
    rows++;
    let [sum, least, most] = [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let k = start; k < start + width; k++) {
      sum += data[k];
      least = Math.min(least, data[k]);
      most = Math.max(most, data[k]);
      if (data[k] > 0 && data[k] < 1) between++;
    }
    const logSum = logSumExp(data, start, start + width);
    if (least >= 0 && Math.abs(sum - 1) < SUM_ERROR) probabilities++;
    if (most <= 0 && Math.abs(logSum) < SUM_ERROR) logProbs++;
    furthest = Math.max(furthest, Math.abs(kind.outputs === "logProbs" ? logSum : sum - 1));
  }
  if (rows === 0) return [];
  const is = probabilities === rows ? "probabilities" : logProbs === rows ? "logProbs" : "logits";
  // rows of one 1 and 0s are scores that somebody chose: no softmax gives them
  if (kind.outputs === "logits" && is === "probabilities") return between > 0 ? [twice(entry.name)] : [];
  if (kind.outputs === "logits" && is === "logProbs") return [harmless(entry.name)];
  const right = kind.outputs === "logProbs" ? logProbs === rows : probabilities === rows;
  if (kind.outputs === "logits" || right) return [];
  return [unnormalised(kind.outputs, is, furthest, rows)];
}

const twice = (loss: string): Finding => ({
  code: "already-softmax",
  severity: "error",
  title: "The outputs are probabilities already, and the loss takes a softmax of them",
  evidence: "Every row is at least 0 and sums to 1.",
  remedy: `Give ${loss} what comes before the softmax. A softmax of probabilities is nearly flat: no class can reach a probability near 1, and gradients are small.`,
  where: "outputs",
});

const harmless = (loss: string): Finding => ({
  code: "already-log-softmax",
  severity: "note",
  title: "The outputs are log-probabilities already",
  evidence: "The exponentials of every row sum to 1.",
  remedy: `The value is right, for a softmax leaves them as they are; ${loss} can be given what comes before, which saves the time.`,
  where: "outputs",
});

function unnormalised(wanted: "logProbs" | "probabilities", is: string, furthest: number, rows: number): Finding {
  const what = wanted === "logProbs" ? "log-probabilities" : "probabilities";
  const looks =
    is === "probabilities" && wanted === "logProbs" ? "; they are probabilities, without the logarithm" : "";
  const looksLog = is === "logProbs" && wanted === "probabilities" ? "; they are log-probabilities" : "";
  const measure = wanted === "logProbs" ? "ln of the sum of exponentials is" : "the sum differs from 1 by";
  return {
    code: "not-normalised",
    severity: "error",
    title: `The outputs are no ${what}`,
    evidence: `In ${rows} rows, ${measure} up to ${Number(furthest.toPrecision(3))}, where 0 is expected${looks}${looksLog}.`,
    numbers: { furthest, rows },
    remedy:
      'This loss has no softmax: without one it can fall for ever without learning. Take the form that takes logits (crossEntropy, or inputs: "logits"), or normalise first.',
    where: "outputs",
  };
}

function checkDecisions(outputs: NonNullable<ReadBatch["outputs"]>): Finding[] {
  let [count, least, most] = [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { start } of realSteps(outputs)) {
    for (let i = start; i < start + outputs.width; i++) {
      count++;
      least = Math.min(least, outputs.data[i]);
      most = Math.max(most, outputs.data[i]);
    }
  }
  // logits of an untrained network may all lie in [0, 1], but close together
  const spread = least < 0.1 && most > 0.9;
  if (count < FEWEST_DECISIONS || least < 0 || most > 1 || !spread) return [];
  return [
    {
      code: "already-sigmoid",
      severity: "warning",
      title: "The outputs seem to be probabilities already, and the loss takes a sigmoid of them",
      evidence: `All ${count} numbers lie in [0, 1], from ${Number(least.toPrecision(3))} to ${Number(most.toPrecision(3))}.`,
      numbers: { count, least, most },
      remedy:
        "Give the loss what comes before the sigmoid: a sigmoid of a probability lies between 0.5 and 0.73, whatever the network does.",
      where: "outputs",
    },
  ];
}
