import type { DataSource } from "../task.js";

/** What someone did: one item after another, and beside each what was done there before the next one came. */
export interface History {
  readonly items: readonly number[];
  /** As many. */
  readonly operations: readonly number[];
}

export interface Session extends History {
  /** The first place whose item counts in scores, ≥ 1; what comes before is given. */
  readonly from: number;
}

export interface Sessions {
  /** Names of the items, by id. */
  readonly items: readonly string[];
  /** Names of the operations, by id; one where there are no operations. */
  readonly operations: readonly string[];
  readonly train: readonly Session[];
  readonly validation: readonly Session[];
  readonly test: readonly Session[];
}

/** A data set of sessions. */
export interface SessionSource {
  /** Where it is and what it holds, under its own name. */
  source(): DataSource;
  load(): Sessions;
  /** What is predicted: "next restaurants". */
  readonly title: string;
  /** What there is to know of the split and of what others report, a sentence each. */
  readonly notes: readonly string[];
  /** A history as a person writes it. @throws SeqlossError (FORMAT) when it has something unknown */
  read(text: string, sessions: Sessions): History;
}
