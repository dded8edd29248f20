import { SeqlossError } from "../core/errors.js";
import { logAdd, logSoftmax } from "../core/numeric.js";
import { BestCandidates } from "./bestCandidates.js";

/** A transducer as a decoder sees it: frames, and a predictor whose state follows the labels written. */
export interface TransducerModel<State> {
  readonly frames: number;
  /** The predictor's state before any label. */
  start(): State;
  /** The state after one more label. */
  step(state: State, label: number): State;
  /** [V], the joint's logits at a frame, after the labels of the state. */
  logits(frame: number, state: State): ArrayLike<number>;
}

export interface TransducerSearchOptions {
  /** The class that goes to the next frame. Default 0. */
  readonly blank?: number;
  /** Labels written at one frame at most, so that a search ends. Default 10. */
  readonly maxLabelsPerFrame?: number;
}

/** What was read, and when. */
export interface TransducerReading {
  readonly labels: readonly number[];
  /** The frame that each label was written in. */
  readonly frames: readonly number[];
  /** ln of its probability: of the path that was followed (greedy), or summed over the paths that were kept (beam). */
  readonly logProb: number;
}

const nothing = Number.NEGATIVE_INFINITY;

function check(where: string, { blank = 0, maxLabelsPerFrame = 10 }: TransducerSearchOptions, width = 1): void {
  const whole = (argument: string, found: number, least: number) => {
    if (Number.isInteger(found) && found >= least) return;
    throw new SeqlossError(where, "VALUE", { argument, expected: `a whole number of at least ${least}`, found });
  };
  whole("blank", blank, 0);
  whole("maxLabelsPerFrame", maxLabelsPerFrame, 1);
  whole("width", width, 1);
}

/** ln p of each class at a cell. */
function cell<State>(where: string, model: TransducerModel<State>, frame: number, state: State, blank: number) {
  const logits = model.logits(frame, state);
  if (blank < logits.length) return logSoftmax(logits);
  const expected = `a class in 0..${logits.length - 1}, of the model's logits`;
  throw new SeqlossError(where, "VALUE", { argument: "blank", expected, found: blank });
}

/**
 * Greedy decoding of a transducer: the best class at each cell, until a blank goes on to the next frame (Graves 2012, section
 * 2.6, with a beam of one).
 *
 * @throws SeqlossError (VALUE) when an option is out of range
 * @example
 * const model = { frames: 2, start: () => 0, step: (state) => state + 1, logits: (t, u) => (t === 1 && u === 0 ? [0, 2] : [2, 0]) };
 * const { labels, frames } = transducerGreedyDecode(model);
 * labels // [1]
 * frames // [1]
 */
export function transducerGreedyDecode<State>(
  model: TransducerModel<State>,
  options: TransducerSearchOptions = {},
): TransducerReading {
  const where = "transducerGreedyDecode";
  check(where, options);
  const { blank = 0, maxLabelsPerFrame = 10 } = options;
  const labels: number[] = [];
  const frames: number[] = [];
  let state = model.start();
  let logProb = 0;
  for (let t = 0; t < model.frames; t++) {
    for (let written = 0; ; written++) {
      const logs = cell(where, model, t, state, blank);
      const best = written < maxLabelsPerFrame ? logs.indexOf(Math.max(...logs)) : blank;
      logProb += logs[best];
      if (best === blank) break;
      labels.push(best);
      frames.push(t);
      state = model.step(state, best);
    }
  }
  return { labels, frames, logProb };
}

export interface TransducerBeamOptions extends TransducerSearchOptions {
  /** Label sequences kept at each frame. Default 8. */
  readonly width?: number;
}

interface Hypothesis<State> extends TransducerReading {
  readonly state: State;
  /** ln of the probability of the likeliest of its paths, whose frames it has. */
  readonly path: number;
}

/**
 * Beam search of a transducer, frame by frame: sequences of the same labels are one, with their probabilities added (Graves
 * 2012, algorithm 1, with labels per frame bounded). With a beam that nothing falls out of, the probabilities are exact for
 * every sequence that writes at most `maxLabelsPerFrame` labels a frame.
 *
 * @returns the kept sequences, the most probable first; `frames` are those of the likeliest path that was kept
 * @throws SeqlossError (VALUE) when an option is out of range
 * @example
 * const model = { frames: 1, start: () => 0, step: (state) => state + 1, logits: (_, u) => (u === 0 ? [0, 1] : [1, 0]) };
 * transducerBeamSearch(model, { width: 2 })[0].labels // [1]
 */
export function transducerBeamSearch<State>(
  model: TransducerModel<State>,
  options: TransducerBeamOptions = {},
): TransducerReading[] {
  const { blank = 0, maxLabelsPerFrame = 10, width = 8 } = options;
  const where = "transducerBeamSearch";
  check(where, options, width);
  let kept: Hypothesis<State>[] = [{ labels: [], frames: [], logProb: 0, path: 0, state: model.start() }];
  // extensions by one label are all different, so that what is not kept need not be written down: id = hypothesis · V + label
  const best = new BestCandidates(width);
  for (let t = 0; t < model.frames; t++) {
    const ended = new Map<string, Hypothesis<State>>();
    let open = kept;
    for (let count = 0; open.length > 0; count++) {
      const rows = open.map(({ state }) => cell(where, model, t, state, blank));
      best.clear();
      for (const [i, hypothesis] of open.entries()) {
        const logs = rows[i];
        const { logProb, path } = hypothesis;
        merge(ended, { ...hypothesis, logProb: logProb + logs[blank], path: path + logs[blank] });
        if (count === maxLabelsPerFrame) continue;
        for (let k = 0; k < logs.length; k++) if (k !== blank) best.offer(logProb + logs[k], i * logs.length + k);
      }
      best.sort();
      open = Array.from({ length: best.size }, (_, c) => {
        const classes = rows[0].length;
        const k = best.id[c] % classes;
        const i = (best.id[c] - k) / classes;
        const { labels, frames, path, state } = open[i];
        // a state is computed for what is kept only
        return {
          labels: [...labels, k],
          frames: [...frames, t],
          logProb: best.rank[c],
          path: path + rows[i][k],
          state: model.step(state, k),
        };
      });
      const weakest = ended.size < width ? nothing : strongest(ended, width)[width - 1].logProb;
      open = open.filter(({ logProb }) => logProb > weakest);
    }
    kept = strongest(ended, width);
  }
  return kept.map(({ labels, frames, logProb }) => ({ labels, frames, logProb }));
}

/** Paths to the same labels add up; the likelier one's frames stay. */
function merge<State>(found: Map<string, Hypothesis<State>>, one: Hypothesis<State>): void {
  if (one.logProb === nothing) return;
  const key = one.labels.join();
  const other = found.get(key);
  if (other === undefined) found.set(key, one);
  else {
    const { frames, path } = one.path > other.path ? one : other;
    found.set(key, { ...other, frames, path, logProb: logAdd(one.logProb, other.logProb) });
  }
}

function strongest<State>(found: Map<string, Hypothesis<State>>, width: number): Hypothesis<State>[] {
  return [...found.values()].toSorted((a, b) => b.logProb - a.logProb).slice(0, width);
}
