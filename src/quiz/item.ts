/** What an item is about. `lecture` holds the lecture's own questions and those about its pages. */
export const quizTopics = [
  "lecture",
  "regression",
  "tokens",
  "margin",
  "ctc",
  "structured",
  "reward",
  "ranking",
  "gradients",
  "metrics",
  "choosing",
] as const;

export type QuizTopic = (typeof quizTopics)[number];

/** 1 a definition, 2 its use, 3 several ideas at once. */
export type QuizLevel = 1 | 2 | 3;

interface ItemBase {
  readonly id: string;
  readonly topic: QuizTopic;
  readonly level: QuizLevel;
  /** Plain text, one line or more. */
  readonly prompt: string;
  /** Why the answer is right, in one to three sentences. */
  readonly reason: string;
}

export interface ChoiceOption {
  readonly text: string;
  /** Why it is wrong; absent of the right one. */
  readonly whyNot?: string;
}

interface OptionsItem extends ItemBase {
  readonly options: readonly ChoiceOption[];
  /** The place of the right option, from 0. */
  readonly answer: number;
}

/** One option is right. */
export interface ChoiceItem extends OptionsItem {
  readonly kind: "choice";
}

/** A worked solution, one of whose lines is wrong of itself: which? */
export interface WrongStepItem extends OptionsItem {
  readonly kind: "wrongStep";
}

/** Curves, each also in words: which is it? */
export interface CurveItem extends OptionsItem {
  readonly kind: "curve";
  readonly options: readonly (ChoiceOption & { readonly points: readonly (readonly number[])[] })[];
}

/** An alignment to be written; each that reads as the label is right. */
export interface AlignmentItem extends ItemBase {
  readonly kind: "alignment";
  readonly label: string;
  readonly frames: number;
  /** The symbols that it may have, the blank first. */
  readonly symbols: readonly string[];
  /** One that is right. */
  readonly answer: string;
}

export interface TrueFalseItem extends ItemBase {
  readonly kind: "trueFalse";
  readonly answer: boolean;
}

/** A word or a few. */
export interface FillInItem extends ItemBase {
  readonly kind: "fillIn";
  readonly answer: string;
  /** What is accepted as well. */
  readonly synonyms: readonly string[];
  /** Whether the letters must be these. Otherwise plurals, articles and hyphens do not matter. Case never does. */
  readonly exact: boolean;
}

/** A number that a mistake leads to. */
export interface NumericSlip {
  readonly value: number;
  readonly why: string;
}

/** A computation on numbers drawn from the seed. */
export interface NumericItem extends ItemBase {
  readonly kind: "numeric";
  readonly answer: number;
  /** How far an answer may be from the key; 0 for a count. */
  readonly tolerance: number;
  /** The numbers and words that the prompt gives, by name. */
  readonly given: Readonly<Record<string, unknown>>;
  readonly slips: readonly NumericSlip[];
}

/** Things to be put in order. */
export interface OrderItem extends ItemBase {
  readonly kind: "order";
  /** As shown, shuffled. */
  readonly options: readonly string[];
  /** Places of the options, from 0, in the right order. */
  readonly answer: readonly number[];
}

/** An idea that a good answer has. */
export interface MarkingPoint {
  readonly idea: string;
  /** Words that hint at it: an answer that has one of them may have the idea. */
  readonly words: readonly string[];
}

/** A question to be answered in sentences; whoever answers marks it too. */
export interface OpenItem extends ItemBase {
  readonly kind: "open";
  /** A model answer. */
  readonly answer: string;
  readonly points: readonly MarkingPoint[];
}

export type QuizItem =
  | ChoiceItem
  | WrongStepItem
  | CurveItem
  | AlignmentItem
  | TrueFalseItem
  | FillInItem
  | NumericItem
  | OrderItem
  | OpenItem;

export type QuizKind = QuizItem["kind"];
