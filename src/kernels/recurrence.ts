import {
  GATES,
  type Recurrence,
  type RecurrenceOutput,
  type RecurrentGradients,
  type RecurrentState,
  type RecurrentWeights,
} from "../core/recurrence.js";
import { type Kernels, kernels } from "./instance.js";
import { release, reserve, view } from "./memory.js";
import { type Packing, pack, planPacking, unpack } from "./packing.js";

/** Units and columns are padded to this, so that kernels need no edges; padded weights are zero, and so are their results. */
const LANES = 8;
const padded = (size: number) => Math.ceil(size / LANES) * LANES;

/** Where each array of one forward and backward pass lies, in bytes from the start of the block. */
interface Layout {
  readonly bytes: number;
  readonly at: Readonly<Record<ArrayName, number>>;
}

const ARRAYS = [
  "counts", // T i32
  "input", // rows × I; then d loss / d input, rows × padded I
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
  "panels", // packed weights, or the workspace of a transposed product
  "matrix", // a weight matrix as a kernel wants it, or a gradient of one
] as const;
type ArrayName = (typeof ARRAYS)[number];

function planLayout({ cell, inputs, hidden }: RecurrentWeights, { rows, counts, order }: Packing): Layout {
  const B = order.length;
  const I = padded(inputs);
  const H = padded(hidden);
  const GH = GATES[cell] * H;
  const largest = GH * Math.max(I, H);
  const sizes: Record<ArrayName, number> = {
    counts: counts.length,
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
    panels: Math.max(largest, 128 * GH),
    matrix: largest,
  };
  const at = {} as Record<ArrayName, number>;
  let bytes = 0;
  for (const name of ARRAYS) {
    at[name] = bytes;
    bytes += Math.ceil((4 * sizes[name]) / 64) * 64;
  }
  return { bytes, at };
}

/** Blocks are given back when their owner is collected, if it was not disposed of before. */
const abandoned = new FinalizationRegistry((block: { address: number | undefined }) => {
  if (block.address !== undefined) release(block.address);
});

/** One direction of a recurrent layer on the kernels. The block that holds its tape is kept from step to step. */
export class KernelRecurrence implements Recurrence {
  private readonly block: { address: number | undefined; size: number } = { address: undefined, size: 0 };
  private packing: Packing | undefined;
  private layout: Layout | undefined;

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
    const { cell, inputs: I, hidden } = weights;
    const packing = planPacking(lengths, time);
    const layout = planLayout(weights, packing);
    const { counts, rows, order } = packing;
    const H = padded(hidden);
    const GH = GATES[cell] * H;
    this.packing = packing;
    this.layout = layout;
    this.prepare(layout.bytes);
    const module = kernels() as Kernels;
    const at = this.addresses();
    const f32 = (name: ArrayName, count: number) => view.f32(at(name), count);

    view.i32(at("counts"), counts.length).set(counts);
    pack(input, I, packing, f32("input", rows * I), I);
    placeState(initial?.h, hidden, order, f32("before", order.length * H), H);
    if (cell === "lstm") placeState(initial?.c, hidden, order, f32("cells", order.length * H), H);

    this.placeInputMajor(module, weights.weightIh, I, I, weights);
    module.multiplyPacked(rows, GH, I, at("input"), at("panels"), at("gates"), 0);
    placeBias(weights, f32("bias", GH), cell === "gru" ? [weights.biasIh] : [weights.biasIh, weights.biasHh]);
    module.addBias(rows, GH, at("gates"), at("bias"));
    this.placeInputMajor(module, weights.weightHh, hidden, H, weights);

