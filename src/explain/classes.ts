import { type Batch, toBatch } from "../core/batch.js";
import { type Labels, NO_LABEL, stepLabels } from "../core/labels.js";
import { logSoftmax } from "../core/numeric.js";
import { isTensor, type TensorLike } from "../core/tensor.js";
import type { CategoricalCrossEntropyOptions } from "../losses/crossEntropy.js";
import type { MulticlassHingeOptions } from "../losses/hinge.js";
import {
  add,
  call,
  constant,
  divide,
  type Expression,
  multiply,
  negate,
  subtract,
  sumOver,
  symbol,
} from "./expression.js";
import { derived, type Step } from "./step.js";
import { eachRealStep } from "./steps.js";

const ELL = { latex: "\\ell", text: "ℓ" };

/** Cross-entropy of each step: the softmax, the target's share, the loss and its slopes. */
export function explainCrossEntropy(
  name: string,
  outputs: TensorLike,
  targets: Labels | TensorLike,
  options: CategoricalCrossEntropyOptions,
): Step[] {
  const batch = toBatch(outputs, { where: name, argument: "logits", classes: true }, options.lengths);
  const goals = readGoals(name, targets, batch, options);
  const probabilities = options.inputs === "probabilities";
  return eachRealStep(batch, (b, t) => {
    const place = `sequence ${b}, step ${t}`;
    const row = Array.from(batch.data.subarray((b * batch.time + t) * batch.width).subarray(0, batch.width));
    const goal = goals(b, t);
    if (goal === undefined) return [{ title: `${place}: left out`, note: "Its label is the ignored id." }];
    const logs = probabilities ? row.map(Math.log) : Array.from(logSoftmax(row));
    const target = smoothed(goal.distribution, options);
    const share = (k: number) => symbol(`p_{${k}}`, Math.exp(logs[k]));
    const wanted = [...row.keys()].filter((k) => target[k] > 0);
    const terms = wanted.map((k) => {
      const q = target[k] === 1 ? [] : [symbol(`q_{${k}}`, target[k])];
      return multiply(...q, call("ln", share(k)));
    });
    const only = goal.label;
    const general =
      terms.length === 1 && only !== undefined
        ? symbol(`\\ln p_{${only}}`, 0)
        : multiply(symbol("q_k", 0), symbol("\\ln p_k", 0));
    const loss = negate(terms.length === 1 ? terms[0] : sumOver("k", general, terms));
    const slopes = probabilities
      ? row.map((p, k): Expression => negate(divide(symbol(`q_{${k}}`, target[k]), symbol(`p_{${k}}`, p))))
      : slopesOfLogits(logs, target);
    const head = ["class", ...(probabilities ? ["probability p"] : ["logit z", "e^z", "p = e^z / Σ e^z"])];
    const rows = row.map((z, k) => [
      String(k),
      ...(probabilities ? [z] : [z, Math.exp(z), Math.exp(logs[k])]),
      target[k],
      slopes[k].value,
    ]);
    const softmax = probabilities ? [] : [softmaxStep(row, wanted[0] ?? 0)];
    return [
      derived(`${place}: the loss`, ELL, loss, {
        table: { head: [...head, "target q", probabilities ? "∂ℓ/∂p = −q/p" : "∂ℓ/∂z"], rows },
        ...(goal.note && { note: goal.note }),
        steps: [
          ...softmax,
          ...slopes.map((slope, k) =>
            derived(
              `slope of class ${k}`,
              {
                latex: `\\frac{\\partial \\ell}{\\partial ${probabilities ? "p" : "z"}_{${k}}}`,
                text: `∂ℓ/∂${probabilities ? "p" : "z"}_${k}`,
              },
              slope,
            ),
          ),
        ],
      }),
    ];
  });
}

function softmaxStep(row: readonly number[], k: number): Step {
  const exps = row.map((z, j) => call("exp", symbol(`z_{${j}}`, z)));
  const whole = sumOver("j", symbol("e^{z_j}", 0), exps);
  return derived(
    `softmax: the probability of class ${k}`,
    { latex: `p_{${k}}`, text: `p_${k}` },
    divide(exps[k], whole),
  );
}

/** ∂/∂z_k of −Σ q ln p: the total weight of the targets times p_k, less q_k. */
function slopesOfLogits(logs: readonly number[], target: readonly number[]): Expression[] {
  const total = target.reduce((sum, q) => sum + q, 0);
  const weight = Math.abs(total - 1) < 1e-12 ? [] : [symbol("\\sum q", total)];
  return logs.map((log, k) => {
    const p = symbol(`p_{${k}}`, Math.exp(log));
    return subtract(weight.length === 0 ? p : multiply(...weight, p), symbol(`q_{${k}}`, target[k]));
  });
}

interface StepGoal {
  readonly distribution: readonly number[];
  readonly label?: number;
  readonly note?: string;
}

