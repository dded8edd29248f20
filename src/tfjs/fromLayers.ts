import type { Tensor as TfTensor } from "@tensorflow/tfjs-core";
import { SeqlossError } from "../core/errors.js";
import type { Cell } from "../core/recurrence.js";
import type { Tensor } from "../core/tensor.js";
import type { DirectionWeights, LayerStructure, Part, RecurrentStructure } from "../recurrent/structure.js";
import { reordered, transposed } from "../recurrent/weightLayout.js";

/** What is read of a layer of TensorFlow.js. */
export interface LayersLayer {
  readonly name: string;
  readonly input: unknown;
  readonly output: unknown;
  getClassName(): string;
  getConfig(): object;
  getWeights(): TfTensor[];
}

/** What is read of a layers model: `tf.Sequential`, `tf.LayersModel`. */
export interface LayersModel {
  readonly layers: readonly LayersLayer[];
}

type Weights = Tensor<Float32Array>;
type Config = Readonly<Record<string, unknown>>;

/**
 * A layers model of TensorFlow.js as its weights and its structure, for `toOnnx`; and for `stateDict`, so that PyTorch and the layers
 * of `seqloss` take the weights of an LSTM whose `recurrentActivation` is "sigmoid", or of a SimpleRNN. Copies: training the model
 * further changes nothing here.
 *
 * Layers one after another: LSTM, GRU and SimpleRNN, Bidirectional ones whose outputs are joined, Dense, Embedding, Activation,
 * TimeDistributed. Dropout, noise and Masking pass on what they get, as they do outside training: the exported graph is told
 * `lengths` instead. Outputs [B, F] become [B, 1, F].
 *
 * @param model of `tf.sequential`, or of `tf.model` where each layer reads the one before it
 * @throws SeqlossError (OPTION) where a layer is of another kind, or set up as cannot be said
 * @example
 * const model = tf.sequential({ layers: [tf.layers.lstm({ units: 4, returnSequences: true, inputShape: [null, 3] })] });
 * seqloss.onnxSignature(fromLayers(model)).outputs[0].shape // ["batch", "time", 4]
 */
export function fromLayers(model: LayersModel): Part {
  const layers = model.layers.filter((layer) => layer.getClassName() !== "InputLayer");
  layers.slice(1).forEach((layer, n) => {
    if (layer.input !== layers[n].output) refuse(layer, "a layer that reads the one before it", "a branch");
  });
  const parts = Object.fromEntries(layers.flatMap((layer) => partsOf(layer)));
  const parameters = Object.entries(parts).flatMap(([name, part]) =>
    part.parameters.map((parameter) => ({ ...parameter, name: `${name}.${parameter.name}` })),
  );
  return { parameters, structure: { kind: "sequential", parts } };
}

/** What a layer does, one part after another; the first has its name. */
function partsOf(layer: LayersLayer): [name: string, part: Part][] {
  const config = layer.getConfig() as Config;
  const { name } = layer;
  switch (layer.getClassName()) {
    case "Dense": {
      const [kernel, bias] = layer.getWeights().map(copied);
      const structure = { kind: "dense", weight: transposed(kernel), ...(bias && { bias }) } as const;
      const dense = part(structure, { weight: structure.weight, ...(bias && { bias }) });
      return [[name, dense], ...activation(layer, config.activation)];
    }
    case "Embedding": {
      const [weight] = layer.getWeights().map(copied);
      return [[name, part({ kind: "embedding", weight }, { weight })]];
    }
    case "Activation":
      return activation(layer, config.activation);
    case "TimeDistributed":
      return partsOf(wrapped(layer, "layer")).map(([, each], n) => [n === 0 ? name : `${name}_${n}`, each]);
    case "SimpleRNN":
    case "GRU":
    case "LSTM": {
      if (config.goBackwards === true) refuse(layer, "one that reads forwards, or a Bidirectional one", "goBackwards");
      return recurrent(layer, [layer], config.returnSequences === true);
    }
    case "Bidirectional": {
      const directions = [wrapped(layer, "forwardLayer"), wrapped(layer, "backwardLayer")];
      const { mergeMode = "concat" } = layer as { mergeMode?: unknown };
      if (mergeMode !== "concat") refuse(layer, 'one whose mergeMode is "concat"', mergeMode);
      const { returnSequences } = directions[0].getConfig() as Config;
      if (returnSequences !== true) refuse(layer, "one that returns sequences", "the last step of each direction");
      return recurrent(layer, directions, true);
    }
    case "Dropout":
    case "SpatialDropout1D":
    case "GaussianDropout":
    case "GaussianNoise":
    case "AlphaDropout":
    case "Masking":
      return [[name, part({ kind: "identity" }, {})]];
    default:
      return refuse(layer, "a recurrent, Dense, Embedding, Activation or TimeDistributed one", layer.getClassName());
  }
}

