import { SeqlossError } from "../core/errors.js";
import type { LayerStructure, Part } from "../recurrent/structure.js";
import { Graph, type OnnxValue } from "./graph.js";
import { addLayer, type Steps } from "./layers.js";
import { modelInput } from "./modelInput.js";
import { RaggedBatch } from "./raggedBatch.js";

export type { OnnxValue } from "./graph.js";

export interface OnnxOptions {
  /** Of the graph. Default "seqloss". */
  readonly name?: string;
}

/** What a model written by `toOnnx` is called with, and what it gives. */
export interface OnnxSignature {
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
}

/**
 * A trained model as the bytes of an ONNX file, as its forward pass is outside training, for onnxruntime and others: operators of
 * version 17, the recurrent ones of ONNX itself.
 *
 * Inputs: `input`, float32 [batch, time, width]; where an embedding reads it, int64 ids [batch, time], or [batch, time, columns]
 * where there are several. `lengths`, int32 [batch]: the real steps of each sequence; padding is not read. Output: `output`, float32
 * [batch, time, width], 0 on padding. Both axes are free.
 *
 * @param model built of this library's layers, or of others that say their `structure`
 * @throws SeqlossError (OPTION) where a part says no structure, or is an encoder-decoder
 * @example
 * const model = sequential({ rnn: lstm({ inputs: 3, hidden: 4, seed: 1 }), head: dense({ inputs: 4, outputs: 2, seed: 2 }) });
 * toOnnx(model) instanceof Uint8Array // true
 */
export function toOnnx(model: Part, { name = "seqloss" }: OnnxOptions = {}): Uint8Array {
  const { graph, inputs, outputs } = build(model);
  return graph.encode(name, inputs, outputs);
}

/**
 * The inputs and outputs of the model that `toOnnx` writes: names, types, and shapes with names for free axes.
 *
 * @throws SeqlossError as `toOnnx` does
 * @example
 * onnxSignature(embedding({ tokens: 4, size: 2, seed: 1 })).inputs[0].shape // ["batch", "time"]
 */
export function onnxSignature(model: Part): OnnxSignature {
  const { inputs, outputs } = build(model);
  return { inputs, outputs };
}

function build(model: Part): OnnxSignature & { readonly graph: Graph } {
  const read = modelInput(model);
  if (read === undefined) {
    throw new SeqlossError("toOnnx", "OPTION", {
      argument: "the model",
      expected:
        "one that reads one input, whose first layer says how wide it is, as dense, embedding and recurrent ones do",
      found: model.structure?.kind,
    });
  }
  const { ids, width, columns } = read;
  const graph = new Graph();
  const ragged = new RaggedBatch(graph, "input", "lengths");
  const given: Steps = { name: "input", width, ids, columns, ragged: true };
  const result = addLayer({ graph, ragged }, model.structure as LayerStructure, given, "");
  if (result.ragged) graph.write("Where", [ragged.mask(), result.name, ragged.zero()], "output");
  else graph.write("Identity", [result.name], "output");
  return {
    graph,
    inputs: [
      { name: "input", type: ids ? "int64" : "float32", shape: ["batch", "time", ...(columns ? [width] : [])] },
      { name: "lengths", type: "int32", shape: ["batch"] },
    ],
    outputs: [{ name: "output", type: "float32", shape: ["batch", result.ragged ? "time" : 1, result.width] }],
  };
}
