import { type KeyStep, total } from "./keyStep.js";
import type { PolicyProblem } from "./problem.js";

/** The discounted return of each step, its part of the loss, their sum: −Σ G_t ln π(a_t) (Williams 1992). */
export function policyKey({ rewards, discount, probabilities }: PolicyProblem): KeyStep[] {
  const T = rewards.length;
  const returnName = (t: number) => `return ${t + 1}`;
  const partName = (t: number) => `part ${t + 1}`;
  const sumFrom = (from: number, weight: (k: number) => number) =>
    rewards.slice(from).reduce((sum, reward, k) => sum + weight(k) * reward, 0);
  const returns = rewards.map(
    (reward, t): KeyStep => ({
      name: returnName(t),
      formula: t === T - 1 ? String(reward) : `${reward} + ${discount} · ${returnName(t + 1)}`,
      compute: () => sumFrom(t, (k) => discount ** k),
      slips: [
        { slip: "The discount is missing.", compute: () => sumFrom(t, () => 1) },
        {
          slip: "The discount starts a step too early: the step's own reward is not discounted.",
          compute: () => sumFrom(t, (k) => discount ** (k + 1)),
        },
        { slip: "Only the step's own reward was taken; a return adds what comes after.", compute: () => reward },
        {
          slip: "Rewards of earlier steps were added; a return looks ahead.",
          compute: () => rewards.slice(0, t + 1).reduce((sum, r) => sum + r, 0),
        },
        {
          slip: "The return of the first step was taken for every step.",
          compute: () => sumFrom(0, (k) => discount ** k),
        },
      ],
    }),
  );
  const parts = probabilities.map(
    (p, t): KeyStep => ({
      name: partName(t),
      formula: `−${returnName(t)} · ln ${p}`,
      compute: (earlier) => 0 - earlier(returnName(t)) * Math.log(p),
      slips: [
        {
          slip: "The minus sign is missing: a loss is made small, a return large.",
          compute: (earlier) => earlier(returnName(t)) * Math.log(p),
        },
        { slip: "The logarithm is missing.", compute: (earlier) => -earlier(returnName(t)) * p },
        { slip: "log10 was taken instead of ln.", compute: (earlier) => -earlier(returnName(t)) * Math.log10(p) },
        { slip: "The reward was taken instead of the return.", compute: () => -rewards[t] * Math.log(p) },
        { slip: "The return is missing: this is −ln π.", compute: () => -Math.log(p) },
      ],
    }),
  );
  const names = probabilities.map((_, t) => partName(t));
  return [
    ...returns,
    ...parts,
    {
      name: "loss",
      formula: names.join(" + "),
      compute: (earlier) => total(names, earlier),
      slips: [
        { slip: "The mean was taken instead of the sum.", compute: (earlier) => total(names, earlier) / T },
        {
          slip: "The minus sign is missing: a loss is made small, a return large.",
          compute: (earlier) => -total(names, earlier),
        },
      ],
    },
  ];
}
