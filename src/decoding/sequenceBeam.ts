import { SeqlossError } from "../core/errors.js";
import { logSoftmax } from "../core/numeric.js";
import { BestCandidates } from "./bestCandidates.js";
import {
  checkEnd,
  checkWhole,
  readMaxLengths,
  type TokenModel,
  type WritingOptions,
  type WrittenSequence,
} from "./tokenModel.js";

export interface SequenceBeamOptions extends WritingOptions {
  /** Unfinished sequences kept at each length. Default 5. */
  readonly width?: number;
  /** α ≥ 0 of the length normalisation: 0 ranks by probability, and more favours longer sequences. Default 0. */
  readonly lengthPenalty?: number;
  /** Sequences returned for each state, at most. Default 1. */
  readonly count?: number;
}

export interface SequenceReading extends WrittenSequence {
  /** What readings are ranked by: logProb / ((5 + n) / 6)^α, where n counts the tokens and the end. */
  readonly score: number;
}

/**
 * Beam search for the best sequences from each of many states (Sutskever et al. 2014), with the length normalisation of Wu et
 * al. 2016, eq. 14. All searches go on side by side, so that a model computes their steps as one batch. A search ends when no
 * unfinished sequence can come before the readings that it has. With a beam that nothing falls out of, the readings are the
 * best of all.
 *
 * @returns for each state its readings, best first, of equal scores the shorter one first
 * @throws SeqlossError when an option is out of range (VALUE), or there is not one maximal length for each state (LENGTH)
 * @example
 * const model = { step: (states) => ({ logits: states.map(() => [Math.log(0.6), Math.log(0.4)]), states }) };
 * const [[best]] = sequenceBeamSearch(model, [null], { start: 1, end: 1, maxLength: 2 });
 * best.tokens // []
 * best.logProb // -0.9163
 */
export function sequenceBeamSearch<State>(
  model: TokenModel<State>,
  states: readonly State[],
  options: SequenceBeamOptions,
): SequenceReading[][] {
  const where = "sequenceBeamSearch";
  const { start, end, width = 5, lengthPenalty = 0, count = 1 } = options;
  checkWhole(where, "width", width, 1);
  checkWhole(where, "count", count, 1);
  if (!(lengthPenalty >= 0 && lengthPenalty < Number.POSITIVE_INFINITY)) {
    const details = { argument: "lengthPenalty", expected: "a finite number of at least 0", found: lengthPenalty };
    throw new SeqlossError(where, "VALUE", details);
  }
  const limits = readMaxLengths(where, options, states.length);
  const settings = { end, width, lengthPenalty, count };
  const searches = states.map((state, n) => new Search(state, start, limits[n], settings));
  for (let open = searches; open.length > 0; open = open.filter(({ live }) => live.length > 0)) {
    const all = open.flatMap(({ live }) => live);
    const { logits, states: after } = model.step(
      all.map(({ state }) => state),
      all.map(({ last }) => last),
    );
    checkEnd(where, end, logits[0].length);
    let from = 0;
    for (const search of open) {
      const to = from + search.live.length;
      search.advance(logits.slice(from, to), after.slice(from, to));
      from = to;
    }
  }
  return searches.map(({ readings }) => readings);
}

interface Hypothesis<State> {
  readonly tokens: readonly number[];
  readonly logProb: number;
  /** What the model is to be told next: the token written last, and the state before it. */
  readonly last: number;
  readonly state: State;
}

interface Settings {
  readonly end: number;
  readonly width: number;
  readonly lengthPenalty: number;
  readonly count: number;
}

/** The search from one state. */
class Search<State> {
  readonly readings: SequenceReading[] = [];
  live: readonly Hypothesis<State>[];
  private readonly best: BestCandidates;
  private length = 0;

  constructor(
    state: State,
    start: number,
    private readonly limit: number,
    private readonly settings: Settings,
  ) {
    this.live = [{ tokens: [], logProb: 0, last: start, state }];
    this.best = new BestCandidates(settings.width);
  }

  /** One token on: every live sequence may end, and the likeliest continuations of them all live on. */
  advance(logits: readonly ArrayLike<number>[], after: readonly State[]): void {
    const { live, best } = this;
    const V = logits[0].length;
    best.clear();
    live.forEach(({ tokens, logProb }, i) => {
      const logs = logSoftmax(logits[i]);
      this.finish(tokens, logProb + logs[this.settings.end]);
      if (this.length === this.limit) return;
      for (let k = 0; k < logs.length; k++) {
        if (k !== this.settings.end && logs[k] > Number.NEGATIVE_INFINITY) best.offer(logProb + logs[k], i * V + k);
      }
    });
    best.sort();
    this.length++;
    this.live = Array.from({ length: best.size }, (_, c) => {
      const last = best.id[c] % V;
      const i = (best.id[c] - last) / V;
      return { tokens: [...live[i].tokens, last], logProb: best.rank[c], last, state: after[i] };
    });
    if (this.isDecided()) this.live = [];
  }

  private finish(tokens: readonly number[], logProb: number): void {
    const { readings, settings } = this;
    if (!(logProb > Number.NEGATIVE_INFINITY)) return;
    const score = this.scoreOf(logProb, tokens.length);
    const at = readings.findIndex((other) => other.score < score);
    readings.splice(at < 0 ? readings.length : at, 0, { tokens, logProb, score });
    readings.length = Math.min(readings.length, settings.count);
  }

  /** A live sequence only loses probability, and the longest one is divided by most. */
  private isDecided(): boolean {
    const { live, readings, settings } = this;
    if (live.length === 0 || readings.length < settings.count) return live.length === 0;
    return readings[readings.length - 1].score >= this.scoreOf(live[0].logProb, this.limit);
  }

  private scoreOf(logProb: number, tokens: number): number {
    return logProb / ((6 + tokens) / 6) ** this.settings.lengthPenalty;
  }
}