    const T = counts.length;
    const common = [T, H, at("counts")] as const;
    if (cell === "lstm") {
      const {
        gates,
        before,
        cells,
        squashed,
        hidden: h,
      } = this.all(["gates", "before", "cells", "squashed", "hidden"]);
      module.lstmForward(...common, gates, at("panels"), before, cells, squashed, h);
    } else if (cell === "gru") {
      placeBias(weights, f32("bias", GH), [weights.biasHh]);
      const {
        gates,
        recurrent,
        bias,
        panels,
        before,
        hidden: h,
      } = this.all(["gates", "recurrent", "bias", "panels", "before", "hidden"]);
      module.gruForward(...common, gates, recurrent, bias, panels, before, h);
    } else {
      // the gates become the hidden states in place
      module.elmanForward(...common, relu(weights), at("gates"), at("panels"), at("before"));
      f32("hidden", rows * H).set(f32("gates", rows * H));
    }
    const output = unpack(f32("hidden", rows * H), H, packing, hidden);
    const final = { h: lastRows(f32("hidden", rows * H), packing, lengths, hidden, H, initial?.h) };
    if (cell !== "lstm") return { output, final };
    const cellRows = view.f32(at("cells") + 4 * (counts[0] ?? 0) * H, rows * H);
    return { output, final: { ...final, c: lastRows(cellRows, packing, lengths, hidden, H, initial?.c) } };
  }

  backward(weights: RecurrentWeights, gradOutput: Float32Array): RecurrentGradients {
    const { packing, layout } = this;
    if (packing === undefined || layout === undefined) throw new Error("backward comes after forward");
    const { cell, inputs, hidden } = weights;
    const { counts, rows, order } = packing;
    const I = padded(inputs);
    const H = padded(hidden);
    const GH = GATES[cell] * H;
    const B = order.length;
    const module = kernels() as Kernels;
    const at = this.addresses();
    const f32 = (name: ArrayName, count: number) => view.f32(at(name), count);

    const gradHidden = f32("gradHidden", rows * H);
    if (H !== hidden) gradHidden.fill(0);
    pack(gradOutput, hidden, packing, gradHidden, H);
    f32("gradH", B * H).fill(0);
    f32("gradC", B * H).fill(0);
    this.placeHiddenMajor(module, weights.weightHh, hidden, weights);
    const T = counts.length;
    const common = [T, H, at("counts"), rows] as const;
    const tail = [at("gradHidden"), at("gradH")] as const;
    if (cell === "lstm")
      module.lstmBackward(...common, at("gates"), at("panels"), at("cells"), at("squashed"), ...tail, at("gradC"));
    else if (cell === "gru") {
      module.gruBackward(...common, at("gates"), at("recurrent"), at("panels"), at("before"), ...tail, at("work"));
    } else module.elmanBackward(...common, relu(weights), at("gates"), at("panels"), ...tail);

    const fromHidden = cell === "gru" ? at("recurrent") : at("gates");
    const grad = (a: ArrayName, columns: number, gates: number) => {
      const M = a === "input" ? inputs : H;
      module.multiplyTransposed(M, GH, rows, at(a), gates, at("panels"), at("matrix"));
      return gateMajor(f32("matrix", M * GH), columns, GATES[cell], hidden, H);
    };
    const weightIh = grad("input", inputs, at("gates"));
    const weightHh = grad("before", hidden, fromHidden);
    const bias = (gates: number) => {
      module.columnSums(rows, GH, gates, at("bias"));
      return gateMajor(f32("bias", GH), 1, GATES[cell], hidden, H);
    };
    const biasIh = bias(at("gates"));
    const biasHh = cell === "gru" ? bias(fromHidden) : biasIh;
    const norms = stepNorms(f32("gradHidden", rows * H), packing, H);

    this.placeHiddenMajor(module, weights.weightIh, inputs, weights);
    module.multiplyPacked(rows, I, GH, at("gates"), at("panels"), at("input"), 0);
    const input = unpack(f32("input", rows * I), I, packing, inputs);
    const h = takeState(f32("gradH", B * H), hidden, order, H);
    const initial = cell === "lstm" ? { h, c: takeState(f32("gradC", B * H), hidden, order, H) } : { h };
    return { input, initial, weightIh, weightHh, biasIh, biasHh, norms };
  }

  dispose(): void {
    if (this.block.address !== undefined) release(this.block.address);
    this.block.address = undefined;
    this.block.size = 0;
    this.packing = undefined;
  }

  private prepare(bytes: number): void {
    if (this.block.address !== undefined && this.block.size >= bytes) return;
    const packing = this.packing;
    this.dispose();
    this.packing = packing;
    this.block.address = reserve(bytes);
    this.block.size = bytes;
  }

  private addresses(): (name: ArrayName) => number {
    const base = this.block.address as number;
    const { at } = this.layout as Layout;
    return (name) => base + at[name];
  }

  private all<Name extends ArrayName>(names: readonly Name[]): Record<Name, number> {
    const at = this.addresses();
    return Object.fromEntries(names.map((name) => [name, at(name)])) as Record<Name, number>;
  }

  /** Wᵀ, K >= columns rows of GH padded columns, into `panels`: for a product that goes into the gates. */
  private placeInputMajor(
    module: Kernels,
    W: ArrayLike<number>,
    columns: number,
    K: number,
    { cell, hidden }: RecurrentWeights,
  ): void {
    const at = this.addresses();
    const H = padded(hidden);
    const GH = GATES[cell] * H;
    const matrix = view.f32(at("matrix"), K * GH).fill(0);
    for (let gate = 0; gate < GATES[cell]; gate++) {
      for (let j = 0; j < hidden; j++) {
        const row = (gate * hidden + j) * columns;
        const column = gate * H + j;
        for (let k = 0; k < columns; k++) matrix[k * GH + column] = W[row + k];
      }
    }
    module.packPanels(at("matrix"), 4 * GH, at("panels"), GH, K);
  }

  /** W, GH padded rows of padded columns, into `panels`: for a product that comes from the gates. */
  private placeHiddenMajor(
    module: Kernels,
    W: ArrayLike<number>,
    columns: number,
    { cell, hidden }: RecurrentWeights,
  ): void {
    const at = this.addresses();
    const H = padded(hidden);
    const N = padded(columns);
    const GH = GATES[cell] * H;
    const matrix = view.f32(at("matrix"), GH * N).fill(0);
    for (let gate = 0; gate < GATES[cell]; gate++) {
      for (let j = 0; j < hidden; j++) {
        const from = (gate * hidden + j) * columns;
        const to = (gate * H + j) * N;
        for (let k = 0; k < columns; k++) matrix[to + k] = W[from + k];
      }
    }
    module.packPanels(at("matrix"), 4 * N, at("panels"), N, GH);
  }
}

