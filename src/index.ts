// The whole public surface, grouped as the documentation is.

export * from "./train.js";

// Alignments: what a loss sums over.
export type { AlignmentSet, Emission, SharedAlignment, Trellis, TrellisMove } from "./alignments/alignmentSet.js";
export type { CtcAlignmentOptions } from "./alignments/ctcAlignments.js";
export { ctcAlignments } from "./alignments/ctcAlignments.js";
export type { TransducerAlignmentOptions } from "./alignments/transducerAlignments.js";
export { transducerAlignments } from "./alignments/transducerAlignments.js";
export type { CrfAlignmentSet } from "./alignments/crfAlignments.js";
export { crfAlignments } from "./alignments/crfAlignments.js";

// The choice of a loss.
export type { TargetKind, TaskFacts } from "./choice/facts.js";
export { targetKinds } from "./choice/facts.js";
export type { Choice } from "./choice/rule.js";
export { chooseLoss } from "./choice/chooseLoss.js";
export type { InspectedTargets, TargetData } from "./choice/inspectTargets.js";
export { inspectTargets } from "./choice/inspectTargets.js";

// Explanations: a loss derived on the caller's numbers.
export type { Form } from "./explain/expression.js";
export type { Explanation, Step, StepTable } from "./explain/step.js";
export type { ExplainInputs } from "./explain/explain.js";
export { explain } from "./explain/explain.js";
export type { BackpropagationInputs } from "./explain/backpropagation.js";
export { explainBackpropagation } from "./explain/backpropagation.js";
export { toMarkdown } from "./explain/markdown.js";

// Worked problems: solved, checked, made.
export type { Problem, ProblemKind } from "./worked/problem.js";
export { problemKinds, readProblem } from "./worked/problem.js";
export type { SolvedAlignments } from "./worked/solveAlignments.js";
export { solveAlignments } from "./worked/solveAlignments.js";
export type { SolvedStep } from "./worked/solveProblem.js";
export { solveProblem } from "./worked/solveProblem.js";
export type { CheckedSolution, CheckedStep, Solution } from "./worked/checkSolution.js";
export { checkSolution } from "./worked/checkSolution.js";
export { generateProblem } from "./worked/generate.js";
export type { Divergence, LectureProblem } from "./worked/lecture.js";
export { divergences, lectureProblems } from "./worked/lecture.js";

// A quiz: questions from a seed, and what answers are worth.
export type {
  AlignmentItem,
  ChoiceItem,
  ChoiceOption,
  CurveItem,
  FillInItem,
  MarkingPoint,
  NumericItem,
  NumericSlip,
  OpenItem,
  OrderItem,
  QuizItem,
  QuizKind,
  QuizLevel,
  QuizTopic,
  TrueFalseItem,
  WrongStepItem,
} from "./quiz/item.js";
export { quizTopics } from "./quiz/item.js";
export type { QuizSelection } from "./quiz/quizItems.js";
export { quizItem, quizItems } from "./quiz/quizItems.js";
export type { QuizAnswer } from "./quiz/read.js";
export type { QuizMark } from "./quiz/mark.js";
export { markAnswer } from "./quiz/mark.js";
export { pointsIn } from "./quiz/words.js";

// Diagnosis: why a run does not learn.
export type { Finding, FindingCode, Severity } from "./diagnosis/finding.js";
export type { BatchEvidence } from "./diagnosis/batch.js";
export type { HistoryEvidence, HistoryRecord } from "./diagnosis/history.js";
export type { GradientEvidence, GradientReach, ParameterNorms } from "./diagnosis/gradients.js";
export type { LayerActivations } from "./diagnosis/activations.js";
export type { Diagnosis, DiagnosisInput } from "./diagnosis/diagnose.js";
export { diagnose } from "./diagnosis/diagnose.js";
export type { Probe } from "./diagnosis/probe.js";
export { probe } from "./diagnosis/probe.js";
export { probeTrainer } from "./diagnosis/probeTrainer.js";
