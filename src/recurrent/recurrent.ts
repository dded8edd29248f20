import { SeqlossError } from "../core/errors.js";
import type { Cell, Nonlinearity, RecurrentState } from "../core/recurrence.js";
import type { Tensor } from "../core/tensor.js";
import { type Direction, makeDirection } from "./direction.js";
import { dropout } from "./dropout.js";
import { generator, type Seeded } from "./initialise.js";
import {
  checkChoice,
  checkCounts,
  checkInput,
  type ForwardContext,
  type Layer,
  type LayerState,
  type Parameter,
  type RecurrentActivations,
  readGradient,
  type SequenceBatch,
} from "./layer.js";
import { add, interleave, reversed, separate, stepNorms } from "./sequenceData.js";
import type { LayerStructure } from "./structure.js";

export interface RecurrentOptions extends Seeded {
  /** Numbers in each step of the input. */
  readonly inputs: number;
  /** Units in each direction of each layer. */
  readonly hidden: number;
  /** Layers, each reading the one below. Default 1. */
  readonly layers?: number;
  /** A second network reads each sequence from its own end; outputs are [forward, backward]. Default false. */
  readonly bidirectional?: boolean;
  /** Share in [0, 1) of each layer's outputs dropped in training, but for the last layer's. Default 0. */
  readonly dropout?: number;
  /**
   * What is dropped of a sequence between layers is dropped at all its steps (Gal and Ghahramani 2016); states are passed on
   * whole. Default false.
   */
  readonly variational?: boolean;
  /**
   * How the weights from state to state begin: uniform as PyTorch's, or each gate an orthogonal matrix, through which
   * gradients pass without growing or shrinking (Saxe et al. 2014). Default "uniform".
   */
  readonly recurrentWeights?: "uniform" | "orthogonal";
  /**
   * Trades time for memory: the forward pass keeps the states at every `checkpoint` steps alone ("sqrt": ⌈√T⌉ steps of the longest
   * sequence), and the backward pass computes the steps between them again. The memory beside a layer's input and output then grows
   * as √T instead of T, for one more forward pass. The input and the weights must stay as they are until `backward`. Outputs and
   * the gradients of inputs and states are the same to the bit, those of weights within float32 rounding. Default: keep everything.
   */
  readonly checkpoint?: "sqrt" | number;
}

export interface ElmanOptions extends RecurrentOptions {
  /** Default "tanh". */
  readonly nonlinearity?: Nonlinearity;
}

export interface LstmOptions extends RecurrentOptions {
  /**
   * The bias that forget gates begin with, in `bias_ih`, where that in `bias_hh` begins with 0. A bias of 1 or 2 lets an
   * untrained network remember (Jozefowicz et al. 2015). Default drawn like the others, as PyTorch does.
   */
  readonly forgetBias?: number;
}

/**
 * An LSTM over ragged sequences (Hochreiter and Schmidhuber 1997, with forget gates), as PyTorch's nn.LSTM: equations,
 * parameter names and layouts, initial weights uniform in ±1/√hidden.
 *
 * [B, T, inputs] → [B, T, hidden], or 2 hidden when bidirectional.
 * @example
 * lstm({ inputs: 3, hidden: 5, seed: 1 }).parameters[0].shape // [20, 3]
 */
export function lstm(options: LstmOptions): Layer {
  return recurrentLayer("lstm", "tanh", options, options.forgetBias);
}

/**
 * A GRU over ragged sequences (Cho et al. 2014), as PyTorch's nn.GRU.
 * @example
 * gru({ inputs: 3, hidden: 5, seed: 1 }).parameters[1].shape // [15, 5]
 */
export function gru(options: RecurrentOptions): Layer {
  return recurrentLayer("gru", "tanh", options);
}

/**
 * An Elman network over ragged sequences (Elman 1990), as PyTorch's nn.RNN.
 * @example
 * elman({ inputs: 3, hidden: 5, seed: 1, bidirectional: true }).parameters.length // 8
 */
