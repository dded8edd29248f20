import { logSoftmax } from "../core/numeric.js";
import type { Rivals } from "../reference/ranking.js";
import type { Contest } from "../reference/rankingRow.js";
import {
  add,
  call,
  constant,
  divide,
  type Expression,
  multiply,
  power,
  subtract,
  sumOver,
  symbol,
} from "./expression.js";
import { derived, type Step } from "./step.js";

/** The loss of a step as a formula, and what it is made of. */
export interface RankingFormula {
  readonly expression: Expression;
  readonly steps: readonly Step[];
  readonly note: string;
}

/** What one negative adds, from the scores of the two. */
type PairFormula = (wanted: Expression, rival: Expression) => Expression;

export function hinge(margin: number, squared: boolean): PairFormula {
  const m = margin === 1 ? constant(1) : symbol("m", margin);
  return (wanted, rival) => {
    const missing = call("max", constant(0), add(m, subtract(rival, wanted)));
    return squared ? power(missing, constant(2)) : missing;
  };
}

/** −ln σ(s_y − s_j) */
export const bpr: PairFormula = (wanted, rival) => call("softplus", subtract(rival, wanted));

export const top1: PairFormula = (wanted, rival) =>
  add(call("σ", subtract(rival, wanted)), call("σ", power(rival, constant(2))));

/** σ(0): what TOP1 counts for the wanted item itself. */
export const half: PairFormula = () => call("σ", constant(0));

const score = (item: number | string, value: number) => symbol(`s_{${item}}`, value);

/** What the wanted item adds where it counts as its own negative, and what there is to say of a pair. */
interface PairExtras {
  readonly self?: PairFormula;
  readonly note?: string;
}

/** The sum of what the negatives add, their mean, or the largest alone. */
export function pairs(pair: PairFormula, rivals: Rivals, { self = pair, note = "" }: PairExtras = {}) {
  return ({ label, positive, ids, negatives, selves }: Contest): RankingFormula => {
    const wanted = score(label, positive);
    const terms = [
      ...Array.from(ids, (item, j) => pair(wanted, score(item, negatives[j]))),
      ...Array.from({ length: selves }, () => self(wanted, wanted)),
    ];
    if (rivals === "max") {
      const hardest = terms.reduce((best, { value }, j) => (value > terms[best].value ? j : best), 0);
      return {
        expression: terms[hardest],
        steps: [],
        note: `Only the hardest negative, item ${ids[hardest]}, counts.`,
      };
    }
    const general = pair(score(label, positive), score("j", 0));
    const total = terms.length === 1 ? terms[0] : sumOver("j", general, terms);
    const expression = rivals === "mean" && terms.length > 1 ? divide(total, symbol("n", terms.length)) : total;
    const own = selves > 0 ? " The wanted item counts among its negatives; it has no slope there." : "";
    return { expression, steps: [], note: `${note}${own}`.trim() };
  };
}

/** Σ_j w_j of what each negative adds, w the softmax over the negatives' scores. */
function weighted({ ids, negatives }: Contest, of: (rival: Expression) => Expression): Expression {
  const weights = logSoftmax(negatives).map(Math.exp);
  const terms = Array.from(ids, (item, j) =>
    multiply(symbol(`w_{${item}}`, weights[j]), of(score(item, negatives[j]))),
  );
  return terms.length === 1 ? terms[0] : sumOver("j", multiply(symbol("w_j", 0), of(score("j", 0))), terms);
}

/** The softmax over the negatives, at the one with the largest score. */
function weightStep({ ids, negatives }: Contest): Step {
  const hardest = negatives.reduce((best, value, j) => (value > negatives[best] ? j : best), 0);
  const largest = score(ids[hardest], negatives[hardest]);
  const relative = (item: number, value: number) => call("exp", subtract(score(item, value), largest));
  const terms = Array.from(ids, (item, j) => relative(item, negatives[j]));
  const whole = sumOver("k", call("exp", subtract(score("k", 0), largest)), terms);
  const name = { latex: `w_{${ids[hardest]}}`, text: `w_${ids[hardest]}` };
  return derived(
    "the weight of the hardest negative: the softmax over the negatives",
    name,
    divide(constant(1), whole),
  );
}

export function top1Max(given: Contest): RankingFormula {
  const wanted = score(given.label, given.positive);
  return { expression: weighted(given, (rival) => top1(wanted, rival)), steps: [weightStep(given)], note: "" };
}

export function bprMax(regularisation: number) {
  return (given: Contest): RankingFormula => {
    const wanted = score(given.label, given.positive);
    const P = weighted(given, (rival) => call("σ", subtract(wanted, rival)));
    const R = weighted(given, (rival) => power(rival, constant(2)));
    const size = multiply(symbol("\\lambda", regularisation), symbol("R", R.value));
    const expression = subtract(size, call("ln", symbol("P", P.value)));
    const steps = [
      weightStep(given),
      derived("how surely the wanted item is ahead", { latex: "P", text: "P" }, P),
      derived("how far the negatives' scores are from 0", { latex: "R", text: "R" }, R),
    ];
    return { expression, steps, note: "" };
  };
}

/** ln(1 + Σ_j e^(z_j − z_y)), z the corrected scores: −ln of the softmax over the wanted item and its negatives. */
export function sampledSoftmax(logQ: ArrayLike<number> | undefined, corrects: "all" | "negatives") {
  return ({ label, positive, ids, negatives }: Contest): RankingFormula => {
    const corrected = (item: number, value: number, applies: boolean): Expression =>
      logQ === undefined || !applies
        ? score(item, value)
        : subtract(score(item, value), symbol(`\\ln Q_{${item}}`, logQ[item]));
    const wanted = corrected(label, positive, corrects === "all");
    const name = (item: number | string, { value }: Expression) =>
      symbol(`${logQ === undefined ? "s" : "z"}_{${item}}`, value);
    const z = Array.from(ids, (item, j) => corrected(item, negatives[j], true));
    const terms = z.map((rival, j) => call("exp", subtract(name(ids[j], rival), name(label, wanted))));
    const general = call("exp", subtract(name("j", constant(0)), name(label, wanted)));
    const others = terms.length === 1 ? terms[0] : sumOver("j", general, terms);
    const steps = [
      correctedStep(label, wanted),
      ...z.map((rival, j) => correctedStep(ids[j], rival)).filter((_, j) => ids[j] !== ids[j - 1]),
    ];
    const note = "It is −ln of the softmax over the wanted item and its negatives, divided through by the wanted one.";
    return { expression: call("ln", add(constant(1), others)), steps: logQ === undefined ? [] : steps, note };
  };
}

const correctedStep = (item: number, expression: Expression): Step =>
  derived(`item ${item}: its score, corrected`, { latex: `z_{${item}}`, text: `z_${item}` }, expression);
