// The picture of a lattice: where its nodes and edges are, and what is said of them. No DOM.
import type { LatticeAnswer, LatticeNode } from "../worker/answers/ctc.js";
import { grouped, percent, shown } from "./number.js";
import type { Table } from "./table.js";

export const latticeViews = ["gamma", "alpha", "beta", "best", "gradient"] as const;
export type LatticeView = (typeof latticeViews)[number];

export interface DrawnNode {
  readonly index: number;
  readonly x: number;
  readonly y: number;
  /** In 0..1: how much of its colour it has. */
  readonly strength: number;
  /** Whether an alignment can pass here. */
  readonly reachable: boolean;
  /** On the likeliest alignment, or the one that was built. */
  readonly onBest: boolean;
  readonly onBuilt: boolean;
}

export interface DrawnEdge {
  readonly path: string;
  readonly onBest: boolean;
  readonly onBuilt: boolean;
  /** A move from the last frame that the player shows, or before it. */
  readonly strength: number;
}

export interface DrawnLattice {
  readonly width: number;
  readonly height: number;
  readonly radius: number;
  readonly nodes: readonly DrawnNode[];
  readonly edges: readonly DrawnEdge[];
  readonly rows: readonly { readonly text: string; readonly y: number; readonly blank: boolean }[];
  readonly columns: readonly { readonly text: string; readonly x: number }[];
}

const LEFT = 64;
const TOP = 24;
const RIGHT = 24;

const pairs = (path: readonly number[]): ReadonlySet<string> =>
  new Set(path.slice(1).map((to, i) => `${path[i]}>${to}`));

/** Graves's 2006 convention of β counts what the node itself reads; the library's does not. */
export const betaOf = (node: LatticeNode, graves: boolean): number => node.beta + (graves ? node.reads : 0);

/** What a node shows in a view: ln of it for α and β, the number itself for the others. */
export function nodeValue(node: LatticeNode, view: LatticeView, graves: boolean): number {
  if (view === "alpha") return node.alpha;
  if (view === "beta") return betaOf(node, graves);
  return node.share;
}

/** Everything that is drawn. `step`: 0 for all, else the player's column, counted from 1. */
export function drawLattice(answer: LatticeAnswer, view: LatticeView, step = 0): DrawnLattice {
  const { frames, rows, nodes, kind } = answer;
  const gapX = frames > 24 ? 32 : frames > 16 ? 48 : frames > 10 ? 60 : 72;
  const gapY = rows.length > 17 ? 26 : 36;
  const radius = Math.min(13, gapY / 2 - 4);
  const at = (node: LatticeNode) => ({ x: LEFT + (node.time + 0.5) * gapX, y: TOP + (node.row + 0.5) * gapY });
  const backward = view === "beta";
  const visible = (time: number) => step === 0 || (backward ? time >= frames - step : time < step);
  const reachable = (node: LatticeNode) => Number.isFinite(node.alpha) && Number.isFinite(node.beta);
  const peaks = Array.from({ length: frames }, (_, t) => {
    const column = nodes.filter((node) => node.time === t && reachable(node));
    return Math.max(...column.map((node) => nodeValue(node, view, false)));
  });
  const [best, built] = [new Set(answer.best), new Set(answer.built)];
  const strength = (node: LatticeNode, index: number) => {
    if (!reachable(node) || !visible(node.time)) return 0;
    if (view === "best") return best.has(index) ? 1 : 0;
    if (view === "alpha" || view === "beta") return Math.exp(nodeValue(node, view, false) - peaks[node.time]);
    return node.share;
  };
  const [bestMoves, builtMoves] = [pairs(answer.best), pairs(answer.built)];
  return {
    width: LEFT + frames * gapX + RIGHT,
    height: TOP + rows.length * gapY + 32,
    radius,
    nodes: nodes.map((node, index) => ({
      index,
      ...at(node),
      strength: strength(node, index),
      reachable: reachable(node),
      onBest: best.has(index),
      onBuilt: built.has(index),
    })),
    edges: answer.moves
      .filter(({ from, to }) => from >= 0 && reachable(nodes[from]) && reachable(nodes[to]))
      .map(({ from, to, share }) => {
        const [a, b] = [at(nodes[from]), at(nodes[to])];
        const skips = nodes[to].row - nodes[from].row === 2 && kind === "ctc";
        const path = skips
          ? `M${a.x} ${a.y}Q${a.x + 0.62 * (b.x - a.x)} ${a.y + 0.3 * (b.y - a.y)} ${b.x} ${b.y}`
          : `M${a.x} ${a.y}L${b.x} ${b.y}`;
        const key = `${from}>${to}`;
        const seen = visible(nodes[from].time) && visible(nodes[to].time);
        return { path, strength: seen ? share : -1, onBest: bestMoves.has(key), onBuilt: builtMoves.has(key) };
      }),
    rows: rows.map((text, row) => ({
      text: text.length > 7 ? `…${text.slice(-6)}` : text,
      y: TOP + (row + 0.5) * gapY,
      blank: kind === "ctc" && row % 2 === 0,
    })),
    columns: Array.from({ length: frames }, (_, t) => ({ text: String(t + 1), x: LEFT + (t + 0.5) * gapX })),
  };
}

