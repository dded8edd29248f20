import { SeqlossError } from "../core/errors.js";
import type { LossResult } from "../losses/reduction.js";
import type { ReadBatch } from "./batch.js";
import type { Finding } from "./finding.js";
import { counted, listed, rounded } from "./phrases.js";

/** What the loss itself makes of the batch. `explained`: whether other checks found errors that explain a refusal or an Infinity. */
export function checkValue({ entry, given, options }: ReadBatch, explained: boolean): Finding[] {
  let result: LossResult;
  try {
    result = entry.compute(given.outputs, given.targets, options);
  } catch (error) {
    if (!(error instanceof SeqlossError)) throw error;
    return explained ? [] : [refused(entry.name, error)];
  }
  if (result.weight === 0) return [nothingCounts(result.losses.length)];
  const infinite = Array.from(result.losses).flatMap((loss, b) => (loss === Number.POSITIVE_INFINITY ? [b] : []));
  if (infinite.length > 0) return explained ? [] : [infiniteLoss(infinite, result.losses.length)];
  const { data } = result.grad;
  const flat = result.value !== 0 && data.length > 0 && data.every((x) => x === 0);
  return flat && !explained ? [zeroGradient(result.value)] : [];
}

const refused = (loss: string, { message, argument }: SeqlossError): Finding => ({
  code: "refused",
  severity: "error",
  title: `${loss} refuses the batch`,
  evidence: message,
  remedy: "Correct what the message names; nothing can be learnt from a batch that the loss does not take.",
  where: argument,
});

const nothingCounts = (sequences: number): Finding => ({
  code: "nothing-counts",
  severity: "error",
  title: "Nothing in the batch counts",
  evidence: `${counted(sequences, "sequence")}, and a weight of 0 in all: every step is ignored, weighted 0, or past its length.`,
  numbers: { sequences },
  remedy: "Look at lengths, ignoreIndex, classWeights and weights: some step must count.",
});

const infiniteLoss = (sequences: readonly number[], of: number): Finding => ({
  code: "loss-infinite",
  severity: "error",
  title: "Losses are infinite",
  evidence: `${sequences.length} of ${counted(of, "sequence")}: ${listed(sequences)}. What they need has a probability of 0.`,
  numbers: { sequences: sequences.length },
  remedy:
    "Look for classes or transitions at -Infinity that the targets need: a mask that is too strict, or ids that were shifted.",
  where: `losses[${sequences[0]}]`,
});

const zeroGradient = (value: number): Finding => ({
  code: "gradient-zero",
  severity: "warning",
  title: "The gradient is 0 throughout, and the loss is not",
  evidence: `The loss is ${rounded(value)}; every number of its gradient is 0.`,
  numbers: { value },
  remedy:
    "Look at the options: an upstream of 0, advantages that are all 0, a ratio that is clipped, or costs that are all alike.",
  where: "grad",
});
