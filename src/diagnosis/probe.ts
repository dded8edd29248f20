import { Random } from "../core/random.js";
import type { Tensor } from "../core/tensor.js";
import type { ForwardContext, Layer, Parameter, RecurrentActivations, SequenceBatch } from "../recurrent/layer.js";
import { zeroGrad } from "../recurrent/layer.js";
import type { TrainingBatch } from "../training/trainer.js";
import { type LayerActivations, summarise } from "./activations.js";
import type { GradientEvidence, GradientReach } from "./gradients.js";
import { spectralRadius } from "./spectralRadius.js";

/** What one batch shows of a network: gradients and activations for `diagnose`, and the outputs. */
export interface Probe {
  readonly gradients: GradientEvidence;
  readonly activations: readonly LayerActivations[];
  readonly outputs: SequenceBatch;
}

/** Parameters of one direction: weight_ih, weight_hh, bias_ih, bias_hh. */
const OF_A_DIRECTION = 4;

/**
 * Runs a network on a batch, without dropout, and takes its measures: the gradient of each parameter, how a gradient of the last
 * step alone reaches back through time (for a reverse direction, one of the first step), and what units and gates do. Weights
 * stay as they are; gradients are 0 afterwards.
 *
 * @example
 * const model = elman({ inputs: 1, hidden: 4, seed: 1 });
 * const inputs = padSequences([new Float32Array(30).fill(1)], 1);
 * const { gradients } = probe(model, { inputs, loss: (outputs) => meanSquaredError(outputs, zeros(outputs.shape)) });
 * gradients.reach[0].norms.length // 30
 */
export function probe(model: Layer, { inputs, loss }: TrainingBatch): Probe {
  const activations = new Map<Layer, readonly RecurrentActivations[]>();
  zeroGrad(model.parameters);
  const outputs = model.forward(inputs, { training: false, inputGradient: false, activations });
  const { grad } = loss(outputs);
  model.backward(grad);
  // in single steps, weights from state to state take no part
  const recurs = inputs.lengths.some((length) => length > 1);
  const taken = model.parameters.filter(({ name }) => recurs || !name.includes("weight_hh"));
  const parameters = taken.map(({ name, data, grad: gradient }) => ({
    name,
    weight: norm(data),
    gradient: norm(gradient),
  }));
  const reach = [false, true].flatMap((reverse) => reachOf(model, inputs, outputs, grad, reverse));
  zeroGrad(model.parameters);
  return {
    gradients: { parameters, reach },
    activations: [...activations].flatMap(([layer, directions]) =>
      directions.map((seen, d) => {
        const own = layer.parameters.slice(d * OF_A_DIRECTION, (d + 1) * OF_A_DIRECTION);
        return summarise(nameOf(model, own[0]), own, seen, inputs.lengths, isReverse(own[0]));
      }),
    ),
    outputs,
  };
}

const isReverse = ({ name }: Parameter) => name.endsWith("_reverse");

/** `rnn.l0_reverse`, from the name that the model gives to this direction's `weight_ih`. */
function nameOf(model: Layer, own: Parameter): string {
  const { name } = model.parameters.find(({ data }) => data === own.data) ?? own;
  return name.replace("weight_ih_", "");
}

/** How far a gradient gets that begins at one end of the longest sequences, in each direction that runs towards that end. */
function reachOf(
  model: Layer,
  inputs: SequenceBatch,
  { shape, lengths }: SequenceBatch,
  grad: Tensor,
  reverse: boolean,
): GradientReach[] {
  if (reverse && !model.parameters.some(isReverse)) return [];
  const longest = Math.max(0, ...lengths);
  if (longest === 0) return [];
  const [, time, width] = shape;
  const random = new Random(0);
  const data = new Float32Array(grad.data.length);
  lengths.forEach((length, b) => {
    if (length !== longest) return;
    const start = (b * time + (reverse ? 0 : length - 1)) * width;
    for (let k = 0; k < width; k++) data[start + k] = random.normal();
  });
  const gradientNorms: NonNullable<ForwardContext["gradientNorms"]> = new Map();
  model.forward(inputs, { training: false, inputGradient: false, gradientNorms });
  model.backward({ data, shape: grad.shape });
  const delayed = isDelayed(grad, lengths, reverse);
  return [...gradientNorms].flatMap(([layer, directions]) =>
    directions.flatMap((norms, d) => {
      const own = layer.parameters.slice(d * OF_A_DIRECTION, (d + 1) * OF_A_DIRECTION);
      if (isReverse(own[0]) !== reverse) return [];
      const back = Array.from({ length: longest }, (_, k) => norms[reverse ? k : longest - 1 - k]);
      const [rows, hidden] = own[1].shape;
      const square = rows === hidden;
      return [
        {
          name: nameOf(model, own[0]),
          norms: back,
          delayed,
          ...(square && { spectralRadius: spectralRadius(own[1].data, hidden) }),
        },
      ];
    }),
  );
}

/** Whether the loss has no gradient of its own in the half of the steps that the direction reads first. */
function isDelayed({ data, shape }: Tensor, lengths: Int32Array, reverse: boolean): boolean {
  const [, time, width] = shape;
  return lengths.every((length, b) => {
    const half = Math.floor(length / 2);
    const first = b * time + (reverse ? length - half : 0);
    return data.subarray(first * width, (first + half) * width).every((x) => x === 0);
  });
}

function norm(values: ArrayLike<number>): number {
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += values[i] * values[i];
  return Math.sqrt(squares);
}
