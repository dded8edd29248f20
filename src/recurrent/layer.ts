import { checkLengths } from "../core/batch.js";
import { SeqlossError } from "../core/errors.js";
import type { Random } from "../core/random.js";
import type { RecurrentState } from "../core/recurrence.js";
import { sizeOf, type Tensor } from "../core/tensor.js";
import type { LayerStructure } from "./structure.js";

/** A trainable array and its gradient, named and laid out as in PyTorch. Both arrays belong to the layer and stay the same. */
export interface Parameter {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array;
  readonly grad: Float32Array;
}

/** Sequences of vectors, batch-first [B, T, F]; the first lengths[b] steps of sequence b are real. */
export interface SequenceBatch {
  readonly data: Float32Array;
  readonly shape: readonly number[];
  readonly lengths: Int32Array;
}

/** State of a recurrent layer between windows of one long sequence: one entry for each layer and direction. */
export type LayerState = readonly RecurrentState[];

/** What one direction of a recurrent layer read and gave, in the order of time; padding is 0 in the output. */
export interface RecurrentActivations {
  /** [B, T, F] */
  readonly input: Float32Array;
  /** [B, T, H] */
  readonly output: Float32Array;
}

export interface ForwardContext {
  /** Whether dropout drops. Default false. */
  readonly training?: boolean;
  /** What dropout draws from; required where a layer drops. */
  readonly random?: Random;
  /**
   * Where recurrent layers find their initial states (zeros where there is none) and leave their final ones: for
   * streaming, and for truncated backpropagation, whose gradient stops where the window begins.
   */
  readonly carry?: Map<Layer, LayerState>;
  /**
   * Where recurrent layers leave ‖d loss / d h_t‖ over the batch in the backward pass: a list of T for each layer and
   * direction, in the order of their parameters. Norms that shrink or grow from the last step to the first are gradients
   * that vanish or explode.
   */
  readonly gradientNorms?: Map<Layer, readonly Float64Array[]>;
  /** Where recurrent layers leave what they read and gave: one entry for each layer and direction. */
  readonly activations?: Map<Layer, readonly RecurrentActivations[]>;
  /**
   * False where nobody asks for the gradient with respect to the input: recurrent layers then save its computation, and
   * the backward pass may return an empty tensor. Default true.
   */
  readonly inputGradient?: boolean;
  /** Where recurrent layers leave the gradient with respect to their initial states in the backward pass. */
  readonly initialGradients?: Map<Layer, LayerState>;
  /** Where encoder-decoders leave how much each step of the target takes from each step of the source: [B, U, T]. */
  readonly attention?: Map<Layer, Tensor<Float32Array>>;
  /**
   * Where recurrent layers find, in the backward pass, the gradient with respect to the final states that they left in `carry`,
   * on top of what reaches those through the output; zeros where there is none. What a decoder leaves in `initialGradients`
   * goes here for its encoder.
   */
  readonly finalGradients?: ReadonlyMap<Layer, LayerState>;
}

export interface Layer {
  readonly parameters: readonly Parameter[];
  /** What it computes outside training, as data, for `toOnnx` and for PyTorch's names; absent where nothing says it. */
  readonly structure?: LayerStructure;
  /** Padding is never read; the output there is 0. */
  forward(input: SequenceBatch, context?: ForwardContext): SequenceBatch;
  /**
   * Once after each forward: adds to the parameters' gradients, and returns the gradient with respect to the input.
   *
   * @throws SeqlossError when no forward came before (ORDER), or the gradient has not the shape of the output (SHAPE)
   */
  backward(gradOutput: Tensor): Tensor<Float32Array>;
  /** Gives back memory outside the JavaScript heap. The layer can be used again. */
  dispose(): void;
}

/**
 * The parameters of all parts, their names prefixed with the part's. One that several parts share is listed once, under the
 * first of its names, so that an optimiser moves it once.
 */
export function joinParameters(parts: Readonly<Record<string, Pick<Layer, "parameters">>>): Parameter[] {
  const seen = new Set<Float32Array>();
  return Object.entries(parts).flatMap(([prefix, { parameters }]) =>
    parameters
      .filter(({ data }) => seen.size !== seen.add(data).size)
      .map((parameter) => ({ ...parameter, name: `${prefix}.${parameter.name}` })),
  );
}

