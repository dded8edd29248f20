import { lectureProblems, solveAlignments } from "../../../src/index.js";
import { BLANK, symbolsOf } from "./ctcSymbols.js";

export interface Preset {
  readonly name: string;
  readonly title: string;
  readonly label: string;
  readonly frames: number;
  /** Blank first, then the label's symbols. */
  readonly weights: readonly number[];
  /** What is wrong with the lecture's problem. */
  readonly warnings: readonly string[];
  /** Whether it is about sums in float32. */
  readonly linear?: boolean;
}

/** The lecture's words, and one where the likeliest symbols mislead. */
export function presets(): Preset[] {
  const { hello, deep, 123: number } = lectureProblems;
  const lecture = [hello, deep, number].map(({ title, problem }): Preset => {
    const { target, probabilities, blank = "-", alignments } = problem;
    const solved = solveAlignments(problem);
    return {
      name: target,
      title,
      label: target,
      frames: Math.min(...alignments.map((text) => text.length)),
      weights: symbolsOf(target).map((symbol) => probabilities[symbol === BLANK ? blank : symbol]),
      warnings: solved.warnings,
    };
  });
  const greedy = {
    name: "A",
    title: "Greedy reads it wrong",
    label: "A",
    frames: 2,
    weights: [0.6, 0.4],
    warnings: [],
  };
  const long = {
    name: "Long",
    title: "Too long for products in float32",
    label: "AB",
    frames: 64,
    weights: [0.1, 0.1, 0.1],
    warnings: [],
    linear: true,
  };
  return [...lecture, greedy, long];
}
