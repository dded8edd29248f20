import { SeqlossError } from "../core/errors.js";
import { Random } from "../core/random.js";

/** The lower and the upper end. */
export type ScoreInterval = readonly [lower: number, upper: number];

export interface BootstrapOptions {
  /** How many corpora are drawn. Default 1000. */
  readonly resamples?: number;
  /** The share of them whose score lies inside, in (0, 1). Default 0.95. */
  readonly level?: number;
  /** The seed of the draws. Default 0. */
  readonly seed?: number;
}

/**
 * An interval of a score over a corpus, for scores that are a function of sums over sentences: corpora as large as this one
 * are drawn from its sentences with replacement, and the interval holds the middle scores (Efron 1979; Koehn 2004 for
 * BLEU, Bisani and Ney 2004 for error rates). The same seed gives the same interval.
 *
 * @param rows one list of counts for each sentence, all of one size: edits and length, say
 * @param score the score of the counts added up, a number whatever they are
 * @throws SeqlossError when there is no row, or rows differ in size (LENGTH), or an option is out of range (VALUE)
 * @example
 * const edits = [[0, 5], [1, 4], [2, 6], [0, 5]] // edits and length of four sentences
 * const [low, high] = bootstrapInterval(edits, ([wrong, length]) => wrong / length)
 * low < 3 / 20 && 3 / 20 < high // true
 */
export function bootstrapInterval(
  rows: readonly ArrayLike<number>[],
  score: (totals: Float64Array) => number,
  { resamples = 1000, level = 0.95, seed = 0 }: BootstrapOptions = {},
): ScoreInterval {
  const where = "bootstrapInterval";
  if (!Number.isInteger(resamples) || resamples < 1) {
    const expected = "a whole number of at least 1";
    throw new SeqlossError(where, "VALUE", { argument: "resamples", expected, found: resamples });
  }
  if (!(level > 0 && level < 1)) {
    throw new SeqlossError(where, "VALUE", { argument: "level", expected: "a number in (0, 1)", found: level });
  }
  if (rows.length === 0) {
    throw new SeqlossError(where, "LENGTH", { argument: "the size of rows", expected: "at least 1", found: 0 });
  }
  rows.forEach(({ length }, i) => {
    if (length === rows[0].length) return;
    const details = { argument: `the size of rows[${i}]`, expected: `${rows[0].length}, as the others`, found: length };
    throw new SeqlossError(where, "LENGTH", details);
  });
  const random = new Random(seed);
  const drawn = Array.from(rows);
  const scores = Float64Array.from({ length: resamples }, () => {
    for (let i = 0; i < rows.length; i++) drawn[i] = rows[random.integer(rows.length)];
    return score(sumRows(drawn));
  }).sort();
  const at = (share: number) => scores[Math.round(share * (resamples - 1))];
  return [at((1 - level) / 2), at((1 + level) / 2)];
}

/** The sum of each column; no columns of no rows. */
export function sumRows(rows: readonly ArrayLike<number>[]): Float64Array {
  const totals = new Float64Array(rows[0]?.length ?? 0);
  for (const row of rows) for (let k = 0; k < totals.length; k++) totals[k] += row[k];
  return totals;
}
