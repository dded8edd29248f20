import { SeqlossError } from "../core/errors.js";
import type { Tensor } from "../core/tensor.js";
import { type Attention, attention, type Memory } from "./attention.js";
import { type Bridge, bridge } from "./bridge.js";
import { type DecoderState, joinStates, splitStates } from "./decoderState.js";
import { dense } from "./dense.js";
import { dropout } from "./dropout.js";
import { embedding } from "./embedding.js";
import { generator, type Seeded } from "./initialise.js";
import {
  checkChoice,
  checkCounts,
  type ForwardContext,
  joinParameters,
  type Layer,
  type LayerState,
  type SequenceBatch,
  sequential,
} from "./layer.js";
import { gru, lstm } from "./recurrent.js";
import { checkTeacherForcing, scheduledInputs } from "./scheduledSampling.js";
import type { LayerStructure } from "./structure.js";

export interface EncoderDecoderOptions extends Seeded {
  readonly sourceClasses: number;
  readonly targetClasses: number;
  /** Numbers in the vector of each id, of source and target. */
  readonly embedding: number;
  /** Units in each direction of each layer of the encoder, and in each layer of the decoder. */
  readonly hidden: number;
  /** Of the encoder, and of the decoder. Default 1. */
  readonly layers?: number;
  /** Default "lstm". */
  readonly cell?: "lstm" | "gru";
  /** The encoder reads from both ends. Default true. */
  readonly bidirectional?: boolean;
  /** Share in [0, 1) dropped in training: of embeddings, between layers, and of what the output reads. Default 0. */
  readonly dropout?: number;
  /** What is dropped of a sequence is dropped at all its steps (Gal and Ghahramani 2016); states are passed on whole. Default false. */
  readonly variational?: boolean;
  /** The output's weight is the target's embedding (Press and Wolf 2017). Default false. */
  readonly tied?: boolean;
  /** One embedding for source and target, which then have the same classes. Default false. */
  readonly shared?: boolean;
}

/** Source ids, [B, T] or [B, T, 1], and beside them the ids that the decoder is given. */
export interface SequencePairs extends SequenceBatch {
  /** [B, U] or [B, U, 1]: at each step the token before the one to write; the first is a start symbol. */
  readonly target: SequenceBatch;
  /**
   * Probability, in training, that a step is given the true token and not one that the model drew itself: 1 is teacher forcing,
   * less is scheduled sampling (Bengio et al. 2015). Default 1.
   */
  readonly teacherForcing?: number;
}

export interface EncoderDecoder extends Layer {
  /** Pairs → logits [B, U, targetClasses], with the lengths of the target. */
  forward(input: SequencePairs, context?: ForwardContext): SequenceBatch;
  /** A state for each sequence of a source, from which `step` writes. */
  encode(source: SequenceBatch): DecoderState[];
  /**
   * Gives each state the token written last: the logits of the next one, and the state after. The states come from one call of
   * `encode`. Like `forward`, it takes the place of the last forward pass.
   */
  step(
    states: readonly DecoderState[],
    tokens: readonly number[],
  ): { readonly logits: readonly Float32Array[]; readonly states: readonly DecoderState[] };
}

/**
 * An encoder-decoder with attention (Bahdanau et al. 2015, in the form of Luong et al. 2015): a recurrent encoder reads the source,
 * a recurrent decoder begins where the encoder ended and reads the tokens written so far, each of its states attends to the
 * encoder's outputs, and a linear map of what comes of it gives the logits. What was attended to is not fed back, so that with
 * given tokens the decoder runs over whole sequences at once.
 *
 * @throws SeqlossError when a size is no whole number above 0 (VALUE), or an embedding is shared by different classes (OPTION)
 * @example
 * const model = encoderDecoder({ sourceClasses: 5, targetClasses: 4, embedding: 3, hidden: 6, seed: 1 });
 * const batch = (ids) => ({ data: Float32Array.from(ids), shape: [1, ids.length], lengths: Int32Array.of(ids.length) });
 * model.forward({ ...batch([2, 3, 4]), target: batch([0, 1]) }).shape // [1, 2, 4]
 */
