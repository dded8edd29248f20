import { SeqlossError } from "../core/errors.js";
import { placeOf, toNested } from "../core/tensor.js";
import { lossCatalogue } from "../losses/catalogue/catalogue.js";
import type { LossResult } from "../losses/reduction.js";
import { explainCrf, explainStructuredHinge } from "./chain.js";
import { explainCrossEntropy, explainMulticlassHinge, explainNegativeLogLikelihood } from "./classes.js";
import { explainCtc } from "./ctc.js";
import { elementwiseNames, explainElements } from "./elementwise.js";
import { explainRanking, rankingNames } from "./ranking.js";
import { explainReduction } from "./reduction.js";
import { explainMinimumRisk, explainPolicyGradient, explainSelfCritical } from "./reward.js";
import { sources } from "./sources.js";
import type { Explanation, Step } from "./step.js";
import { explainTransducer } from "./transducer.js";

/** A loss's arguments. */
export interface ExplainInputs {
  // biome-ignore lint/suspicious/noExplicitAny: each loss has outputs and targets of its own type, and checks them
  readonly outputs: any;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  readonly targets: any;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  readonly options?: any;
}

// biome-ignore lint/suspicious/noExplicitAny: as above
type Explainer = (name: string, outputs: any, targets: any, options: any) => Step[];

const explainers: Readonly<Record<string, Explainer>> = {
  ...Object.fromEntries(elementwiseNames.map((name) => [name, explainElements])),
  crossEntropy: explainCrossEntropy,
  sequenceCrossEntropy: explainCrossEntropy,
  categoricalCrossEntropy: explainCrossEntropy,
  negativeLogLikelihood: explainNegativeLogLikelihood,
  multiclassHingeLoss: explainMulticlassHinge,
  ...Object.fromEntries(rankingNames.map((name) => [name, explainRanking])),
  crfLoss: (_, emissions, tags, options) => explainCrf(emissions, tags, options),
  structuredHingeLoss: (_, emissions, tags, options) => explainStructuredHinge(emissions, tags, options),
  policyGradientLoss: (_, logits, actions, options) => explainPolicyGradient(logits, actions, options),
  selfCriticalLoss: (_, logits, samples, options) => explainSelfCritical(logits, samples, options),
  minimumRiskLoss: (_, logProbs, costs, options) => explainMinimumRisk(logProbs, costs, options),
  ctcLoss: (_, logits, labels, options) => explainCtc(logits, labels, options),
  transducerLoss: (_, logits, labels, options) => explainTransducer(logits, labels, options),
};

const perSequence = new Set(["sequence", "alignment-free", "reward"]);

/**
 * A loss on the caller's own numbers, derived step by step: each formula, the numbers put in, what comes out; then how the
 * losses become one value, and the gradient. Everything is computed in float64 by the functions that train.
 *
 * Long inputs are shown in part: three sequences, eight steps of each (24 frames of CTC); the value is of all.
 *
 * @param name a loss of the catalogue: `crossEntropy`, `ctcLoss` …
 * @param inputs its arguments, as the loss takes them
 * @throws SeqlossError (OPTION) when there is no such loss, or a dialect is given; and whatever the loss throws
 * @example
 * const { value, steps } = explain("sequenceHingeLoss", { outputs: [[0.8, -0.5, 0.3]], targets: [[1, -1, 1]] });
 * value // 1.4
 * steps[0].numbers.text // "max(0, 1 − 1 · 0.8)"
 */
export function explain(name: string, { outputs, targets, options = {} }: ExplainInputs): Explanation {
  const entry = lossCatalogue.get(name);
  const explainer = explainers[name];
  if (entry === undefined || explainer === undefined) {
    throw new SeqlossError("explain", "OPTION", {
      argument: "name",
      expected: `one of ${Object.keys(explainers).join(", ")}`,
      found: name,
    });
  }
  if (options.dialect !== undefined) {
    throw new SeqlossError("explain", "OPTION", {
      argument: "dialect",
      expected: "to be left out: a derivation is in this library's conventions",
      found: options.dialect,
    });
  }
  const result = entry.compute(outputs, targets, options);
  const per = options.per ?? (perSequence.has(entry.family) ? "sequence" : "step");
  return {
    name,
    summary: entry.summary,
    source: sources[name],
    value: result.value,
    steps: [
      ...explainer(name, outputs, targets, options),
      ...explainReduction(result, options, per),
      ...gradientStep(result),
    ],
  };
}

/** A gradient of more numbers than this is left to the loss itself. */
const SHOWN = 200;

function gradientStep({ grad }: LossResult): Step[] {
  if (grad.data.length === 0 || grad.data.length > SHOWN) return [];
  const width = grad.shape.length > 1 ? (grad.shape.at(-1) as number) : 1;
  const nested = toNested({
    data: Float64Array.from(grad.data),
    shape: [grad.data.length / width, width],
  }) as number[][];
  const leading = grad.shape.length > 1 ? grad.shape.slice(0, -1) : grad.shape;
  const rows = nested.map((row, i) => [`[${placeOf(i, leading).join(", ")}]`, ...row]);
  const head = ["place", ...Array.from({ length: width }, (_, k) => String(k))];
  return [{ title: "the gradient of the value, in the shape of the outputs", table: { head, rows } }];
}
