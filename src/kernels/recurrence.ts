import {
  type Cell,
  GATES,
  type Recurrence,
  type RecurrenceOutput,
  type RecurrentGradients,
  type RecurrentShape,
  type RecurrentState,
  type RecurrentWeights,
  type WantedGradients,
} from "../core/recurrence.js";
import { padded, placeBias, placeGates, takeGates } from "./gateMatrix.js";
import { type Heap, heap } from "./memory.js";
import { type Packing, pack, planPacking, type Shard, shardsOf, unpack } from "./packing.js";
import { multiplyRows, multiplyTransposed, transposedWorkspace, WORTH_SHARING } from "./products.js";
import { recurrentKernels } from "./recurrentKernels.js";
import { callEach, threadCount } from "./threads.js";

/** Where each array of one forward and backward pass lies, in bytes from the start of the block. */
interface Layout {
  readonly bytes: number;
  readonly at: Readonly<Record<ArrayName, number>>;
}

const ARRAYS = [
  "starts", // shards × T i32
  "counts", // shards × T i32
  "input", // rows × I; then d loss / d input
  "gates", // rows × GH
  "recurrent", // rows × GH, GRU only
  "before", // rows × H, the hidden state of the step before
  "cells", // (counts[0] + rows) × H, LSTM only: initial states, then each row's
  "squashed", // rows × H, LSTM only
  "hidden", // rows × H
  "gradHidden", // rows × H
  "gradH", // B × H
  "gradC", // B × H
  "work", // B × H
  "bias", // GH
  "panels", // packed weights, or the workspace of transposed products
  "matrix", // a weight matrix as a kernel wants it, or the gradients of both
] as const;
type ArrayName = (typeof ARRAYS)[number];

function planLayout(
  { cell, inputs, hidden }: RecurrentShape,
  { rows, counts, order }: Packing,
  shards: number,
): Layout {
  const B = order.length;
  const I = padded(inputs);
  const H = padded(hidden);
  const GH = GATES[cell] * H;
  const largest = GH * Math.max(I, H);
  const sizes: Record<ArrayName, number> = {
    starts: shards * counts.length,
    counts: shards * counts.length,
    input: rows * I,
    gates: rows * GH,
    recurrent: cell === "gru" ? rows * GH : 0,
    before: Math.max(rows, B) * H,
    cells: cell === "lstm" ? (B + rows) * H : 0,
    squashed: cell === "lstm" ? rows * H : 0,
    hidden: rows * H,
    gradHidden: rows * H,
    gradH: B * H,
    gradC: B * H,
    work: B * H,
    bias: GH,
    panels: Math.max(largest, transposedWorkspace(GH, Math.max(I, H)) / 4),
    matrix: GH * (I + H),
  };
  const at = {} as Record<ArrayName, number>;
  let bytes = 0;
  for (const name of ARRAYS) {
    at[name] = bytes;
    bytes += Math.ceil((4 * sizes[name]) / 64) * 64;
  }
  return { bytes, at };
}

/** Bytes of the kernels' memory that a pass of one thread over such a batch takes: the tape, the workspace and the weights. */
export function recurrenceBytes(shape: RecurrentShape, lengths: Int32Array, time: number): number {
  return planLayout(shape, planPacking(lengths, time), 1).bytes;
}

/** The block that the arrays of a layer lie in. */
class Block {
  private held: { readonly heap: Heap; readonly address: number; readonly size: number } | undefined;

  /** Room for `bytes` in the kernels' memory: the block that is held, or a new one. An error names the cell. */
  fit(bytes: number, cell: Cell): { heap: Heap; address: number } {
    if (this.held === undefined || this.held.size < bytes || this.held.heap !== heap()) {
      this.release();
      const from = heap();
      this.held = { heap: from, address: from.reserve(bytes, cell), size: bytes };
    }
    return this.held;
  }

  release(): void {
    this.held?.heap.release(this.held.address);
    this.held = undefined;
  }
}

/** Blocks are given back when their owner is collected, if it was not disposed of before. */
const abandoned = new FinalizationRegistry((block: Block) => block.release());

/** One direction of a recurrent layer on the kernels. The block that holds its tape is kept from step to step. */
export class KernelRecurrence implements Recurrence {
  private readonly block = new Block();
  /** What the last forward pass left in the block; absent where there was none, it failed, or it is used up. */
  private tape: { readonly packing: Packing; readonly shards: readonly Shard[]; readonly place: Place } | undefined;

  constructor() {
    abandoned.register(this, this.block);
  }