function readGoals(
  where: string,
  targets: Labels | TensorLike,
  batch: Batch,
  { ignoreIndex }: CategoricalCrossEntropyOptions,
): (b: number, t: number) => StepGoal | undefined {
  const { width, time } = batch;
  if (isTensor(targets) || isRowOfLists(targets, batch.shape.length)) {
    const given = toBatch(targets as TensorLike, { where, argument: "targets", classes: true });
    return (b, t) => ({
      distribution: Array.from(given.data.subarray((b * given.time + t) * width).subarray(0, width)),
    });
  }
  const ids = stepLabels(where, targets as Labels, batch, ignoreIndex);
  return (b, t) => {
    const label = ids[b * time + t];
    if (label === NO_LABEL) return undefined;
    const distribution = Array.from({ length: width }, (_, k) => Number(k === label));
    return { distribution, label, note: `The label is class ${label}: q is 1 there and 0 elsewhere.` };
  };
}

/** Distributions have as many axes as the logits. */
function isRowOfLists(targets: unknown, rank: number): boolean {
  let depth = 0;
  for (let at: unknown = targets; Array.isArray(at); at = at[0]) depth++;
  return depth === rank;
}

/** The target with a share ε spread over the classes, times the class weights. */
function smoothed(
  target: readonly number[],
  { labelSmoothing = 0, classWeights }: CategoricalCrossEntropyOptions,
): number[] {
  return target.map((q, k) => ((1 - labelSmoothing) * q + labelSmoothing / target.length) * (classWeights?.[k] ?? 1));
}

/** Negative log-likelihood of each step: the log-probability is already there. */
export function explainNegativeLogLikelihood(
  name: string,
  logProbs: TensorLike,
  labels: Labels,
  options: CategoricalCrossEntropyOptions,
): Step[] {
  const batch = toBatch(logProbs, { where: name, argument: "logProbs", classes: true }, options.lengths);
  const ids = stepLabels(name, labels, batch, options.ignoreIndex);
  return eachRealStep(batch, (b, t) => {
    const label = ids[b * batch.time + t];
    if (label === NO_LABEL)
      return [{ title: `sequence ${b}, step ${t}: left out`, note: "Its label is the ignored id." }];
    const logProb = symbol(`\\ln p_{${label}}`, batch.data[(b * batch.time + t) * batch.width + label]);
    const weight = options.classWeights === undefined ? [] : [symbol("w", options.classWeights[label])];
    const loss = negate(weight.length === 0 ? logProb : multiply(...weight, logProb));
    const slope = negate(weight.length === 0 ? constant(1) : weight[0]);
    const name = { latex: `\\frac{\\partial \\ell}{\\partial \\ln p_{${label}}}`, text: `∂ℓ/∂ln p_${label}` };
    return [
      derived(`sequence ${b}, step ${t}: the loss`, ELL, loss, {
        note: `Read at the label, class ${label}; the other log-probabilities have no part, and a zero slope.`,
        steps: [derived("its slope", name, slope)],
      }),
    ];
  });
}

/** Multi-class hinge of each step: every rival that is too close. */
export function explainMulticlassHinge(
  name: string,
  scores: TensorLike,
  labels: Labels,
  { margin = 1, squared = false, rivals = "sum", ignoreIndex, lengths }: MulticlassHingeOptions,
): Step[] {
  const batch = toBatch(scores, { where: name, argument: "scores", classes: true }, lengths);
  const ids = stepLabels(name, labels, batch, ignoreIndex);
  return eachRealStep(batch, (b, t) => {
    const y = ids[b * batch.time + t];
    if (y === NO_LABEL) return [{ title: `sequence ${b}, step ${t}: left out`, note: "Its label is the ignored id." }];
    const row = Array.from(batch.data.subarray((b * batch.time + t) * batch.width).subarray(0, batch.width));
    const wanted = symbol(`s_{${y}}`, row[y]);
    const m = margin === 1 ? constant(1) : symbol("m", margin);
    const others = [...row.keys()].filter((k) => k !== y);
    const closest = others.reduce((best, k) => (best < 0 || row[k] > row[best] ? k : best), -1);
    const counted = rivals === "sum" || closest < 0 ? others : [closest];
    const short = counted.map((k) => call("max", constant(0), subtract(add(m, symbol(`s_{${k}}`, row[k])), wanted)));
    const terms = squared ? short.map((x) => multiply(x, x)) : short;
    const general = symbol(`\\max(0, m + s_k - s_{${y}})${squared ? "^2" : ""}`, 0);
    const loss = terms.length === 1 ? terms[0] : sumOver(`k \\neq ${y}`, general, terms);
    const rows = row.map((s, k) => {
      const at = counted.indexOf(k);
      return [k === y ? `${k} (label)` : String(k), s, k === y || at < 0 ? 0 : short[at].value];
    });
    const note =
      rivals === "max"
        ? `Only the closest rival, class ${closest}, counts.`
        : "Every class within the margin of the label counts.";
    return [
      derived(`sequence ${b}, step ${t}: the loss`, ELL, loss, {
        table: { head: ["class", "score", "missing"], rows },
        note,
      }),
    ];
  });
}