const SYMBOLS: Readonly<Record<LatticeView, string>> = { gamma: "γ", alpha: "α", beta: "β", best: "γ", gradient: "γ" };

/** One node in a sentence. */
export function nodeSentence(answer: LatticeAnswer, index: number, view: LatticeView, graves: boolean): string {
  const node = answer.nodes[index];
  const place = `Frame ${node.time + 1}, ${answer.kind === "ctc" ? `state ${answer.rows[node.row]}` : `written ${node.row === 0 ? "nothing" : answer.rows[node.row]}`}`;
  if (!Number.isFinite(node.alpha)) return `${place}: no alignment gets here.`;
  if (!Number.isFinite(node.beta)) return `${place}: no alignment gets to the end from here.`;
  const value = nodeValue(node, view, graves);
  const number = view === "alpha" || view === "beta" ? Math.exp(value) : value;
  const many = node.paths === "1" ? "1 alignment passes" : `${grouped(node.paths)} alignments pass`;
  return `${place}: ${SYMBOLS[view]} = ${shown(number)}; ${many} here, with ${percent(node.share)} of the weight.`;
}

const nodeName = ({ nodes, rows, kind }: LatticeAnswer, index: number): string => {
  const { time, row } = nodes[index];
  return `${kind === "ctc" ? rows[row] : row === 0 ? "nothing" : rows[row]} at frame ${time + 1}`;
};

/** Pinned nodes that the lattice has; the last two of them. */
export const pinsOf = ({ nodes }: LatticeAnswer, pins: readonly (readonly number[])[]): readonly number[] =>
  [...new Set(pins.flat())].filter((pin) => Number.isInteger(pin) && pin < nodes.length);

/** A node is pinned, or let go; a third takes the place of the first. */
export function togglePin(pins: readonly number[], index: number): readonly (readonly number[])[] {
  const next = pins.includes(index) ? pins.filter((pin) => pin !== index) : [...pins.slice(-1), index];
  return next.length === 0 ? [] : [next];
}

/** What is to be said of the pinned nodes together. */
export function pinSentence(answer: LatticeAnswer, pins: readonly number[]): string {
  if (pins.length === 0) return "";
  const [first, second] = pins.toSorted((a, b) => a - b);
  if (second === undefined) return `Pinned: ${nodeName(answer, first)}. Pin another to see what passes through both.`;
  const names = `${nodeName(answer, first)} and ${nodeName(answer, second)}`;
  const { both, nodes } = answer;
  if (both === undefined || both.paths === "0") return `No alignment passes through both ${names}.`;
  const given = both.share / nodes[first].share;
  const many = both.paths === "1" ? "1 alignment passes" : `${grouped(both.paths)} alignments pass`;
  return `${many} through both ${names}, with ${percent(both.share)} of the weight. Of what passes the first, ${percent(given)} goes on to the second; of all, ${percent(nodes[second].share)} do.`;
}

/** What the picture shows, in a sentence. */
export function latticeSentence({ frames, rows, count, loss, kind }: LatticeAnswer): string {
  const label = kind === "ctc" ? rows.filter((_, i) => i % 2 === 1).join("") : (rows.at(-1) ?? "");
  if (count === "0") return `No alignment of ${frames} frames reads as ${label}`;
  const many =
    count === "1" ? `1 alignment of ${frames} frames reads` : `${grouped(count)} alignments of ${frames} frames read`;
  return `${many} as ${label}; the loss is ${shown(loss, 5)}`;
}

/** One line of arithmetic: how a node's number comes from those before it (or after it, for β). */
export interface Recurrence {
  readonly index: number;
  readonly name: string;
  /** "0.12 + 0.05", the terms that come in. */
  readonly terms: readonly { readonly name: string; readonly value: number; readonly numbers: string }[];
  /** What the sum is multiplied by; absent where the moves carry it. */
  readonly factor: { readonly name: string; readonly value: number } | undefined;
  readonly value: number;
}