/**
 * Layers one after another. Parameter names are prefixed with the layer's: `rnn.weight_ih_l0`, `head.bias`, as in the
 * state dict of a PyTorch module with these attributes. A parameter that layers share is listed once.
 *
 * @example
 * const model = sequential({ rnn: lstm({ inputs: 4, hidden: 8, seed: 1 }), head: dense({ inputs: 8, outputs: 3, seed: 2 }) });
 * model.parameters.map(({ name }) => name) // ["rnn.weight_ih_l0", "rnn.weight_hh_l0", "rnn.bias_ih_l0", "rnn.bias_hh_l0", "head.weight", "head.bias"]
 */
export function sequential(layers: Readonly<Record<string, Layer>>): Layer {
  const chain = Object.values(layers);
  return {
    parameters: joinParameters(layers),
    structure: { kind: "sequential", parts: layers },
    forward: (input, context = {}) =>
      chain.reduce(
        (batch, layer, n) => layer.forward(batch, n === 0 ? context : { ...context, inputGradient: true }),
        input,
      ),
    backward: (gradOutput) =>
      chain.reduceRight<Tensor>((grad, layer) => layer.backward(grad), gradOutput) as Tensor<Float32Array>,
    dispose: () => {
      for (const layer of chain) layer.dispose();
    },
  };
}

/**
 * Sets every gradient to 0, as before each training step.
 * @example
 * zeroGrad(dense({ inputs: 2, outputs: 2, seed: 1 }).parameters)
 */
export function zeroGrad(parameters: readonly Parameter[]): void {
  for (const { grad } of parameters) grad.fill(0);
}

/** Checks the sizes that a layer is made with. */
export function checkCounts(where: string, counts: Readonly<Record<string, number>>): void {
  for (const [argument, found] of Object.entries(counts)) {
    if (!Number.isInteger(found) || found < 1) {
      throw new SeqlossError(where, "VALUE", { argument, expected: "a whole number of at least 1", found });
    }
  }
}

export function checkChoice(where: string, argument: string, found: string, choices: readonly string[]): void {
  if (choices.includes(found)) return;
  const expected = choices.map((choice) => JSON.stringify(choice)).join(" or ");
  throw new SeqlossError(where, "OPTION", { argument, expected, found });
}

/** What a layer throws that must draw in training and has nothing to draw from. */
export function missingGenerator(where: string): SeqlossError {
  return new SeqlossError(where, "OPTION", {
    argument: "random",
    expected: "a generator in the forward context",
    found: undefined,
    advice: "Pass { training: true, random: new Random(seed) }.",
  });
}

/** Checks a parameter of another layer that this one is to share. */
export function checkShared(where: string, { shape: found }: Parameter, expected: readonly number[]): void {
  if (found.length === expected.length && found.every((extent, axis) => extent === expected[axis])) return;
  const details = { argument: "the shape of weight", expected: `[${expected.join(", ")}]`, found };
  throw new SeqlossError(where, "SHAPE", details);
}

/** Checks what a layer is given: [B, T, F] with its own F, and lengths that lie within T. */
export function checkInput(where: string, input: SequenceBatch, features: number): void {
  const { data, shape, lengths } = input;
  if (!ArrayBuffer.isView(data) || !Array.isArray(shape) || lengths === undefined) {
    throw new SeqlossError(where, "SHAPE", {
      argument: "its input",
      expected: "a batch of sequences { data: Float32Array, shape: [batch, time, numbers], lengths: Int32Array }",
      found: Array.isArray(input) ? "a list" : Object.keys(input),
      advice: "padSequences makes one of a list for each sequence.",
    });
  }
  const [B, T, F] = shape;
  if (shape.length !== 3 || F !== features || data.length !== B * T * F || lengths.length !== B) {
    throw new SeqlossError(where, "SHAPE", {
      argument: "the shape of its input",
      expected: `[batch, time, ${features}], filled, with a length for each sequence`,
      found: shape,
    });
  }
  checkLengths(where, "lengths", lengths, B, T);
}

/**
 * The gradient with respect to an output of `shape`, absent where there was no output, as float32.
 * A loss that was told to compute no gradient hands out an empty one, which must not pass for zeros.
 */
export function readGradient(where: string, { data, shape: found }: Tensor, shape?: readonly number[]): Float32Array {
  if (shape === undefined) {
    throw new SeqlossError(where, "ORDER", {
      argument: "the call of backward",
      expected: "one after each call of forward",
      found: "one without",
    });
  }
  if (data.length !== sizeOf(shape) || found.length !== shape.length || found.some((n, axis) => n !== shape[axis])) {
    throw new SeqlossError(where, "SHAPE", {
      argument: "the shape of gradOutput",
      expected: `[${shape.join(", ")}], that of the output`,
      found,
    });
  }
  return data instanceof Float32Array ? data : Float32Array.from(data);
}
