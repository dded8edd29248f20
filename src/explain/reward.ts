import { toBatch } from "../core/batch.js";
import { type Labels, stepLabels } from "../core/labels.js";
import { logSoftmax } from "../core/numeric.js";
import type { TensorLike } from "../core/tensor.js";
import { type MinimumRiskOptions, minimumRiskLoss } from "../losses/minimumRisk.js";
import { type PolicyGradientOptions, policyGradientLoss } from "../losses/policyGradient.js";
import { readStepNumbers, type StepNumbers } from "../losses/returns.js";
import type { SelfCriticalOptions } from "../losses/selfCritical.js";
import {
  add,
  call,
  constant,
  divide,
  type Expression,
  formatNumber,
  multiply,
  negate,
  subtract,
  sumOver,
  symbol,
} from "./expression.js";
import { derived, type Step } from "./step.js";
import { eachRealStep } from "./steps.js";

const ELL = { latex: "\\ell", text: "ℓ" };
const GAP = { latex: "A", text: "A" };

/** A policy gradient of each step: return, advantage, log-probability, loss. */
export function explainPolicyGradient(logits: TensorLike, actions: Labels, options: PolicyGradientOptions): Step[] {
  const where = "policyGradientLoss";
  const batch = toBatch(logits, { where, argument: "logits", classes: true }, options.lengths);
  const ids = stepLabels(where, actions, batch);
  const rewards = readStepNumbers(where, "rewards", options.rewards, batch, "last");
  const { returns, advantages } = policyGradientLoss(logits, actions, { ...options, gradient: false });
  const { discount = 1, entropyWeight = 0, baseline = 0, clip, normalizeAdvantages = false } = options;
  const old = options.oldLogProbs && readStepNumbers(where, "oldLogProbs", options.oldLogProbs, batch);
  const base =
    typeof baseline === "number"
      ? new Float64Array(returns.data.length).fill(baseline)
      : readStepNumbers(where, "baseline", baseline, batch, "every");
  return eachRealStep(batch, (b, t) => {
    const i = b * batch.time + t;
    const allowed = options.mask?.[b][t];
    const row = Array.from(batch.data.subarray(i * batch.width, (i + 1) * batch.width), (z, k) =>
      allowed === undefined || allowed[k] ? z : Number.NEGATIVE_INFINITY,
    );
    const logs = Array.from(logSoftmax(row));
    const action = ids[i];
    const logProb = symbol(`\\ln \\pi_{${action}}`, logs[action]);
    const g = symbol("G", returns.data[i]);
    const a = symbol("A", advantages.data[i]);
    const next = t + 1 < batch.lengths[b];
    const later = next ? [multiply(symbol("\\gamma", discount), symbol("G_{t+1}", returns.data[i + 1]))] : [];
    const reward = symbol("r", rewards[i]);
    const returned = later.length === 0 ? reward : add(reward, ...later);
    const spread = logs.map((log, k) => {
      const p = symbol(`\\pi_{${k}}`, Math.exp(log));
      return p.value === 0 ? constant(0) : multiply(p, call("ln", p));
    });
    const entropy = negate(sumOver("k", multiply(symbol("\\pi_k", 0), symbol("\\ln \\pi_k", 0)), spread));
    const bonus = entropyWeight === 0 ? [] : [multiply(symbol("\\beta", entropyWeight), symbol("H", entropy.value))];
    const gain = clip === undefined ? multiply(a, logProb) : clippedGain(a, logProb, old?.[i] ?? 0, clip);
    const loss = bonus.length === 0 ? negate(gain) : subtract(negate(gain), bonus[0]);
    const steps: Step[] = [
      options.returns === "total"
        ? { title: "the return of the whole sequence", value: g.value }
        : derived("the return: its reward and what follows", { latex: "G", text: "G" }, returned),
      normalizeAdvantages
        ? { title: "the advantage: the return less the baseline, normalised over the batch", value: a.value }
        : derived("the advantage: the return less the baseline", GAP, subtract(g, symbol("b", base[i]))),
      ...(entropyWeight === 0 ? [] : [derived("the entropy of the policy", { latex: "H", text: "H" }, entropy)]),
    ];
    return [
      derived(`sequence ${b}, step ${t}: the loss`, ELL, loss, {
        table: {
          head: ["action", "π", "ln π"],
          rows: logs.map((log, k) => [k === action ? `${k} (taken)` : String(k), Math.exp(log), log]),
        },
        note: "The minus sign makes a good action likelier when the loss is made smaller; a page that leaves it out prints a gain, not a loss.",
        steps,
      }),
    ];
  });
}

