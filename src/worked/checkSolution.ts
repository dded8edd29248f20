import { SeqlossError } from "../core/errors.js";
import { keyOf, rightValues } from "./key.js";
import type { KeyStep } from "./keyStep.js";
import { type Problem, readProblem } from "./problem.js";

/** One line of a worked solution. */
export interface SolutionStep {
  /** As the key calls it: "alignment 1", "sum", "loss" … */
  readonly name: string;
  readonly value: number;
}

/** A problem with somebody's solution. Steps may be left out, but not all of them. */
export interface Solution {
  readonly problem: Problem;
  readonly steps: readonly SolutionStep[];
}

/** What is to be said of one line. */
export interface CheckedStep extends SolutionStep {
  /** `follows`: wrong only because an earlier line is. */
  readonly verdict: "right" | "wrong" | "follows";
  readonly right: number;
  readonly formula: string;
  /** The likely mistake, where one leads to this very number. */
  readonly slip?: string;
}

export interface CheckedSolution {
  readonly correct: boolean;
  readonly steps: readonly CheckedStep[];
  /** The first line that is wrong of itself. */
  readonly firstWrong: CheckedStep | undefined;
  /** Names of the steps that the solution leaves out. */
  readonly missing: readonly string[];
}

/**
 * Checks a worked solution line by line: which is the first wrong one, what it should be, and which known mistake leads to the
 * number that stands there. A number counts as right when it is right as far as it is written (0.467 for 0.46667), to half a
 * per cent at least; a line that is wrong only because an earlier one is is said to follow from it.
 *
 * @throws SeqlossError when the problem is malformed (VALUE), or a step is unknown, repeated or no number (VALUE)
 * @example
 * const problem = { kind: "meanSquaredError", targets: [1, 2], outputs: [1, 4] };
 * const { firstWrong } = checkSolution({ problem, steps: [{ name: "sum", value: 4 }, { name: "loss", value: 4 }] });
 * firstWrong.slip // "The sum was given; the mean was asked for."
 */
export function checkSolution(solution: Solution): CheckedSolution {
  const key = keyOf(readProblem(solution?.problem));
  const given = readSteps(solution.steps, key);
  const right = rightValues(key);
  const written = new Map<string, number>();
  const steps: CheckedStep[] = [];
  for (const step of key) {
    const value = given.get(step.name);
    const earlier = (name: string) => written.get(name) as number;
    const follows = step.compute(earlier);
    written.set(step.name, value ?? follows);
    if (value === undefined) continue;
    const wanted = right.get(step.name) as number;
    const base = { name: step.name, value, right: wanted, formula: step.formula };
    if (agrees(value, wanted)) steps.push({ ...base, verdict: "right" });
    else if (agrees(value, follows)) steps.push({ ...base, verdict: "follows" });
    else {
      const found =
        step.slips.find(({ compute }) => agrees(value, compute(earlier))) ??
        step.slips.find(({ compute }) =>
          agrees(
            value,
            compute((name) => right.get(name) as number),
          ),
        );
      steps.push({ ...base, verdict: "wrong", ...(found && { slip: found.slip }) });
    }
  }
  const firstWrong = steps.find(({ verdict }) => verdict === "wrong");
  return {
    correct: firstWrong === undefined,
    steps,
    firstWrong,
    missing: key.filter(({ name }) => !given.has(name)).map(({ name }) => name),
  };
}

/** Equal as far as `value` is written, and to half a per cent. */
export function agrees(value: number, exact: number): boolean {
  if (value === exact) return true;
  if (!Number.isFinite(value) || !Number.isFinite(exact)) return false;
  const [digits, exponent = "0"] = String(Math.abs(value)).split("e");
  const decimals = (digits.split(".")[1]?.length ?? 0) - Number(exponent);
  const unit = 10 ** -decimals;
  const distance = Math.abs(value - exact);
  return distance <= 1e-9 * Math.abs(exact) || (distance <= 0.5000001 * unit && distance <= 0.005 * Math.abs(exact));
}

function readSteps(steps: unknown, key: readonly KeyStep[]): Map<string, number> {
  const where = "checkSolution";
  const names = key.map(({ name }) => name);
  const fail = (argument: string, expected: string, found: unknown) =>
    new SeqlossError(where, "VALUE", { argument, expected, found });
  if (!Array.isArray(steps) || steps.length === 0) {
    throw fail("steps", 'a list such as [{ "name": "loss", "value": 1.5 }]', steps);
  }
  const given = new Map<string, number>();
  steps.forEach((step, i) => {
    const { name, value } = (step ?? {}) as Partial<SolutionStep>;
    if (typeof name !== "string" || !names.includes(name)) {
      throw fail(`steps[${i}].name`, names.map((known) => JSON.stringify(known)).join(" or "), name);
    }
    if (given.has(name)) throw fail(`steps[${i}].name`, "each step once", name);
    if (typeof value !== "number" || Number.isNaN(value)) throw fail(`steps[${i}].value`, "a number", value);
    given.set(name, value);
  });
  return given;
}
