import { ctcAlignments } from "../alignments/ctcAlignments.js";
import { ctcLoss } from "../losses/ctc.js";
import type { AlignmentsProblem } from "./problem.js";
import { readsAs } from "./readsAs.js";

/** One listed alignment, multiplied out. */
export interface SolvedAlignment {
  readonly text: string;
  /** The probability of each of its symbols, in order. */
  readonly factors: readonly number[];
  readonly product: number;
  /** What it collapses to. */
  readonly reads: string;
  readonly valid: boolean;
}

/** A probability and −ln of it. */
export interface Total {
  readonly sum: number;
  readonly loss: number;
}

/** The loss over every alignment of a number of frames. */
export interface CompleteLoss {
  readonly frames: number;
  /** How many alignments of that length there are. */
  readonly alignments: bigint;
  /** With the probabilities divided by their sum, so that each frame's sum to 1. */
  readonly normalised: number;
  /** With the probabilities as they are. */
  readonly asGiven: number;
}

export interface SolvedAlignments {
  readonly alignments: readonly SolvedAlignment[];
  /** Over all that are listed. */
  readonly asWritten: Total;
  /** Over those that read as the target. */
  readonly validOnly: Total;
  /** The CTC loss, over every alignment, for each number of frames asked for. */
  readonly complete: readonly CompleteLoss[];
  /** What is wrong with the problem, a sentence each. */
  readonly warnings: readonly string[];
}

/**
 * The lecture's kind of CTC problem, solved: each listed alignment multiplied out and read, their sum as written and over the
 * valid ones only; and beside it the CTC loss, which sums every alignment of one length.
 *
 * @param frames the lengths to take the CTC loss for; default those of the listed alignments
 * @example
 * const { asWritten, validOnly, warnings } = solveAlignments(lectureProblems.hello.problem);
 * asWritten.loss // 6.1803
 * validOnly.loss // 6.7865: H-E-LL-O reads as HELO
 * warnings.length // 3
 */
export function solveAlignments(problem: AlignmentsProblem, frames?: readonly number[]): SolvedAlignments {
  const { target, alignments, probabilities, blank = "-" } = problem;
  const solved = alignments.map((text): SolvedAlignment => {
    const factors = Array.from(text, (symbol) => probabilities[symbol]);
    const reads = readsAs(text, blank);
    return { text, factors, product: factors.reduce((p, factor) => p * factor, 1), reads, valid: reads === target };
  });
  const valid = solved.filter((alignment) => alignment.valid);
  const lengths = [...new Set(solved.map(({ factors }) => factors.length))].toSorted((a, b) => b - a);
  const total = Object.values(probabilities).reduce((sum, p) => sum + p, 0);
  return {
    alignments: solved,
    asWritten: sumOf(solved),
    validOnly: sumOf(valid),
    complete: (frames ?? lengths).map((T) => completeLoss(problem, T)),
    warnings: warnings(problem, solved, lengths, total),
  };
}

function sumOf(alignments: readonly SolvedAlignment[]): Total {
  const sum = alignments.reduce((total, { product }) => total + product, 0);
  return { sum, loss: 0 - Math.log(sum) };
}

function completeLoss({ target, probabilities, blank = "-" }: AlignmentsProblem, frames: number): CompleteLoss {
  const symbols = Object.keys(probabilities);
  const row = symbols.map((symbol) => Math.log(probabilities[symbol]));
  const data = Float64Array.from({ length: frames * row.length }, (_, i) => row[i % row.length]);
  const logits = { data, shape: [1, frames, row.length] };
  const label = [Array.from(target, (symbol) => symbols.indexOf(symbol))];
  const options = { blank: symbols.indexOf(blank) };
  return {
    frames,
    alignments: ctcAlignments(logits, label, options)[0].count,
    normalised: ctcLoss(logits, label, options).value,
    asGiven: ctcLoss(logits, label, { ...options, inputs: "scores" }).value,
  };
}

function warnings(
  { target, blank = "-" }: AlignmentsProblem,
  solved: readonly SolvedAlignment[],
  lengths: readonly number[],
  total: number,
): string[] {
  const found: string[] = [];
  for (const { text, reads, valid } of solved) {
    if (!valid) {
      found.push(
        `${text} reads as ${reads}, not ${target}: neighbouring repeats merge unless a "${blank}" is between them.`,
      );
    }
  }
  const texts = solved.map(({ text }) => text);
  const twice = texts.find((text, i) => texts.indexOf(text) !== i);
  if (twice !== undefined) found.push(`${twice} is listed twice.`);
  if (lengths.length > 1) {
    found.push(
      `The alignments have ${lengths.join(" and ")} symbols. Those of one input all have as many as it has frames.`,
    );
  }
  if (Math.abs(total - 1) > 1e-6) {
    found.push(`The probabilities sum to ${Number(total.toPrecision(6))}, not 1: no softmax gives them.`);
  }
  return found;
}
