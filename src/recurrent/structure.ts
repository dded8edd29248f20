import type { Cell, Nonlinearity } from "../core/recurrence.js";
import type { Tensor } from "../core/tensor.js";
import type { Layer } from "./layer.js";

// What layers compute, as data: enough to name their weights as PyTorch does, and to build the same network elsewhere.

/** A part of a model: its weights, and what it does with them where that can be said as data. */
export type Part = Pick<Layer, "parameters" | "structure">;

export type LayerStructure =
  | RecurrentStructure
  | DenseStructure
  | EmbeddingStructure
  | ActivationStructure
  | ColumnsStructure
  | CompositeStructure
  /** Passes its input on, as dropout does outside training. */
  | { readonly kind: "identity" }
  /** The last real step of each sequence: [B, T, F] → [B, 1, F]. */
  | { readonly kind: "lastStep" }
  /** The mean and the largest of each number over the real steps: [B, T, F] → [B, 1, 2 F]. */
  | { readonly kind: "meanAndMax" };

/** The weights of one direction of one layer, laid out as PyTorch's: gates r, z, n or i, f, g, o. */
export interface DirectionWeights {
  readonly weightIh: Tensor<Float32Array>;
  readonly weightHh: Tensor<Float32Array>;
  readonly biasIh: Tensor<Float32Array>;
  readonly biasHh: Tensor<Float32Array>;
  readonly reverse: boolean;
}

export interface RecurrentStructure {
  readonly kind: "recurrent";
  readonly cell: Cell;
  readonly inputs: number;
  readonly hidden: number;
  /** Of an Elman network's state, and of candidates and cells of the others. */
  readonly nonlinearity: Nonlinearity;
  /** What gates go through; "hardSigmoid" is Keras's, max(0, min(1, 0.2 x + 0.5)). Default "sigmoid". */
  readonly gates?: "sigmoid" | "hardSigmoid";
  /** A GRU's reset gate stands after the product with the state's weights, as PyTorch's. Default true. */
  readonly resetAfter?: boolean;
  /** Each layer's directions. */
  readonly stack: readonly (readonly DirectionWeights[])[];
}

export interface DenseStructure {
  readonly kind: "dense";
  /** [outputs, inputs] */
  readonly weight: Tensor<Float32Array>;
  /** [outputs]; none where it is absent. */
  readonly bias?: Tensor<Float32Array>;
}

export interface EmbeddingStructure {
  readonly kind: "embedding";
  /** [tokens, size] */
  readonly weight: Tensor<Float32Array>;
}

export interface ActivationStructure {
  readonly kind: "activation";
  /** Of each number; softmax of each step. */
  readonly nonlinearity: "tanh" | "relu" | "sigmoid" | "softmax";
}

/** Some neighbouring numbers of each step. */
export interface ColumnsStructure {
  readonly kind: "columns";
  readonly from: number;
  readonly width: number;
}

/**
 * Parts with names: one after another (sequential), beside each other on the same input with their outputs joined (parallel), or
 * in a way of their own (encoderDecoder).
 */
export interface CompositeStructure {
  readonly kind: "sequential" | "parallel" | "encoderDecoder";
  readonly parts: Readonly<Record<string, Part>>;
}

/** The parts of a model, where it has any. */
export function partsOf({ structure }: Part): Readonly<Record<string, Part>> | undefined {
  return structure !== undefined && "parts" in structure ? structure.parts : undefined;
}
