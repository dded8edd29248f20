import {
  type AlignmentSet,
  ctcAlignments,
  ctcBeamSearch,
  ctcGreedyDecode,
  ctcLoss,
  Random,
  type Trellis,
  transducerAlignments,
  transducerLoss,
} from "../../../src/index.js";
import { type Preset, presets } from "./ctcPresets.js";
import { BLANK, symbolsOf } from "./ctcSymbols.js";
import { everyPath, pathCounts, pathsBetween } from "./latticePaths.js";

/** What the CTC screen asks about. */
export interface LatticeQuestion {
  readonly kind: "ctc" | "transducer";
  readonly label: string;
  readonly frames: number;
  /** One row for every frame alike, a row for each frame, or none: then they are drawn. A number for each of `symbols`. */
  readonly weights: readonly (readonly number[])[];
  readonly seed: number;
  /** Whether weights are divided by their sum at each frame. */
  readonly normalised: boolean;
  /** An alignment that the reader built: class ids. */
  readonly built: readonly number[];
  /** Whether the blank is the last class; else it is the first. */
  readonly blankLast?: boolean;
  /** Nodes that are looked at together. */
  readonly pins?: readonly number[];
}

export interface LatticeNode {
  readonly time: number;
  readonly row: number;
  /** ln of the weight of all beginnings that end here, of all endings from here. */
  readonly alpha: number;
  readonly beta: number;
  /** The part of the alignments that pass here. */
  readonly share: number;
  /** How many alignments pass here. */
  readonly paths: string;
  /** ln of what the node itself reads (CTC); 0 for a transducer, whose moves read. */
  readonly reads: number;
}

export interface LatticeMove {
  /** Places in `nodes`; −1 before the first. */
  readonly from: number;
  readonly to: number;
  readonly logProb: number;
  readonly share: number;
}

export interface LatticeAnswer {
  readonly kind: LatticeQuestion["kind"];
  readonly frames: number;
  /** The symbols of the label in order of appearance, the blank before or after them. */
  readonly symbols: readonly string[];
  /** What each row of the lattice stands for. */
  readonly rows: readonly string[];
  /** Row by row of each frame. */
  readonly nodes: readonly LatticeNode[];
  readonly moves: readonly LatticeMove[];
  readonly loss: number;
  readonly count: string;
  readonly entropy: number;
  /** Frames that the label needs. */
  readonly needed: number;
  /** What each class weighs at each frame, as the loss reads it: [frames][classes]. */
  readonly weights: readonly (readonly number[])[];
  /** Of the loss with respect to the inputs, [frames][classes]. */
  readonly gradient: readonly (readonly number[])[];
  /** How probable each class is at each frame, given the label. */
  readonly occupancy: readonly (readonly number[])[];
  /** The nodes of the likeliest alignment, and of the one that was built, where it is one. */
  readonly best: readonly number[];
  readonly built: readonly number[];
  readonly alignments: readonly {
    readonly path: readonly number[];
    readonly share: number;
    readonly logProb: number;
  }[];
  /** Alignments drawn with their probabilities, the most frequent first, where there are more than are listed. */
  readonly drawn: readonly { readonly path: readonly number[]; readonly times: number }[];
  /** The alignments through both nodes that are pinned, where two are: how many, and their part of all. */
  readonly both: { readonly pins: readonly number[]; readonly paths: string; readonly share: number } | undefined;
  readonly emissions: readonly { readonly label: number; readonly mean: number; readonly deviation: number }[];
  readonly warnings: readonly string[];
}

/** Of the alignments listed, at most this many; beyond, they are the likeliest. */
const LISTED = 400;
/** All of them are listed when it is asked for, up to so many. */
export const LISTABLE = 20_000;
/** Of more than that, so many are drawn as well. */
const DRAWN = 200;
const DRAWN_SEED = 17;
function weightsOf(question: LatticeQuestion, classes: number): number[][] {
  const { frames, weights, seed } = question;
  if (weights.length === 0) {
    const random = new Random(seed);
    return Array.from({ length: frames }, () => Array.from({ length: classes }, () => Math.exp(1.5 * random.normal())));
  }
  return Array.from({ length: frames }, (_, t) =>
    Array.from({ length: classes }, (_, k) => weights[Math.min(t, weights.length - 1)][k] ?? 0),
  );
}

