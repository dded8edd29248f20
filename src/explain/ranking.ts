import { toBatch } from "../core/batch.js";
import { type Labels, NO_LABEL, stepLabels } from "../core/labels.js";
import { logSoftmax } from "../core/numeric.js";
import type { TensorLike } from "../core/tensor.js";
import { readNegatives } from "../losses/negatives.js";
import type { BprMaxOptions, RankingHingeOptions, SelfOptions } from "../losses/ranking.js";
import type { SampledSoftmaxOptions } from "../losses/sampledSoftmax.js";
import * as rules from "../reference/ranking.js";
import { type Contest, contest, type RankingRule, rankingRow } from "../reference/rankingRow.js";
import * as formulas from "./rankingFormulas.js";
import { derived, type Step } from "./step.js";
import { eachRealStep } from "./steps.js";

const ELL = { latex: "\\ell", text: "ℓ" };

type Options = RankingHingeOptions & SelfOptions & BprMaxOptions & SampledSoftmaxOptions;

interface Ranking {
  readonly rule: RankingRule;
  readonly formula: (given: Contest) => formulas.RankingFormula;
  /** The negatives are weighted by the softmax over their scores. */
  readonly weighted?: boolean;
}

const rankings: Readonly<Record<string, (options: Options) => Ranking>> = {
  rankingHingeLoss: ({ margin = 1, squared = false, rivals = "sum" }) => ({
    rule: rules.pairwise(rules.hingePair(margin, squared), rivals),
    formula: formulas.pairs(formulas.hinge(margin, squared), rivals),
  }),
  bprLoss: ({ rivals = "mean" }) => ({
    rule: rules.pairwise(rules.bprPair, rivals, Math.LN2),
    formula: formulas.pairs(formulas.bpr, rivals, { note: "softplus(−d) is −ln σ(d)." }),
  }),
  top1Loss: () => ({
    rule: rules.pairwise(rules.top1Pair, "mean", 0.5),
    formula: formulas.pairs(formulas.top1, "mean", { self: formulas.half }),
  }),
  top1MaxLoss: () => ({ rule: rules.top1Max, formula: formulas.top1Max, weighted: true }),
  bprMaxLoss: ({ regularisation = 1 }) => ({
    rule: rules.bprMax(regularisation),
    formula: formulas.bprMax(regularisation),
    weighted: true,
  }),
  sampledSoftmaxLoss: ({ logQ, corrects = "all" }) => ({
    rule: rules.sampledSoftmax(logQ, corrects),
    formula: formulas.sampledSoftmax(logQ, corrects),
  }),
};

export const rankingNames: readonly string[] = Object.keys(rankings);

/** A ranking loss of each step: the wanted item against its negatives, one after another, and the slopes. */
export function explainRanking(name: string, scores: TensorLike, labels: Labels, options: Options): Step[] {
  const batch = toBatch(scores, { where: name, argument: "scores", classes: true }, options.lengths);
  const ids = stepLabels(name, labels, batch, options.ignoreIndex);
  const negatives = readNegatives(name, options.negatives, batch);
  const { rule, formula, weighted = false } = rankings[name](options);
  return eachRealStep(batch, (b, t) => {
    const i = b * batch.time + t;
    const place = `sequence ${b}, step ${t}`;
    if (ids[i] === NO_LABEL) return [{ title: `${place}: left out`, note: "Its label is the ignored id." }];
    const row = batch.data.subarray(i * batch.width, (i + 1) * batch.width);
    const given = contest(row, ids[i], negatives(i), options.includeSelf ?? false);
    const { loss, positive, negatives: slopes } = rankingRow(given, rule);
    const table = tableOf(given, [positive, ...slopes], weighted);
    const reason = withoutFormula(given, loss);
    if (reason !== undefined) return [{ title: `${place}: the loss`, value: loss, table, note: reason }];
    const { expression, steps, note } = formula(given);
    const far = Math.abs(expression.value - loss) > 1e-6 * (1 + loss);
    const notes = [
      note,
      far && "The scores are too far apart for these numbers: the loss is computed from logarithms.",
    ];
    const said = notes.filter(Boolean).join(" ");
    return [derived(`${place}: the loss`, ELL, expression, { value: loss, table, steps, ...(said && { note: said }) })];
  });
}

function withoutFormula({ label, negatives, selves }: Contest, loss: number): string | undefined {
  if (Number.isNaN(loss)) return "A score is NaN or infinite.";
  if (loss === Number.POSITIVE_INFINITY)
    return `Item ${label} is wanted and masked: no score can mend it, and no slope.`;
  return negatives.length + selves === 0 ? "There is nothing to rank it against: no loss, no slope." : undefined;
}

function tableOf({ label, positive, ids, negatives }: Contest, slopes: readonly number[], weighted: boolean) {
  const weights = weighted ? logSoftmax(negatives).map(Math.exp) : undefined;
  const cells = (j: number) => (weights === undefined ? [] : [j < 0 ? "" : weights[j]]);
  const rows = [
    [`${label} (wanted)`, positive, ...cells(-1), slopes[0]],
    ...Array.from(ids, (item, j) => [String(item), negatives[j], ...cells(j), slopes[j + 1]]),
  ];
  return { head: ["item", "score", ...(weighted ? ["weight"] : []), "∂ℓ/∂s"], rows };
}
