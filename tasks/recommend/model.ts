import {
  dense,
  dropout,
  embedding,
  gru,
  type Layer,
  padSequences,
  type Random,
  type SequenceBatch,
  sequential,
} from "../../src/index.js";
import { columns, identity, parallel } from "../layers/parallel.js";
import type { History, Session } from "./sessions.js";

export interface RecommenderOptions {
  readonly items: number;
  readonly operations: number;
  /** Numbers in an item's vector. */
  readonly embedding: number;
  readonly hidden: number;
  readonly dropout: number;
  readonly random: Random;
}

/** Numbers in an operation's vector. */
const OPERATION = 8;

/**
 * Scores of all items after each step of a session [B, T, 2], items and operations: a GRU reads the vectors of both, and one linear
 * map scores the items from what it remembers and, beside it, from the last step as it is. So what follows from the last item alone
 * need not pass through the memory.
 */
export function recommender({
  items,
  operations,
  embedding: size,
  hidden,
  random,
  ...rest
}: RecommenderOptions): Layer {
  const width = size + OPERATION;
  return sequential({
    read: parallel({
      item: sequential({ id: columns(0, 1), vector: embedding({ tokens: items, size, random }) }),
      operation: sequential({ id: columns(1, 1), vector: embedding({ tokens: operations, size: OPERATION, random }) }),
    }),
    dropped: dropout(rest.dropout, { variational: true }),
    state: parallel({ rnn: gru({ inputs: width, hidden, random }), last: identity() }),
    dropout: dropout(rest.dropout),
    head: dense({ inputs: hidden + width, outputs: items, random }),
  });
}

/** Sessions as the network reads them, item and operation at each step. */
export const toInputs = (sessions: readonly History[]): SequenceBatch =>
  padSequences(
    sessions.map(({ items, operations }) => Float32Array.from(items.flatMap((item, t) => [item, operations[t]]))),
    2,
  );

/** All but the last step: what its items are predicted from. */
export const before = ({ items, operations }: Session): History => ({
  items: items.slice(0, -1),
  operations: operations.slice(0, -1),
});