/** A lattice with everything that is drawn of it. */
export function lattice(question: LatticeQuestion): LatticeAnswer {
  const symbols = symbolsOf(question.label, question.blankLast);
  const given = weightsOf(question, symbols.length);
  const logs = given.map((row) => row.map(Math.log));
  const label = Array.from(question.label, (symbol) => symbols.indexOf(symbol));
  return question.kind === "ctc" ? ctc(question, symbols, logs, label) : transducer(question, symbols, logs, label);
}

function ctc(question: LatticeQuestion, symbols: string[], logs: number[][], label: number[]): LatticeAnswer {
  const { frames, normalised } = question;
  const inputs = normalised ? "logits" : "scores";
  const blank = symbols.indexOf(BLANK);
  const [set] = ctcAlignments([logs], [label], { inputs, blank });
  const { value, grad } = ctcLoss([logs], [label], { inputs, blank });
  const extended = label.flatMap((k) => [blank, k]).concat(blank);
  const S = extended.length;
  const totals = logs.map((row) => (normalised ? Math.log(row.reduce((sum, x) => sum + Math.exp(x), 0)) : 0));
  const weights = logs.map((row, t) => row.map((x) => Math.exp(x - totals[t])));
  const repeats = label.filter((k, u) => u > 0 && k === label[u - 1]).length;
  const reads = (t: number, row: number) => Math.log(weights[t][extended[row]]);
  const walk = (path: ArrayLike<number>) => {
    let row = 0;
    return Array.from(path, (symbol, t) => {
      while (extended[row] !== symbol) row++;
      return t * S + row;
    });
  };
  return {
    ...common(question, set, symbols, frames * S, { first: 1, rows: S, reads, walk }),
    rows: extended.map((k) => symbols[k]),
    loss: value,
    needed: label.length + repeats,
    weights,
    gradient: reshape(grad.data, symbols.length),
    occupancy: reshape(set.occupancy, symbols.length),
    warnings: warningsOf(question, weights, value, label.length + repeats),
  };
}

function transducer(question: LatticeQuestion, symbols: string[], logs: number[][], label: number[]): LatticeAnswer {
  const { frames, normalised } = question;
  const rows = label.length + 1;
  const cells = [logs.map((row) => Array.from({ length: rows }, () => row))];
  const inputs = normalised ? "logits" : "logProbs";
  const blank = symbols.indexOf(BLANK);
  const [set] = transducerAlignments(cells, [label], { inputs, blank });
  const { value, grad } = transducerLoss(cells, [label], { inputs, blank });
  const totals = logs.map((row) => (normalised ? Math.log(row.reduce((sum, x) => sum + Math.exp(x), 0)) : 0));
  const weights = logs.map((row, t) => row.map((x) => Math.exp(x - totals[t])));
  const walk = (path: ArrayLike<number>) => {
    let [t, u] = [0, 0];
    const nodes = [0];
    for (const symbol of Array.from(path).slice(0, -1)) {
      if (symbol === blank) t++;
      else u++;
      nodes.push(t * rows + u);
    }
    return nodes;
  };
  const width = symbols.length;
  const overRows = (data: ArrayLike<number>) =>
    Array.from({ length: frames }, (_, t) =>
      Array.from({ length: width }, (_, k) => {
        let sum = 0;
        for (let u = 0; u < rows; u++) sum += data[(t * rows + u) * width + k];
        return sum;
      }),
    );
  return {
    ...common(question, set, symbols, frames * rows, { first: 0, rows, reads: () => 0, walk }),
    rows: Array.from({ length: rows }, (_, u) => (u === 0 ? "start" : question.label.slice(0, u))),
    loss: value,
    needed: 1,
    weights,
    gradient: overRows(grad.data),
    occupancy: overRows(set.occupancy),
    warnings: warningsOf(question, weights, value, 1),
  };
}