function clippedGain(
  a: Expression,
  logProb: Expression,
  old: number,
  clip: number | readonly [number, number],
): Expression {
  const [low, high] = typeof clip === "number" ? [clip, clip] : clip;
  const ratio = symbol("\\rho", Math.exp(logProb.value - old));
  const bounded = symbol("\\operatorname{clip}\\rho", Math.min(Math.max(ratio.value, 1 - low), 1 + high));
  return ratio.value * a.value <= bounded.value * a.value ? multiply(ratio, a) : multiply(bounded, a);
}

/** Self-critical training: how much better the sample is than greedy decoding, times its cross-entropy. */
export function explainSelfCritical(logits: TensorLike, samples: Labels, options: SelfCriticalOptions): Step[] {
  const where = "selfCriticalLoss";
  const batch = toBatch(logits, { where, argument: "logits", classes: true }, options.lengths);
  const ids = stepLabels(where, samples, batch);
  return eachRealStep(batch, (b, t) => {
    const i = b * batch.time + t;
    const logs = logSoftmax(batch.data, i * batch.width, (i + 1) * batch.width);
    const gain = subtract(symbol("r", options.rewards[b]), symbol("r_{\\mathrm{greedy}}", options.greedyRewards[b]));
    const loss = negate(multiply(symbol("A", gain.value), symbol(`\\ln p_{${ids[i]}}`, logs[ids[i]])));
    const steps = [derived("how much better the sample is than greedy decoding", GAP, gain)];
    return [derived(`sequence ${b}, step ${t}: the loss`, ELL, loss, { steps })];
  });
}

/** Minimum risk: the share of each candidate, the expected cost. */
export function explainMinimumRisk(logProbs: TensorLike, costs: StepNumbers, options: MinimumRiskOptions): Step[] {
  const where = "minimumRiskLoss";
  const batch = toBatch(logProbs, { where, argument: "logProbs", classes: false }, options.lengths);
  const cost = readStepNumbers(where, "costs", costs, batch);
  const { sharpness = 1 } = options;
  const { losses } = minimumRiskLoss(logProbs, costs, { ...options, gradient: false });
  return Array.from(losses.subarray(0, 3), (risk, b): Step => {
    const [start, size] = [b * batch.time, batch.lengths[b]];
    const row = Array.from(batch.data.subarray(start, start + size));
    const shares = Array.from(logSoftmax(row.map((x) => sharpness * x)), Math.exp);
    const terms = shares.map((share, n) => multiply(symbol(`Q_{${n}}`, share), symbol(`c_{${n}}`, cost[start + n])));
    const general = multiply(symbol("Q_n", 0), symbol("c_n", 0));
    const weights = row.map((x) =>
      call("exp", sharpness === 1 ? symbol("\\ln p", x) : multiply(symbol("\\alpha", sharpness), symbol("\\ln p", x))),
    );
    const head = ["candidate", "ln p", "share Q", "cost", "slope α Q (cost − risk)"];
    const rows = row.map((x, n) => [
      String(n),
      x,
      shares[n],
      cost[start + n],
      sharpness * shares[n] * (cost[start + n] - risk),
    ]);
    const first =
      size === 0
        ? []
        : [
            derived(
              "the share of candidate 0",
              { latex: "Q_{0}", text: "Q_0" },
              divide(weights[0], sumOver("n", symbol("p_n^\\alpha", 0), weights)),
            ),
          ];
    return derived(`input ${b}: the expected cost`, ELL, sumOver("n", general, terms), {
      table: { head, rows },
      note: `The risk is ${formatNumber(risk)}; candidates that cost more than it lose probability.`,
      steps: first,
    });
  });
}
