import {
  type CheckedSolution,
  checkSolution,
  type Divergence,
  divergences,
  generateProblem,
  lectureProblems,
  type Problem,
  type ProblemKind,
  problemKinds,
  type SolvedAlignments,
  type SolvedStep,
  solveAlignments,
  solveProblem,
} from "../../../src/index.js";

export interface ProblemAnswer {
  readonly title: string;
  readonly problem: Problem;
  readonly steps: readonly SolvedStep[];
  /** Of the lecture's kind: what is wrong with the problem, and the loss over every alignment. */
  readonly alignments:
    | (Pick<SolvedAlignments, "warnings" | "asWritten" | "validOnly"> & {
        readonly complete: readonly {
          readonly frames: number;
          readonly alignments: string;
          readonly normalised: number;
          readonly asGiven: number;
        }[];
      })
    | undefined;
  /** The loss that the lecture prints, and where its solution parts from the right one. */
  readonly printed: { readonly loss: number; readonly divergences: readonly Divergence[] } | undefined;
}

const titles: Readonly<Record<ProblemKind, string>> = {
  alignments: "Alignments listed",
  sequenceHinge: "Hinge loss of a sequence",
  meanSquaredError: "Mean squared error",
  crossEntropy: "Softmax and cross-entropy",
  ctc: "CTC in full",
  policyGradient: "Policy gradient",
  binaryCrossEntropy: "Binary cross-entropy",
  huberLoss: "Huber loss",
  quantileLoss: "Quantile loss",
  rankingHinge: "Hinge loss of a ranking",
  perplexity: "Perplexity",
  backpropagation: "What is left of a gradient",
  clipping: "Clipping a gradient",
};

export const kinds = (): readonly { readonly id: string; readonly title: string }[] => [
  ...Object.entries(lectureProblems).map(([id, { title }]) => ({ id, title: `The lecture's: ${title}` })),
  ...problemKinds.map((id) => ({ id, title: `New numbers: ${titles[id]}` })),
];

type LectureId = keyof typeof lectureProblems;
const lectureOf = (id: string) =>
  Object.hasOwn(lectureProblems, id) ? lectureProblems[id as unknown as LectureId] : undefined;

/** A problem with its solution. */
export function problemScreen(id: string, seed: number): ProblemAnswer & { readonly kinds: ReturnType<typeof kinds> } {
  const lecture = lectureOf(id);
  const kind = problemKinds.find((one) => one === id) ?? "crossEntropy";
  const problem: Problem = lecture?.problem ?? generateProblem(kind, seed);
  const solved = problem.kind === "alignments" ? solveAlignments(problem) : undefined;
  const printed =
    lecture && "printed" in lecture && lecture.printed && lecture.problem.kind === "alignments"
      ? { loss: lecture.printed.loss, divergences: divergences(lecture.problem, lecture.printed) }
      : undefined;
  return {
    kinds: kinds(),
    title: lecture?.title ?? titles[kind],
    problem,
    steps: solveProblem(problem),
    alignments: solved && {
      warnings: solved.warnings,
      asWritten: solved.asWritten,
      validOnly: solved.validOnly,
      complete: solved.complete.map((one) => ({ ...one, alignments: String(one.alignments) })),
    },
    printed,
  };
}

/** What is to be said of the values that a reader wrote. */
export function check(problem: Problem, steps: readonly { name: string; value: number }[]): CheckedSolution {
  return checkSolution({ problem, steps });
}