interface Layout {
  /** The trellis's number of the first node. */
  readonly first: number;
  readonly rows: number;
  readonly reads: (time: number, row: number) => number;
  readonly walk: (path: ArrayLike<number>) => number[];
}

function common(question: LatticeQuestion, set: AlignmentSet, symbols: string[], size: number, layout: Layout) {
  const { first, rows, reads, walk } = layout;
  const trellis = set.trellis();
  const { alpha, beta, moves } = trellis;
  const { to, from } = pathCounts(trellis);
  const nodes = Array.from({ length: size }, (_, i): LatticeNode => {
    const [time, row] = [Math.floor(i / rows), i % rows];
    const [a, b] = [alpha[i + first], beta[i + first]];
    const share = Math.exp(a + b - set.logProb) || 0;
    const paths = String(to[i + first] * from[i + first]);
    return { time, row, alpha: a, beta: b, share, paths, reads: reads(time, row) };
  });
  const likeliest = set.count > 0n ? set.best(LISTED) : [];
  const alignments = likeliest.map(({ path, share, logProb }) => ({ path: Array.from(path), share, logProb }));
  return {
    kind: question.kind,
    frames: question.frames,
    symbols,
    nodes,
    moves: moves
      .map(({ from, to, logProb, share }) => ({ from: from - first, to: to - first, logProb, share }))
      .filter(({ to }) => to < size),
    count: String(set.count),
    entropy: set.entropy,
    best: alignments.length > 0 ? walk(alignments[0].path) : [],
    built: readsAsLabel(question, symbols) ? walk(question.built) : [],
    alignments,
    drawn: set.count > BigInt(LISTED) ? drawnOf(set) : [],
    both: bothOf(question, set, trellis, { first, size }),
    emissions: set.emissions,
  };
}

function drawnOf(set: AlignmentSet) {
  const times = new Map<string, number>();
  for (const path of set.sample(DRAWN, new Random(DRAWN_SEED)))
    times.set(String(path), (times.get(String(path)) ?? 0) + 1);
  return [...times]
    .map(([path, count]) => ({ path: path.split(",").map(Number), times: count }))
    .toSorted((a, b) => b.times - a.times);
}

function bothOf(
  { pins = [] }: LatticeQuestion,
  set: AlignmentSet,
  trellis: Trellis,
  { first, size }: { readonly first: number; readonly size: number },
): LatticeAnswer["both"] {
  const kept = [...new Set(pins)].filter((pin) => pin < size).toSorted((a, b) => a - b);
  if (kept.length !== 2 || set.count === 0n) return undefined;
  const [a, b] = kept.map((pin) => pin + first);
  const { logWeight, count } = pathsBetween(trellis, a, b);
  const { to, from } = pathCounts(trellis);
  return {
    pins: kept,
    paths: String(to[a] * count * from[b]),
    share: Math.exp(trellis.alpha[a] + logWeight + trellis.beta[b] - set.logProb) || 0,
  };
}

/** What a sequence of class ids collapses to, as the library's greedy decoder reads it. */
export function collapsed(path: readonly number[], classes: number, blank = 0): number[] {
  if (path.length === 0) return [];
  const oneHot = path.map((symbol) => Array.from({ length: classes }, (_, k) => (k === symbol ? 10 : 0)));
  return Array.from(ctcGreedyDecode([oneHot], { blank })[0].labels);
}

function readsAsLabel({ kind, built, frames, label }: LatticeQuestion, symbols: string[]): boolean {
  if (kind !== "ctc" || built.length !== frames) return false;
  const reads = collapsed(built, symbols.length, symbols.indexOf(BLANK));
  return reads.map((k) => symbols[k]).join("") === label && reads.length === Array.from(label).length;
}