  forward(
    weights: RecurrentWeights,
    input: Float32Array,
    time: number,
    lengths: Int32Array,
    initial?: RecurrentState,
  ): RecurrenceOutput {
    const { cell, inputs, hidden } = weights;
    const packing = planPacking(lengths, time);
    const { counts, rows, order } = packing;
    const I = padded(inputs);
    const H = padded(hidden);
    const GH = GATES[cell] * H;
    const shards = shardsOf(packing, rows * GH * H < WORTH_SHARING ? 1 : threadCount());
    const layout = planLayout(weights, packing, shards.length);
    this.tape = undefined;
    const place = placeIn(this.block.fit(layout.bytes, cell), layout);
    const { heap, at } = place;
    const { memory } = heap;
    const module = recurrentKernels.on(memory);
    const f32 = (name: ArrayName, count: number) => heap.f32(at(name), count);

    placeShards(shards, place, counts.length);
    packPadded(input, inputs, packing, f32("input", rows * I), I);
    placeState(initial?.h, hidden, order, f32("before", order.length * H), H);
    if (cell === "lstm") placeState(initial?.c, hidden, order, f32("cells", order.length * H), H);

    placeGates(weights, weights.weightIh, inputs, f32("matrix", GH * inputs), inputs);
    module.packTransposed(at("matrix"), at("panels"), GH, inputs);
    placeBias(weights, cell === "gru" ? [weights.biasIh] : [weights.biasIh, weights.biasHh], f32("bias", GH));
    const operands = { a: at("input"), stride: I, panels: at("panels"), c: at("gates"), bias: at("bias") };
    multiplyRows(memory, { rows, N: GH, K: inputs }, operands);
    placeGates(weights, weights.weightHh, hidden, f32("matrix", GH * H), H);
    module.packTransposed(at("matrix"), at("panels"), GH, H);

    const each = eachShard(shards, place, counts.length, H);
    if (cell === "lstm") {
      const states = [at("before"), at("cells"), at("squashed"), at("hidden")];
      const calls = each((shard) => [...shard, counts[0] ?? 0, at("gates"), at("panels"), ...states]);
      callEach(recurrentKernels, memory, "lstmForward", calls);
    } else if (cell === "gru") {
      placeBias(weights, [weights.biasHh], f32("bias", GH));
      const products = [at("gates"), at("recurrent"), at("bias"), at("panels")];
      const calls = each((shard) => [...shard, ...products, at("before"), at("hidden")]);
      callEach(recurrentKernels, memory, "gruForward", calls);
    } else {
      // the gates become the hidden states in place
      const calls = each((shard) => [...shard, relu(weights), at("gates"), at("panels"), at("before")]);
      callEach(recurrentKernels, memory, "elmanForward", calls);
      f32("hidden", rows * H).set(f32("gates", rows * H));
    }
    this.tape = { packing, shards, place };
    const output = unpack(f32("hidden", rows * H), H, packing, hidden);
    const final = { h: lastRows(f32("hidden", rows * H), packing, lengths, hidden, H, initial?.h) };
    if (cell !== "lstm") return { output, final };
    const cellRows = heap.f32(at("cells") + 4 * (counts[0] ?? 0) * H, rows * H);
    return { output, final: { ...final, c: lastRows(cellRows, packing, lengths, hidden, H, initial?.c) } };
  }

  backward(
    weights: RecurrentWeights,
    gradOutput: Float32Array,
    wanted: WantedGradients,
    gradFinal?: RecurrentState,
  ): RecurrentGradients {
    if (this.tape === undefined) throw new Error("backward comes once after each forward");
    const { packing, shards, place } = this.tape;
    this.tape = undefined; // gradients take the places of what they are computed from
    const { cell, inputs, hidden } = weights;
    const { counts, rows, order } = packing;
    const I = padded(inputs);
    const H = padded(hidden);
    const GH = GATES[cell] * H;
    const B = order.length;
    const { heap, at } = place;
    const { memory } = heap;
    const module = recurrentKernels.on(memory);
    const f32 = (name: ArrayName, count: number) => heap.f32(at(name), count);

    packPadded(gradOutput, hidden, packing, f32("gradHidden", rows * H), H);
    placeState(gradFinal?.h, hidden, order, f32("gradH", B * H), H);
    placeState(gradFinal?.c, hidden, order, f32("gradC", B * H), H);
    placeGates(weights, weights.weightHh, hidden, f32("matrix", GH * H), H);
    module.packPanels(at("matrix"), 4 * H, at("panels"), H, GH);
    const each = eachShard(shards, place, counts.length, H);
    const tail = [at("gradHidden"), at("gradH")];
    if (cell === "lstm") {
      const states = [at("gates"), at("panels"), at("cells"), at("squashed")];
      const calls = each((shard) => [...shard, counts[0] ?? 0, ...states, ...tail, at("gradC")]);
      callEach(recurrentKernels, memory, "lstmBackward", calls);
    } else if (cell === "gru") {
      const states = [at("gates"), at("recurrent"), at("panels"), at("before")];
      const calls = each((shard) => [...shard, ...states, ...tail, at("work")]);
      callEach(recurrentKernels, memory, "gruBackward", calls);
    } else {
      const calls = each((shard) => [...shard, relu(weights), at("gates"), at("panels"), ...tail]);
      callEach(recurrentKernels, memory, "elmanBackward", calls);
    }

    const fromHidden = cell === "gru" ? at("recurrent") : at("gates");
    const gradIh = at("matrix");
    const gradHh = gradIh + 4 * GH * I;
    const products = [
      { M: GH, N: I, a: at("gates"), b: at("input"), c: gradIh },
      { M: GH, N: H, a: fromHidden, b: at("before"), c: gradHh },
    ];
    multiplyTransposed(memory, rows, products, at("panels"));
    const weightIh = takeGates(weights, heap.f32(gradIh, GH * I), I, inputs);
    const weightHh = takeGates(weights, heap.f32(gradHh, GH * H), H, hidden);
    const bias = (gates: number) => {
      module.columnSums(rows, GH, gates, at("panels"), at("bias"));
      return takeGates(weights, f32("bias", GH), 1, 1);
    };
    const biasIh = bias(at("gates"));
    const biasHh = cell === "gru" ? bias(fromHidden) : biasIh;
    const squaredNorms = wanted.norms ? rowSquares(f32("gradHidden", rows * H), packing, H) : new Float64Array(0);

    let input: Float32Array = new Float32Array(0);
    if (wanted.input) {
      placeGates(weights, weights.weightIh, inputs, f32("matrix", GH * I), I);
      module.packPanels(at("matrix"), 4 * I, at("panels"), I, GH);
      multiplyRows(memory, { rows, N: I, K: GH }, { a: at("gates"), stride: GH, panels: at("panels"), c: at("input") });
      input = unpack(f32("input", rows * I), I, packing, inputs);
    }
    const h = takeState(f32("gradH", B * H), hidden, order, H);
    const initial = cell === "lstm" ? { h, c: takeState(f32("gradC", B * H), hidden, order, H) } : { h };
    return { input, initial, weightIh, weightHh, biasIh, biasHh, squaredNorms };
  }