export function encoderDecoder(options: EncoderDecoderOptions): EncoderDecoder {
  const { sourceClasses, targetClasses, hidden, layers = 1, cell = "lstm" } = options;
  const { bidirectional = true, dropout: rate = 0, variational = false, tied = false, shared = false } = options;
  const where = "encoderDecoder";
  const size = options.embedding;
  checkCounts(where, { sourceClasses, targetClasses, embedding: size, hidden, layers });
  checkChoice(where, "cell", cell, ["lstm", "gru"]);
  if (shared && sourceClasses !== targetClasses) {
    const expected = `${sourceClasses}, as sourceClasses, for one embedding of both`;
    throw new SeqlossError(where, "OPTION", { argument: "targetClasses", expected, found: targetClasses });
  }
  const random = generator(options);
  const recurrent = cell === "lstm" ? lstm : gru;
  const drop = () => dropout(rate, { variational });
  // a tied weight makes logits as well, which should begin small
  const deviation = tied ? 1 / Math.sqrt(size) : 1;
  const common = { hidden, layers, dropout: rate, variational, random };
  const target = embedding({ tokens: targetClasses, size, deviation, random });
  const source = embedding({
    tokens: sourceClasses,
    size,
    deviation,
    random,
    ...(shared && { weight: target.parameters[0] }),
  });
  const encoder = recurrent({ ...common, inputs: size, bidirectional });
  const decoder = recurrent({ ...common, inputs: size });
  const outputs = tied ? size : hidden;
  const attend = attention({ queries: hidden, memory: bidirectional ? 2 * hidden : hidden, outputs, random });
  const start = bridge({ cell, hidden, layers, bidirectional }, random);
  const head = dense({
    inputs: outputs,
    outputs: targetClasses,
    random,
    ...(tied && { weight: target.parameters[0] }),
  });
  return new AttentionModel({
    encoder: sequential({ embedding: source, drop: drop(), rnn: encoder }),
    targets: sequential({ embedding: target, drop: drop() }),
    decoder,
    bridge: start,
    attention: attend,
    output: sequential({ drop: drop(), head }),
  });
}

interface Parts {
  readonly encoder: Layer;
  readonly targets: Layer;
  readonly decoder: Layer;
  readonly bridge: Bridge;
  readonly attention: Attention;
  readonly output: Layer;
}

class AttentionModel implements EncoderDecoder {
  readonly parameters: Layer["parameters"];
  readonly structure: LayerStructure;
  /** Where the decoder leaves the gradients of the states that it began with. */
  private readonly initialGradients = new Map<Layer, LayerState>();

  constructor(private readonly parts: Parts) {
    this.parameters = joinParameters({ ...parts });
    this.structure = { kind: "encoderDecoder", parts: { ...parts } };
  }

  forward(input: SequencePairs, context: ForwardContext = {}): SequenceBatch {
    const { target, teacherForcing = 1 } = input;
    if (target === undefined || target.shape[0] !== input.shape[0]) {
      throw new SeqlossError("encoderDecoder", "SHAPE", {
        argument: "the target of its input",
        expected: `a batch of ${input.shape[0]} sequences of ids`,
        found: target?.shape,
      });
    }
    checkTeacherForcing("encoderDecoder", teacherForcing);
    const { encoder, bridge: begin, attention: attend } = this.parts;
    const { carry: _, ...rest } = context;
    const values = encoder.forward(input, rest);
    const memory = attend.remember(values);
    const initial = begin.forward(values);
    const scheduled = context.training === true && teacherForcing < 1;
    const given = scheduled
      ? scheduledInputs(target, this.decode(target, { memory }, initial, {}).logits, teacherForcing, context.random)
      : target;
    const { logits } = this.decode(given, { memory }, initial, { ...rest, inputGradient: true });
    context.attention?.set(this, attend.weights());
    return logits;
  }

  backward(gradOutput: Tensor): Tensor<Float32Array> {
    const { encoder, targets, decoder, bridge: begin, attention: attend, output } = this.parts;
    const { queries, memory } = attend.backward(output.backward(gradOutput));
    targets.backward(decoder.backward(queries));
    begin.backward(this.initialGradients.get(decoder) as LayerState, memory.data);
    return encoder.backward(memory);
  }

  encode(source: SequenceBatch): DecoderState[] {
    const values = this.parts.encoder.forward(source);
    const rows = Array.from(source.lengths.keys());
    return splitStates(this.parts.attention.remember(values), rows, this.parts.bridge.forward(values));
  }

  step(states: readonly DecoderState[], tokens: readonly number[]) {
    const B = states.length;
    if (B === 0) return { logits: [], states: [] };
    const [{ memory }] = states;
    const rows = states.map(({ row }) => row);
    const target = { data: Float32Array.from(tokens), shape: [B, 1], lengths: new Int32Array(B).fill(1) };
    const { logits, final } = this.decode(target, { memory, rows }, joinStates("encoderDecoder", states), {});
    const V = logits.shape[2];
    return {
      logits: states.map((_, b) => logits.data.subarray(b * V, (b + 1) * V)),
      states: splitStates(memory, rows, final),
    };
  }

  dispose(): void {
    for (const part of Object.values(this.parts)) part.dispose();
  }

  private decode(
    target: SequenceBatch,
    { memory, rows }: { readonly memory: Memory; readonly rows?: readonly number[] },
    initial: LayerState,
    context: ForwardContext,
  ) {
    const { targets, decoder, attention: attend, output } = this.parts;
    const carry = new Map([[decoder, initial]]);
    const read = targets.forward(target, context);
    const states = decoder.forward(read, { ...context, carry, initialGradients: this.initialGradients });
    const logits = output.forward(attend.forward(states, memory, rows), context);
    return { logits, final: carry.get(decoder) as LayerState };
  }
}