const reshape = (data: ArrayLike<number>, width: number): number[][] =>
  Array.from({ length: data.length / width }, (_, t) => Array.from({ length: width }, (_, k) => data[t * width + k]));

function warningsOf(question: LatticeQuestion, weights: number[][], loss: number, needed: number): string[] {
  const { frames, label, kind } = question;
  const found: string[] = [];
  if (kind === "ctc" && frames < needed) {
    found.push(
      `${label} needs at least ${needed} frames, one for each symbol and one more between equal neighbours. In ${frames} no alignment fits: the loss is infinite.`,
    );
  }
  const sums = weights.map((row) => row.reduce((sum, x) => sum + x, 0));
  const worst = sums.find((sum) => Math.abs(sum - 1) > 1e-6);
  if (worst !== undefined) {
    found.push(`The scores add up to ${Number(worst.toPrecision(4))} at a frame: they are not probabilities.`);
    const turns = turningPoint(question);
    if (loss < 0) found.push("Their sum over the alignments is above 1, so the loss is negative.");
    else if (turns !== undefined)
      found.push(`At T = ${turns} the sum over the alignments passes 1 and the loss turns negative.`);
  }
  return found;
}

/** The number of frames at which the loss of unnormalised scores falls below 0. */
function turningPoint(question: LatticeQuestion): number | undefined {
  if (question.kind !== "ctc" || question.weights.length !== 1) return undefined;
  const symbols = symbolsOf(question.label, question.blankLast);
  const blank = symbols.indexOf(BLANK);
  const label = [Array.from(question.label, (symbol) => symbols.indexOf(symbol))];
  const row = question.weights[0].map(Math.log);
  for (let frames = question.frames; frames <= 64; frames++) {
    const logs = [Array.from({ length: frames }, () => symbols.map((_, k) => row[k] ?? Number.NEGATIVE_INFINITY))];
    if (ctcLoss(logs, label, { inputs: "scores", gradient: false, blank }).value < 0) return frames;
  }
  return undefined;
}

export interface DecodeAnswer {
  readonly greedy: string;
  readonly greedyProbability: number;
  /** The best prefixes after each frame. */
  readonly frames: readonly (readonly { readonly text: string; readonly probability: number }[])[];
}

/** Greedy reading, and the prefixes that the beam keeps after each frame. */
export function decode(
  weights: readonly (readonly number[])[],
  symbols: readonly string[],
  width: number,
): DecodeAnswer {
  const blank = symbols.indexOf(BLANK);
  const logs = weights.map((row) => row.map(Math.log));
  const text = (labels: ArrayLike<number>) => Array.from(labels, (k) => symbols[k]).join("");
  const frames = logs.map((_, t) =>
    ctcBeamSearch([logs.slice(0, t + 1)], { beamWidth: width, top: width, blank })[0].map(
      ({ labels, logProbability }) => ({
        text: text(labels),
        probability: Math.exp(logProbability),
      }),
    ),
  );
  const labels = ctcGreedyDecode([logs], { blank })[0].labels;
  const { value } = ctcLoss([logs], [Array.from(labels)], { gradient: false, blank });
  return { greedy: text(labels), greedyProbability: Math.exp(-value), frames };
}

/** The controls of the CTC screen. */
export interface CtcState {
  readonly family: "ctc" | "transducer";
  readonly label: string;
  readonly frames: number;
  readonly source: "symbol" | "frame" | "random";
  /** One row, a number for each symbol. Empty, or of another width: the lecture's, else equal ones. */
  readonly weights: readonly (readonly number[])[];
  readonly grid: readonly (readonly number[])[];
  readonly seed: number;
  readonly normalised: boolean;
  readonly built: string;
  readonly beam: number;
  readonly blankLast: boolean;
  readonly pins: readonly (readonly number[])[];
}

