import { crfAlignments } from "../alignments/crfAlignments.js";
import { readChains } from "../core/chainScores.js";
import { type Labels, stepLabels } from "../core/labels.js";
import type { TensorLike } from "../core/tensor.js";
import type { CrfOptions } from "../losses/crf.js";
import { type StructuredHingeOptions, structuredHingeLoss } from "../losses/structuredHinge.js";
import { add, call, type Expression, formatNumber, negate, subtract, symbol } from "./expression.js";
import { derived, listed, plural, type Step } from "./step.js";

const ELL = { latex: "\\ell", text: "ℓ" };
const SEQUENCES = 3;
/** Taggings that are listed. */
const LISTED = 8;

/** A CRF's loss of each sequence: the score of the tags, all taggings, their shares, the gradient. */
export function explainCrf(emissions: TensorLike, tags: Labels, options: CrfOptions): Step[] {
  const where = "crfLoss";
  return eachChain(where, emissions, tags, options, (scoreOf, gold, b) => {
    const set = crfAlignments(emissions, options)[b];
    const best = set.best(LISTED);
    const score = scoreOf("s", gold);
    const logZ = symbol("\\ln Z", set.logProb);
    const share = symbol("p", Math.exp(score.value - set.logProb));
    return [
      derived("the score of the tags: start, emissions, transitions, end", { latex: "s", text: "s" }, score),
      {
        title: best.length < LISTED ? "every tagging" : `the ${LISTED} best taggings of ${set.count}`,
        table: {
          head: ["tagging", "score", "probability"],
          rows: best.map((one) => [one.path.join(" "), one.logProb, one.share]),
        },
        note: "A probability is e^score / Z; Z sums e^score over all taggings, step by step, without listing them.",
      },
      derived("the loss", ELL, subtract(logZ, symbol("s", score.value)), {
        steps: [derived("the same, from the probability of the tags", ELL, negate(call("ln", share)))],
      }),
      {
        title: "the gradient: how often each tag is expected, less what the tags have",
        formula: {
          latex: "\\frac{\\partial \\ell}{\\partial e_{t,k}} = p(y_t = k) - [k = \\text{tag}_t]",
          text: "∂ℓ/∂e_t,k = p(y_t = k) − [k = tag_t]",
        },
        table: {
          head: ["step", ...Array.from({ length: set.occupancy.length / gold.length }, (_, k) => `p(tag ${k})`)],
          rows: Array.from(gold, (k, t) => {
            const size = set.occupancy.length / gold.length;
            return [`${t} (tag ${k})`, ...set.occupancy.slice(t * size, (t + 1) * size)];
          }),
        },
      },
    ];
  });
}

/** A structured hinge of each sequence: the tags' score, the strongest rival, its cost, what is missing of the margin. */
export function explainStructuredHinge(emissions: TensorLike, tags: Labels, options: StructuredHingeOptions): Step[] {
  const { competitors } = structuredHingeLoss(emissions, tags, { ...options, gradient: false });
  return eachChain("structuredHingeLoss", emissions, tags, options, (scoreOf, gold, b) => {
    const { tags: rival, cost } = competitors[b];
    const [own, other] = [scoreOf("s", gold), scoreOf("s'", rival)];
    const raised = add(symbol("s'", other.value), symbol("\\Delta", cost));
    return [
      derived("the score of the tags: start, emissions, transitions, end", { latex: "s", text: "s" }, own),
      derived(`the strongest rival, its cost added: ${listed(rival)}`, { latex: "s'", text: "s'" }, other, {
        note: `Its cost is ${formatNumber(cost)}: what its wrong tags cost, and the margin it must be behind by.`,
      }),
      derived("the loss", ELL, subtract(raised, symbol("s", own.value)), {
        note:
          raised.value > own.value
            ? "Inside the margin. The gradient counts what the rival has, less what the tags have."
            : "The margin is kept: no loss, no gradient.",
      }),
    ];
  });
}

type ScoreOf = (name: string, path: ArrayLike<number>) => Expression;

function eachChain(
  where: string,
  emissions: TensorLike,
  tags: Labels,
  options: CrfOptions,
  describe: (scoreOf: ScoreOf, gold: Int32Array, b: number) => Step[],
): Step[] {
  const batch = readChains(where, emissions, options);
  const ids = stepLabels(where, tags, batch);
  const { time, width: K, lengths, data, transitions, start, end } = batch;
  const steps: Step[] = [];
  for (let b = 0; b < Math.min(batch.batch, SEQUENCES); b++) {
    const gold = ids.slice(b * time, b * time + lengths[b]);
    const title = `sequence ${b}: ${plural(lengths[b], "step")}, tags ${listed(gold)}`;
    const scoreOf: ScoreOf = (_, path) => {
      const terms: Expression[] = [symbol(`\\text{start}_{${path[0]}}`, start[path[0]])];
      for (let t = 0; t < path.length; t++) {
        if (t > 0) terms.push(symbol(`a_{${path[t - 1]},${path[t]}}`, transitions[path[t - 1] * K + path[t]]));
        terms.push(symbol(`e_{${t},${path[t]}}`, data[(b * time + t) * K + path[t]]));
      }
      const last = path[path.length - 1];
      return add(...terms, symbol(`\\text{end}_{${last}}`, end[last]));
    };
    steps.push(lengths[b] === 0 ? { title, note: "No steps: no loss." } : { title, steps: describe(scoreOf, gold, b) });
  }
  if (batch.batch > SEQUENCES) steps.push({ title: `${plural(batch.batch - SEQUENCES, "more sequence")} like these` });
  return steps;
}