export function elman(options: ElmanOptions): Layer {
  return recurrentLayer("elman", options.nonlinearity ?? "tanh", options);
}

function recurrentLayer(cell: Cell, nonlinearity: Nonlinearity, options: RecurrentOptions, forgetBias?: number): Layer {
  const {
    inputs,
    hidden,
    layers = 1,
    bidirectional = false,
    dropout: rate = 0,
    variational = false,
    recurrentWeights = "uniform",
    checkpoint,
  } = options;
  checkCounts(cell, { inputs, hidden, layers });
  checkChoice(cell, "nonlinearity", nonlinearity, ["tanh", "relu"]);
  checkChoice(cell, "recurrentWeights", recurrentWeights, ["uniform", "orthogonal"]);
  if (checkpoint !== undefined && checkpoint !== "sqrt" && !(Number.isInteger(checkpoint) && checkpoint >= 1)) {
    const expected = 'a whole number of steps of at least 1, or "sqrt"';
    throw new SeqlossError(cell, "OPTION", { argument: "checkpoint", expected, found: checkpoint });
  }
  const drops = Array.from({ length: layers }, () => dropout(rate, { variational })).slice(1);
  const random = generator(options);
  const orthogonal = recurrentWeights === "orthogonal";
  const stack = Array.from({ length: layers }, (_, level) =>
    (bidirectional ? [false, true] : [false]).map((reverse) => {
      const width = level === 0 ? inputs : bidirectional ? 2 * hidden : hidden;
      const shape = { cell, nonlinearity, inputs: width, hidden };
      return makeDirection(shape, { level, reverse, checkpoint }, { random, orthogonal, forgetBias });
    }),
  );
  return new RecurrentLayer(cell, inputs, hidden, stack, drops);
}

class RecurrentLayer implements Layer {
  readonly parameters: readonly Parameter[];
  readonly structure: LayerStructure;
  /** What the backward pass needs to know of the forward pass; absent where there was none since. */
  private pass: (Omit<SequenceBatch, "data"> & { readonly context: ForwardContext }) | undefined;

  constructor(
    private readonly cell: Cell,
    private readonly inputs: number,
    private readonly hidden: number,
    private readonly stack: readonly (readonly Direction[])[],
    /** drops[i] stands between layers i and i + 1. */
    private readonly drops: readonly Layer[],
  ) {
    this.parameters = stack.flat().flatMap(({ parameters }) => parameters);
    this.structure = {
      kind: "recurrent",
      cell,
      inputs,
      hidden,
      nonlinearity: stack[0][0].weights.nonlinearity,
      stack: stack.map((directions) =>
        directions.map(({ parameters: [weightIh, weightHh, biasIh, biasHh], reverse }) => {
          return { weightIh, weightHh, biasIh, biasHh, reverse };
        }),
      ),
    };
  }

  forward(input: SequenceBatch, context: ForwardContext = {}): SequenceBatch {
    checkInput(this.cell, input, this.inputs);
    const { lengths } = input;
    const [B, T] = input.shape;
    const initial = this.readInitial(context.carry, B);
    const finals: RecurrentState[] = [];
    const seen: RecurrentActivations[] = [];
    this.pass = undefined;
    let batch = input;
    this.stack.forEach((directions, level) => {
      const features = batch.shape[2];
      const outputs = directions.map(({ weights, recurrence, reverse }) => {
        const data = reverse ? reversed(batch.data, T, features, lengths) : batch.data;
        const { output, final } = recurrence.forward(weights, data, T, lengths, initial?.[finals.length]);
        finals.push(final);
        const ordered = reverse ? reversed(output, T, this.hidden, lengths) : output;
        seen.push({ input: batch.data, output: ordered });
        return ordered;
      });
      const shape = [B, T, directions.length * this.hidden];
      batch = { data: interleave(outputs, this.hidden), shape, lengths };
      if (level < this.drops.length) batch = this.drops[level].forward(batch, context);
    });
    context.carry?.set(this, finals);
    context.activations?.set(this, seen);
    this.pass = { shape: batch.shape, lengths, context };
    return batch;
  }