const relu = ({ nonlinearity }: RecurrentWeights): number => (nonlinearity === "relu" ? 1 : 0);

/** Biases, gate by gate at padded places, added up. */
function placeBias({ cell, hidden }: RecurrentWeights, to: Float32Array, biases: readonly ArrayLike<number>[]): void {
  const H = padded(hidden);
  to.fill(0);
  for (let gate = 0; gate < GATES[cell]; gate++) {
    for (let j = 0; j < hidden; j++) for (const bias of biases) to[gate * H + j] += bias[gate * hidden + j];
  }
}

/** columns × padded GH, as a transposed product leaves it → GH × columns, as PyTorch has it. */
function gateMajor(matrix: Float32Array, columns: number, gates: number, hidden: number, H: number): Float32Array {
  const out = new Float32Array(gates * hidden * columns);
  const GH = gates * H;
  for (let gate = 0; gate < gates; gate++) {
    for (let j = 0; j < hidden; j++) {
      const row = (gate * hidden + j) * columns;
      for (let k = 0; k < columns; k++) out[row + k] = matrix[k * GH + gate * H + j];
    }
  }
  return out;
}

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

function stepNorms(gradHidden: Float32Array, { counts, offsets, time }: Packing, H: number): Float64Array {
  const norms = new Float64Array(time);
  for (let t = 0; t < counts.length; t++) {
    let squares = 0;
    for (let i = offsets[t] * H; i < (offsets[t] + counts[t]) * H; i++) squares += gradHidden[i] ** 2;
    norms[t] = Math.sqrt(squares);
  }
  return norms;
}
