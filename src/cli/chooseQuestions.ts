import { type TargetKind, type TaskFacts, targetKinds } from "../index.js";

/** A fact that somebody can be asked for, at a prompt or by a flag. */
export interface Question {
  readonly fact: Exclude<keyof TaskFacts, "targets">;
  /** The kinds of target that it matters for. */
  readonly of: readonly TargetKind[];
  readonly flag: string;
  /** What the flag's help says. */
  readonly help: string;
  readonly text: string;
  readonly answer: "yes or no" | "share" | "number" | readonly string[];
}

const decisions: readonly TargetKind[] = ["binary", "signs", "classes"];

export const questions: readonly Question[] = [
  {
    fact: "perStep",
    of: decisions,
    flag: "--per-step",
    help: "there is a target for each step, not one for each sequence",
    text: "Is there a target for each step (no: one for each sequence)?",
    answer: "yes or no",
  },
  {
    fact: "alignment",
    of: ["labels"],
    flag: "--alignment",
    help: "whether it is known which input step each label belongs to",
    text: "Is it known which input step each label belongs to?",
    answer: ["known", "unknown"],
  },
  {
    fact: "length",
    of: ["labels"],
    flag: "--length",
    help: "the targets' length beside the inputs'",
    text: "How long are the targets beside the inputs?",
    answer: ["equal", "shorter", "free"],
  },
  {
    fact: "reordered",
    of: ["labels"],
    flag: "--reordered",
    help: "labels come in another order than what they stand for",
    text: "Do labels come in another order than what they stand for, as in translation?",
    answer: "yes or no",
  },
  {
    fact: "streaming",
    of: ["labels"],
    flag: "--streaming",
    help: "the output is wanted while the input comes in",
    text: "Is the output wanted while the input still comes in?",
    answer: "yes or no",
  },
  {
    fact: "tooLong",
    of: [],
    flag: "--too-long",
    help: "share of labels that do not fit their frames",
    text: "Which share of the labels does not fit its frames?",
    answer: "share",
  },
  {
    fact: "outliers",
    of: ["numbers"],
    flag: "--outliers",
    help: "share of the numbers that are far from the rest, 0 to 1",
    text: "Which share of the numbers is far from all others (0 to 1)?",
    answer: "share",
  },
  {
    fact: "asymmetric",
    of: ["numbers"],
    flag: "--asymmetric",
    help: "how many times as much too little costs as too much",
    text: "How many times as much does too little cost as too much (1: the same)?",
    answer: "number",
  },
  {
    fact: "majority",
    of: decisions,
    flag: "--majority",
    help: "share of the commonest class, 0 to 1",
    text: "Which share of the targets is of the commonest class (0 to 1)?",
    answer: "share",
  },
  {
    fact: "classes",
    of: ["classes", "ranking"],
    flag: "--classes",
    help: "number of classes, or of items to rank",
    text: "How many classes or items are there?",
    answer: "number",
  },
  {
    fact: "neighbours",
    of: ["tags"],
    flag: "--neighbours",
    help: "how much of a tag's uncertainty the tag before it takes away, 0 to 1",
    text: "How much of a tag's uncertainty does the tag before it take away (0 to 1)?",
    answer: "share",
  },
  {
    fact: "noise",
    of: ["classes", "labels"],
    flag: "--noise",
    help: "some labels are wrong",
    text: "Are some of the labels wrong?",
    answer: "yes or no",
  },
  {
    fact: "margin",
    of: ["binary", "signs", "classes", "tags", "ranking"],
    flag: "--margin",
    help: "only decisions count, not their probabilities",
    text: "Do only decisions count, not their probabilities?",
    answer: "yes or no",
  },
  {
    fact: "logProbs",
    of: ["classes"],
    flag: "--log-probs",
    help: "the outputs are log-probabilities already",
    text: "Are the outputs log-probabilities already?",
    answer: "yes or no",
  },
  {
    fact: "metric",
    of: ["labels", "rewards"],
    flag: "--metric",
    help: "to train on a score of whole outputs that has no gradient",
    text: "Is a score of whole outputs (error rate, BLEU) to be trained on itself?",
    answer: "yes or no",
  },
  {
    fact: "candidates",
    of: ["rewards"],
    flag: "--candidates",
    help: "candidates with their costs can be listed for each input",
    text: "Can candidates with their costs be listed for each input?",
    answer: "yes or no",
  },
  {
    fact: "delayed",
    of: ["rewards"],
    flag: "--delayed",
    help: "the reward comes after many actions",
    text: "Does the reward come after many actions?",
    answer: "yes or no",
  },
  {
    fact: "several",
    of: targetKinds,
    flag: "--several",
    help: "several losses are to count at once",
    text: "Are several losses to count at once?",
    answer: "yes or no",
  },
  {
    fact: "custom",
    of: targetKinds,
    flag: "--custom",
    help: "what counts is known, and no standard loss says it",
    text: "Do you know what counts, and no standard loss says it?",
    answer: "yes or no",
  },
];

export const kinds: Readonly<Record<TargetKind, string>> = {
  numbers: "amounts: a forecast, a measurement",
  binary: "yes or no, as 1 or 0",
  signs: "yes or no, as 1 or -1",
  classes: "one of several, for each step or each sequence",
  soft: "probabilities of several, or one-hot rows",
  tags: "one of several for each step, depending on its neighbours",
  labels: "a sequence without positions: text for speech or handwriting, a translation",
  ranking: "the wanted item among others: recommendation",
  rewards: "what actions or whole outputs are worth: games, scores",
};

/** An answer as a fact; undefined where it is none. */
export function readAnswer({ answer }: Question, text: string): boolean | number | string | undefined {
  const word = text.trim().toLowerCase();
  if (answer === "yes or no") return /^y(es)?$/.test(word) ? true : /^no?$/.test(word) ? false : undefined;
  if (answer === "share" || answer === "number") {
    const value = word.endsWith("%") ? Number(word.slice(0, -1)) / 100 : Number(word);
    const fits = word !== "" && Number.isFinite(value) && (answer === "number" ? value > 0 : value >= 0 && value <= 1);
    return fits ? value : undefined;
  }
  return answer.find((choice) => choice === word);
}

export function expectedAnswer({ answer }: Question): string {
  if (answer === "share") return "a share, 0 to 1 or in %";
  if (answer === "number") return "a number above 0";
  return typeof answer === "string" ? "y or n" : answer.join(", ");
}