const CELLS: Readonly<Record<string, Cell>> = { SimpleRNN: "elman", GRU: "gru", LSTM: "lstm" };
/** For each gate here, which it is there: r, z, n of z, r, h; i, f, g, o of i, f, c, o. */
const ORDER: Readonly<Record<Cell, readonly number[]>> = { elman: [0], gru: [1, 0, 2], lstm: [0, 1, 2, 3] };

function recurrent(
  layer: LayersLayer,
  directions: readonly LayersLayer[],
  sequences: boolean,
): [name: string, part: Part][] {
  const [first] = directions;
  const cell = CELLS[first.getClassName()] ?? refuse(layer, "of LSTM, GRU or SimpleRNN", first.getClassName());
  const { activation: candidate, recurrentActivation: squash, units } = first.getConfig() as Config;
  if (candidate !== "tanh" && candidate !== "relu")
    return refuse(layer, 'one whose activation is "tanh" or "relu"', candidate);
  if (cell !== "elman" && squash !== "sigmoid" && squash !== "hardSigmoid") {
    return refuse(layer, 'one whose recurrentActivation is "sigmoid" or "hardSigmoid"', squash);
  }
  const stack = directions.map((direction, d): DirectionWeights => {
    const [kernel, recurrentKernel, bias] = direction.getWeights().map(copied);
    const rows = kernel.shape[1];
    const none = { data: new Float32Array(rows), shape: [rows] };
    const gates = ({ data, shape }: Weights): Weights => ({ data: reordered(data, ORDER[cell]), shape });
    return {
      weightIh: gates(transposed(kernel)),
      weightHh: gates(transposed(recurrentKernel)),
      biasIh: bias === undefined ? none : gates(bias),
      biasHh: none,
      reverse: d === 1,
    };
  });
  const structure: RecurrentStructure = {
    kind: "recurrent",
    cell,
    inputs: stack[0].weightIh.shape[1],
    hidden: units as number,
    nonlinearity: candidate,
    ...(cell !== "elman" && { gates: squash as "sigmoid" | "hardSigmoid" }),
    ...(cell === "gru" && { resetAfter: false }),
    stack: [stack],
  };
  const named = stack.flatMap(({ weightIh, weightHh, biasIh, biasHh, reverse }) => {
    const tensors = { weight_ih: weightIh, weight_hh: weightHh, bias_ih: biasIh, bias_hh: biasHh };
    return Object.entries(tensors).map(([name, tensor]) => [`${name}_l0${reverse ? "_reverse" : ""}`, tensor]);
  });
  const own: [string, Part] = [layer.name, part(structure, Object.fromEntries(named))];
  return sequences ? [own] : [own, [`${layer.name}_last`, part({ kind: "lastStep" }, {})]];
}

function activation(layer: LayersLayer, nonlinearity: unknown): [name: string, part: Part][] {
  if (nonlinearity === "linear") return [];
  if (nonlinearity !== "tanh" && nonlinearity !== "relu" && nonlinearity !== "sigmoid" && nonlinearity !== "softmax") {
    return refuse(layer, 'one whose activation is "linear", "tanh", "relu", "sigmoid" or "softmax"', nonlinearity);
  }
  return [[`${layer.name}_${nonlinearity}`, part({ kind: "activation", nonlinearity }, {})]];
}

function part(structure: LayerStructure, weights: Readonly<Record<string, Weights>>): Part {
  const parameters = Object.entries(weights).map(([name, { data, shape }]) => {
    return { name, data, shape, grad: new Float32Array(data.length) };
  });
  return { structure, parameters };
}

/** A layer inside another, as Bidirectional and TimeDistributed hold them. */
const wrapped = (layer: LayersLayer, name: string): LayersLayer =>
  (layer as unknown as Readonly<Record<string, LayersLayer>>)[name];

const copied = (tensor: TfTensor): Weights => ({
  data: Float32Array.from(tensor.dataSync<"float32">()),
  shape: tensor.shape.slice(),
});

function refuse(layer: LayersLayer, expected: string, found: unknown): never {
  throw new SeqlossError("fromLayers", "OPTION", {
    argument: `the layer ${JSON.stringify(layer.name)}`,
    expected,
    found,
  });
}
