import type { DataSource } from "../task.js";

/** A text, and whether it is of the class that is looked for. */
export interface LabelledText {
  readonly text: string;
  readonly positive: boolean;
}

export interface Corpus {
  readonly train: readonly LabelledText[];
  readonly validation: readonly LabelledText[];
  readonly test: readonly LabelledText[];
}

/** A data set of texts of two classes. */
export interface TextSource {
  source(): DataSource;
  load(): Corpus;
  /** What is classified: "messages". */
  readonly title: string;
  /** What the classes are called: the one that is looked for, and the other. */
  readonly classes: { readonly positive: string; readonly negative: string };
  /** Whether words are read too, and not their characters alone. */
  readonly words: boolean;
  /** How the parts were made, and what others report; a sentence each. */
  readonly notes: readonly string[];
}
