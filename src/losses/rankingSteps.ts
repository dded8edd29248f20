import { type Batch, toBatch } from "../core/batch.js";
import { SeqlossError } from "../core/errors.js";
import { type Labels, stepLabels } from "../core/labels.js";
import type { FloatArray, TensorLike } from "../core/tensor.js";
import { contest, type RankingRule, rankingRow } from "../reference/rankingRow.js";
import { type Negatives, readNegatives } from "./negatives.js";
import type { LossOptions, LossResult } from "./reduction.js";
import { type StepGoal, type Steps, stepLoss } from "./steps.js";

/** Options of every ranking loss. */
export interface RankingOptions extends LossOptions {
  /**
   * Which items the wanted one is ranked against: one list of ids for all steps, or a list for each step, [B][T][…] for scores
   * [B, T, V], [N][…] for scores [N, V]. An item counts as often as it is listed; the wanted one is not its own rival. Scores of
   * items that are not listed are never read. Default every other item.
   */
  readonly negatives?: Negatives;
  /** The id of steps that are left out. Default none. */
  readonly ignoreIndex?: number;
}

export interface RankingLoss {
  readonly where: string;
  readonly rule: RankingRule;
  /** The wanted item counts where it is listed among its negatives. Default false. */
  readonly includeSelf?: boolean;
  /** Checks what depends on the number of items. */
  readonly check?: (items: number) => void;
}

/** A ranking loss: the mean over the real steps of its rule, each step's wanted item against its negatives. */
export function rankingLoss(
  scores: TensorLike,
  labels: Labels,
  options: RankingOptions,
  { where, rule, includeSelf = false, check }: RankingLoss,
): LossResult {
  checkFlag(where, "includeSelf", includeSelf);
  const batch = toBatch(scores, { where, argument: "scores", classes: true }, options.lengths);
  check?.(batch.width);
  const wanted = stepLabels(where, labels, batch, options.ignoreIndex);
  const negatives = readNegatives(where, options.negatives, batch);
  const compute = ({ data, width }: Batch, _: StepGoal, { mask, scales, losses }: Steps, grad: FloatArray) => {
    for (let i = 0; i < mask.length; i++) {
      if (mask[i] === 0) continue;
      const start = i * width;
      const scored = data.subarray(start, start + width);
      const given = contest(scored, wanted[i], negatives(i), includeSelf);
      const row = rankingRow(given, rule);
      losses[i] = row.loss;
      if (grad.length === 0) continue;
      grad[start + wanted[i]] += scales[i] * row.positive;
      given.ids.forEach((item, j) => (grad[start + item] += scales[i] * row.negatives[j]));
    }
  };
  return stepLoss(batch, options, { where, per: "step", compute }, { ids: wanted });
}

export function checkFlag(where: string, argument: string, found: unknown): void {
  if (typeof found === "boolean") return;
  throw new SeqlossError(where, "OPTION", { argument, expected: "true or false", found });
}