  dispose(): void {
    this.block.release();
    this.tape = undefined;
  }
}

/** Where each array of a pass lies. */
interface Place {
  readonly heap: Heap;
  readonly at: (name: ArrayName) => number;
}

function placeIn({ heap, address }: { heap: Heap; address: number }, { at }: Layout): Place {
  return { heap, at: (name) => address + at[name] };
}

function placeShards(shards: readonly Shard[], { heap, at }: Place, steps: number): void {
  shards.forEach(({ starts, counts }, n) => {
    heap.i32(at("starts") + 4 * n * steps, starts.length).set(starts);
    heap.i32(at("counts") + 4 * n * steps, counts.length).set(counts);
  });
}

/** Makes a call for each shard from what all cells take: its steps, H, and where its starts and counts lie. */
function eachShard(shards: readonly Shard[], { at }: Place, steps: number, H: number) {
  return (call: (shard: readonly number[]) => number[]): number[][] =>
    shards.map(({ counts }, n) => call([counts.length, H, at("starts") + 4 * n * steps, at("counts") + 4 * n * steps]));
}

/** `pack`, with zeros past the width. */
function packPadded(batch: Float32Array, width: number, packing: Packing, packed: Float32Array, stride: number): void {
  if (stride !== width) packed.fill(0);
  pack(batch, width, packing, packed, stride);
}

const relu = ({ nonlinearity }: RecurrentWeights): number => (nonlinearity === "relu" ? 1 : 0);

function placeState(
  state: Float32Array | undefined,
  hidden: number,
  order: Int32Array,
  to: Float32Array,
  H: number,
): void {
  to.fill(0);
  if (state === undefined) return;
  order.forEach((b, i) => to.set(state.subarray(b * hidden, (b + 1) * hidden), i * H));
}

function takeState(rows: Float32Array, hidden: number, order: Int32Array, H: number): Float32Array {
  const state = new Float32Array(order.length * hidden);
  order.forEach((b, i) => state.set(rows.subarray(i * H, i * H + hidden), b * hidden));
  return state;
}

/** The row of each sequence's last real step; where it has none, its initial state. */
function lastRows(
  rows: Float32Array,
  { order, offsets }: Packing,
  lengths: Int32Array,
  hidden: number,
  H: number,
  initial: Float32Array | undefined,
): Float32Array {
  const state = new Float32Array(order.length * hidden);
  order.forEach((b, i) => {
    if (lengths[b] > 0) {
      const from = (offsets[lengths[b] - 1] + i) * H;
      state.set(rows.subarray(from, from + hidden), b * hidden);
    } else if (initial !== undefined) state.set(initial.subarray(b * hidden, (b + 1) * hidden), b * hidden);
  });
  return state;
}

/** Σ g² of each packed row, batch-first. */
function rowSquares(gradHidden: Float32Array, { order, counts, offsets, time }: Packing, H: number): Float64Array {
  const squares = new Float64Array(order.length * time);
  for (let t = 0; t < counts.length; t++) {
    for (let i = 0; i < counts[t]; i++) {
      const start = (offsets[t] + i) * H;
      let sum = 0;
      for (let j = start; j < start + H; j++) sum += gradHidden[j] ** 2;
      squares[order[i] * time + t] = sum;
    }
  }
  return squares;
}
