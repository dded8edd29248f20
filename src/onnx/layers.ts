import { SeqlossError } from "../core/errors.js";
import type { DenseStructure, LayerStructure, Part } from "../recurrent/structure.js";
import { transposed } from "../recurrent/weightLayout.js";
import type { Graph } from "./graph.js";
import type { RaggedBatch } from "./raggedBatch.js";
import { addRecurrent } from "./recurrentNode.js";

/** A value [B, T, width] in the graph; without `columns` [B, T]. */
export interface Steps {
  readonly name: string;
  readonly width: number;
  /** int64 instead of float32. */
  readonly ids: boolean;
  readonly columns: boolean;
  /** Whether its steps are those of the input; a layer that makes one step of all of them leaves no padding. */
  readonly ragged: boolean;
}

interface Building {
  readonly graph: Graph;
  readonly ragged: RaggedBatch;
}

const NONLINEARITIES = { tanh: "Tanh", relu: "Relu", sigmoid: "Sigmoid", softmax: "Softmax" } as const;

/** Adds what a layer does to its input; `path` is where it stands in the model, for errors. */
export function addLayer(building: Building, structure: LayerStructure, input: Steps, path: string): Steps {
  const { graph, ragged } = building;
  const numbers = (name: string, width: number): Steps => {
    return { name, width, ids: false, columns: true, ragged: input.ragged };
  };
  switch (structure.kind) {
    case "identity":
      return input;
    case "sequential":
      return Object.entries(structure.parts).reduce(
        (steps, [name, part]) => addLayer(building, structureOf(part, path + name), steps, `${path}${name}.`),
        input,
      );
    case "parallel": {
      const outputs = Object.entries(structure.parts).map(([name, part]) =>
        asNumbers(graph, addLayer(building, structureOf(part, path + name), input, `${path}${name}.`)),
      );
      const joined = graph.node(
        "Concat",
        outputs.map(({ name }) => name),
        { axis: { int: 2 } },
      );
      const width = outputs.reduce((sum, output) => sum + output.width, 0);
      return { ...numbers(joined, width), ragged: outputs.every((output) => output.ragged) };
    }
    case "columns": {
      const bounds = [[structure.from], [structure.from + structure.width], [2]].map((list) => graph.integers(list));
      return { ...input, name: graph.node("Slice", [input.name, ...bounds]), width: structure.width };
    }
    case "embedding": {
      const whole = input.ids ? input.name : graph.node("Cast", [input.name], { to: { int: 7 } });
      const ids = input.columns ? graph.node("Squeeze", [whole, graph.integers([2])]) : whole;
      // what stands on padding need not be an id
      const real = graph.node("Where", [ragged.rowMask(), ids, graph.integers(0)]);
      return numbers(
        graph.node("Gather", [graph.floats("embedding", structure.weight), real]),
        structure.weight.shape[1],
      );
    }
    case "dense":
      return numbers(addDense(graph, structure, asNumbers(graph, input).name), structure.weight.shape[0]);
    case "activation": {
      const attributes = structure.nonlinearity === "softmax" ? { axis: { int: 2 } } : undefined;
      return numbers(graph.node(NONLINEARITIES[structure.nonlinearity], [input.name], attributes), input.width);
    }
    case "recurrent": {
      const swap = { perm: { ints: [1, 0, 2] } };
      const first = graph.node("Transpose", [asNumbers(graph, input).name], swap);
      const lengths = input.ragged ? ragged.lengths : "";
      const last = structure.stack.reduce(
        (steps, directions) => addRecurrent(graph, structure, directions, steps, lengths),
        first,
      );
      return numbers(graph.node("Transpose", [last], swap), structure.stack[0].length * structure.hidden);
    }
    case "lastStep": {
      if (!input.ragged) return input;
      const chosen = graph.node("Where", [ragged.last(), input.name, ragged.zero()]);
      return { ...numbers(graph.node("ReduceSum", [chosen, graph.integers([1])]), input.width), ragged: false };
    }
    case "meanAndMax": {
      const mask = ragged.mask();
      const kept = graph.node("Where", [mask, input.name, ragged.zero()]);
      const mean = graph.node("Div", [graph.node("ReduceSum", [kept, graph.integers([1])]), ragged.counts()]);
      const least = ragged.number("least", Number.NEGATIVE_INFINITY);
      const real = graph.node("Where", [mask, input.name, least]);
      const most = graph.node("ReduceMax", [real], { axes: { ints: [1] } });
      const joined = graph.node("Concat", [mean, most], { axis: { int: 2 } });
      return { ...numbers(joined, 2 * input.width), ragged: false };
    }
    case "encoderDecoder":
      return refuse(path, "a model of one input", "an encoder-decoder, which reads two");
  }
}

/** Ids that are used as numbers, as a model may that has both in one input. */
function asNumbers(graph: Graph, steps: Steps): Steps {
  return steps.ids ? { ...steps, ids: false, name: graph.node("Cast", [steps.name], { to: { int: 1 } }) } : steps;
}

function addDense(graph: Graph, { weight, bias }: DenseStructure, input: string): string {
  const product = graph.node("MatMul", [input, graph.floats("weight", transposed(weight))]);
  return bias === undefined ? product : graph.node("Add", [product, graph.floats("bias", bias)]);
}

function structureOf({ structure }: Part, path: string): LayerStructure {
  return structure ?? refuse(`${path}.`, "a layer that says its structure", undefined);
}

function refuse(path: string, expected: string, found: unknown): never {
  const argument = path === "" ? "the model" : `the part ${JSON.stringify(path.slice(0, -1))}`;
  throw new SeqlossError("toOnnx", "OPTION", { argument, expected, found });
}