export interface CtcScreenAnswer {
  readonly label: string;
  readonly lattice: LatticeAnswer;
  /** Scores as the reader gave them, before any normalising: one row, or one for each frame. */
  readonly given: readonly (readonly number[])[];
  /** What is wrong with the lecture's problem, where it is one. */
  readonly lecture: readonly string[];
  readonly presets: readonly Preset[];
  readonly decoded: DecodeAnswer;
}

/** Every alignment of a state, the likeliest first; undefined where there are too many to list. */
export function everyAlignment(state: CtcState): LatticeAnswer["alignments"] | undefined {
  const { question } = asked(state);
  const set = alignmentsOf(question);
  if (set.count > BigInt(LISTABLE)) return undefined;
  return everyPath(set.trellis()).map(({ path, logProb }) => ({
    path,
    logProb,
    share: Math.exp(logProb - set.logProb),
  }));
}

function alignmentsOf(question: LatticeQuestion): AlignmentSet {
  const symbols = symbolsOf(question.label, question.blankLast);
  const logs = weightsOf(question, symbols.length).map((row) => row.map(Math.log));
  const label = Array.from(question.label, (symbol) => symbols.indexOf(symbol));
  const blank = symbols.indexOf(BLANK);
  if (question.kind === "ctc") {
    return ctcAlignments([logs], [label], { inputs: question.normalised ? "logits" : "scores", blank })[0];
  }
  const cells = [logs.map((row) => Array.from({ length: label.length + 1 }, () => row))];
  return transducerAlignments(cells, [label], { inputs: question.normalised ? "logits" : "logProbs", blank })[0];
}

/** What is asked of the lattice, and the scores as the reader gave them. */
function asked(state: CtcState) {
  const label = state.label.replace(/[\s∅-]/gu, "");
  const { blankLast } = state;
  const symbols = symbolsOf(label, blankLast);
  const all = presets();
  const preset = all.find((one) => one.label === label);
  const fits = (rows: readonly (readonly number[])[]) => rows.length > 0 && rows[0].length === symbols.length;
  const own = fits(state.weights) ? state.weights.slice(0, 1) : undefined;
  const placed = ([first, ...others]: readonly number[]) => (blankLast ? [...others, first] : [first, ...others]);
  const perSymbol = own ?? [
    (preset && placed(preset.weights)) ?? symbols.map(() => Number((1 / symbols.length).toFixed(3))),
  ];
  const { frames, seed, source } = state;
  const given =
    source === "symbol"
      ? perSymbol
      : source === "frame" && fits(state.grid)
        ? Array.from({ length: frames }, (_, t) => state.grid[Math.min(t, state.grid.length - 1)])
        : source === "frame"
          ? Array.from({ length: frames }, () => perSymbol[0])
          : [];
  const isLecture =
    preset !== undefined && own === undefined && source === "symbol" && state.family === "ctc" && !state.normalised;
  const built = Array.from(state.built, (symbol) => symbols.indexOf(symbol === "-" ? BLANK : symbol));
  const question: LatticeQuestion = {
    kind: state.family,
    label,
    frames,
    weights: given,
    seed,
    normalised: state.normalised || source === "random" || state.family === "transducer",
    built: built.includes(-1) ? [] : built,
    blankLast,
    pins: state.pins.flat(),
  };
  return { question, given, all, preset, isLecture };
}

/** Everything that the CTC screen shows. */
export function ctcScreen(state: CtcState): CtcScreenAnswer {
  const { question, given, all, preset, isLecture } = asked(state);
  const { label } = question;
  const symbols = symbolsOf(label, state.blankLast);
  const found = lattice(question);
  const { log } = Math;
  const shares = found.weights.map((row) => row.map((x) => x / row.reduce((sum, y) => sum + y, 0)));
  const decodable = shares.every((row) => row.every((x) => !Number.isNaN(log(x))));
  return {
    label,
    lattice: found,
    given: given.length > 0 ? given : found.weights,
    lecture: isLecture && preset ? preset.warnings.slice(0, -1) : [], // the last one is about the sum, and is said already
    presets: all,
    decoded: decode(decodable ? shares : found.weights, symbols, state.beam),
  };
}
