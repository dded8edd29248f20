// What the float64 reference and the float32 kernels of recurrent networks have in common.

export type Cell = "elman" | "gru" | "lstm";
export type Nonlinearity = "tanh" | "relu";

/** Blocks of H rows in a cell's weights: h; r, z, n; i, f, g, o. */
export const GATES: Readonly<Record<Cell, number>> = { elman: 1, gru: 3, lstm: 4 };

/** The size of one direction of one layer: I inputs, H units. */
export interface RecurrentShape {
  readonly cell: Cell;
  readonly inputs: number;
  readonly hidden: number;
}

/** One direction of one layer, laid out as PyTorch's: G gates of H units. */
export interface RecurrentWeights extends RecurrentShape {
  readonly nonlinearity: Nonlinearity;
  /** GH × I */
  readonly weightIh: Float32Array | Float64Array;
  /** GH × H */
  readonly weightHh: Float32Array | Float64Array;
  /** GH */
  readonly biasIh: Float32Array | Float64Array;
  /** GH */
  readonly biasHh: Float32Array | Float64Array;
}

/** Hidden state, and for an LSTM the cell state, of each sequence: B × H. */
export interface RecurrentState {
  readonly h: Float32Array;
  readonly c?: Float32Array;
}

export interface RecurrenceOutput {
  readonly output: Float32Array;
  readonly final: RecurrentState;
}

/** One direction over a batch: what it computes, and the gradient of it. Everything is batch-first, B × T × width. */
export interface Recurrence {
  /** Zero output past each length; the final state is that of the last real step. */
  forward(
    weights: RecurrentWeights,
    input: Float32Array,
    time: number,
    lengths: Int32Array,
    initial: RecurrentState | undefined,
  ): RecurrenceOutput;
  /**
   * Of the last forward call, whose tape it uses up.
   *
   * @param gradFinal with respect to the final states, on top of what reaches them through the output; none where it is absent
   */
  backward(
    weights: RecurrentWeights,
    gradOutput: Float32Array,
    wanted: WantedGradients,
    gradFinal?: RecurrentState,
  ): RecurrentGradients;
  /** Gives back what the last forward call kept. */
  dispose(): void;
}

/** What costs time and is not always needed. */
export interface WantedGradients {
  readonly input: boolean;
  readonly norms: boolean;
}

export interface RecurrentGradients {
  /** Empty unless it was asked for. */
  readonly input: Float32Array;
  readonly initial: RecurrentState;
  readonly weightIh: Float32Array | Float64Array;
  readonly weightHh: Float32Array | Float64Array;
  readonly biasIh: Float32Array | Float64Array;
  readonly biasHh: Float32Array | Float64Array;
  /** ‖d loss / d h‖² of each sequence at each step, B × T, zero past the lengths; empty unless it was asked for. */
  readonly squaredNorms: Float64Array;
}