const SUB = "₀₁₂₃₄₅₆₇₈₉";
const below = (n: number): string => Array.from(String(n), (digit) => SUB[Number(digit)]).join("");

/** The recurrence of one column, counted from 0, in numbers. */
export function recurrences(answer: LatticeAnswer, column: number, view: "alpha" | "beta"): Recurrence[] {
  const { nodes, rows, kind, moves } = answer;
  const letter = view === "alpha" ? "α" : "β";
  const name = (node: LatticeNode) =>
    `${letter}${below(node.time + 1)}(${kind === "ctc" ? `${rows[node.row]}${below(node.row)}` : node.row})`;
  return nodes.flatMap((node, index) => {
    if (node.time !== column || !Number.isFinite(node.alpha) || !Number.isFinite(node.beta)) return [];
    const near = moves.filter((move) => (view === "alpha" ? move.to === index : move.from === index));
    const terms = near.flatMap(({ from, to, logProb }) => {
      const other = view === "alpha" ? nodes[from] : nodes[to];
      if (other === undefined || !Number.isFinite(view === "alpha" ? other.alpha : other.beta)) return [];
      if (view === "alpha" && kind === "ctc") {
        const value = Math.exp(other.alpha);
        return [{ name: name(other), value, numbers: shown(value) }];
      }
      const [before, weight] = [Math.exp(view === "alpha" ? other.alpha : other.beta), Math.exp(logProb)];
      const reads = kind === "ctc" ? `y${below(other.time + 1)}(${rows[other.row]})` : "y";
      const numbers = `${shown(before)}·${shown(weight)}`;
      return [{ name: `${name(other)}·${reads}`, value: before * weight, numbers }];
    });
    const factor =
      view === "alpha" && kind === "ctc"
        ? { name: `y${below(node.time + 1)}(${rows[node.row]})`, value: Math.exp(node.reads) }
        : undefined;
    const value = Math.exp(view === "alpha" ? node.alpha : node.beta);
    return [{ index, name: name(node), terms, factor, value }];
  });
}

/** Σ_s γ_t(s) of each frame: 1 where there is an alignment. */
export function columnSums({ frames, nodes, rows }: LatticeAnswer): number[] {
  return Array.from({ length: frames }, (_, t) =>
    nodes.slice(t * rows.length, (t + 1) * rows.length).reduce((sum, { share }) => sum + share, 0),
  );
}

export function latticeTable(answer: LatticeAnswer, graves: boolean): Table {
  const rows = answer.nodes
    .filter(({ alpha, beta }) => Number.isFinite(alpha) && Number.isFinite(beta))
    .map((node) => [
      `${node.time + 1}`,
      answer.rows[node.row],
      Math.exp(node.alpha),
      Math.exp(betaOf(node, graves)),
      node.share,
    ]);
  return { head: ["frame", "state", "alpha", "beta", "gamma"], rows };
}

export function gradientTable({ symbols, gradient }: LatticeAnswer): Table {
  return { head: ["frame", ...symbols], rows: gradient.map((row, t) => [String(t + 1), ...row]) };
}

/** Cells of a heat map of signed numbers: sign and strength, on one scale. */
export function heat(values: readonly (readonly number[])[]): {
  readonly most: number;
  readonly cells: readonly {
    readonly t: number;
    readonly k: number;
    readonly value: number;
    readonly strength: number;
  }[];
} {
  const most = Math.max(...values.flat().map(Math.abs).filter(Number.isFinite), 1e-300);
  return {
    most,
    cells: values.flatMap((row, t) => row.map((value, k) => ({ t, k, value, strength: Math.abs(value) / most }))),
  };
}

/** Where a key moves the cursor of the lattice. */
export function moveCursor(answer: LatticeAnswer, index: number, key: string): number | undefined {
  const rows = answer.rows.length;
  const [time, row] = [Math.floor(index / rows), index % rows];
  const last = answer.frames - 1;
  switch (key) {
    case "ArrowRight":
      return Math.min(time + 1, last) * rows + row;
    case "ArrowLeft":
      return Math.max(time - 1, 0) * rows + row;
    case "ArrowDown":
      return time * rows + Math.min(row + 1, rows - 1);
    case "ArrowUp":
      return time * rows + Math.max(row - 1, 0);
    case "Home":
      return row;
    case "End":
      return last * rows + row;
    default:
      return undefined;
  }
}