  backward(gradOutput: Tensor): Tensor<Float32Array> {
    const data = readGradient(this.cell, gradOutput, this.pass?.shape);
    const { lengths, shape, context } = this.pass as NonNullable<typeof this.pass>;
    this.pass = undefined;
    const T = shape[1];
    const H = this.hidden;
    const wantsNorms = context.gradientNorms !== undefined;
    const finals = this.readStates("finalGradients", context.finalGradients, lengths.length);
    const norms: Float64Array[][] = [];
    const initials: RecurrentState[][] = [];
    let grad: Tensor<Float32Array> = { data, shape };
    for (let level = this.stack.length - 1; level >= 0; level--) {
      if (level < this.drops.length) grad = this.drops[level].backward(grad);
      const directions = this.stack[level];
      const features = directions[0].weights.inputs;
      const wanted = { input: level > 0 || context.inputGradient !== false, norms: wantsNorms };
      const parts = separate(grad.data, directions.length, H);
      const results = directions.map(({ weights, recurrence, reverse }, d) => {
        const own = reverse ? reversed(parts[d], T, H, lengths) : parts[d];
        return recurrence.backward(weights, own, wanted, finals?.[level * directions.length + d]);
      });
      const inputGrads = results.map((result, d) => {
        const { parameters, reverse } = directions[d];
        const { weightIh, weightHh, biasIh, biasHh } = result;
        [weightIh, weightHh, biasIh, biasHh].forEach((added, p) => add(parameters[p].grad, added));
        return reverse && wanted.input ? reversed(result.input, T, features, lengths) : result.input;
      });
      initials.unshift(results.map(({ initial }) => initial));
      if (wantsNorms)
        norms.unshift(results.map((result, d) => stepNorms(result.squaredNorms, T, lengths, directions[d].reverse)));
      for (const other of inputGrads.slice(1)) add(inputGrads[0], other);
      grad = { data: inputGrads[0], shape: wanted.input ? [lengths.length, T, features] : [0] };
    }
    context.gradientNorms?.set(this, norms.flat());
    context.initialGradients?.set(this, initials.flat());
    return grad;
  }

  dispose(): void {
    for (const { recurrence } of this.stack.flat()) recurrence.dispose();
    this.pass = undefined;
  }

  private readInitial(carry: ForwardContext["carry"], batch: number): LayerState | undefined {
    if (carry !== undefined && this.stack[0].length > 1) {
      throw new SeqlossError(this.cell, "OPTION", {
        argument: "carry",
        expected: "to be left out for a bidirectional layer",
        found: "a map of states",
        advice: "The backward direction starts at the end of a sequence, which a window has not seen yet.",
      });
    }
    return this.readStates("carry", carry, batch);
  }

  private readStates(
    name: string,
    states: ReadonlyMap<Layer, LayerState> | undefined,
    batch: number,
  ): LayerState | undefined {
    const state = states?.get(this);
    if (state === undefined) return undefined;
    const count = this.stack.flat().length;
    const size = batch * this.hidden;
    const fits = ({ h, c }: RecurrentState) => h.length === size && (this.cell !== "lstm" || c?.length === size);
    if (state.length !== count || !state.every(fits)) {
      throw new SeqlossError(this.cell, "SHAPE", {
        argument: `the state in ${name}`,
        expected: `${count} of ${batch} × ${this.hidden} numbers, for the layers and this batch`,
        found: state.map(({ h }) => h.length),
        advice: "A state belongs to the sequences of one batch; start other sequences with an empty map.",
      });
    }
    return state;
  }
}
