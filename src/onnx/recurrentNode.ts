import type { Cell } from "../core/recurrence.js";
import type { Tensor } from "../core/tensor.js";
import type { DirectionWeights, RecurrentStructure } from "../recurrent/structure.js";
import { reordered } from "../recurrent/weightLayout.js";
import type { Attribute, Graph } from "./graph.js";

const OPERATORS = { elman: "RNN", gru: "GRU", lstm: "LSTM" } as const;

/** For each of ONNX's gates, which of ours it is: i, o, f, c of i, f, g, o; z, r, h of r, z, n. */
const ORDER: Readonly<Record<Cell, readonly number[]>> = { elman: [0], gru: [1, 0, 2], lstm: [0, 3, 1, 2] };

const NAMES = { tanh: "Tanh", relu: "Relu", sigmoid: "Sigmoid", hardSigmoid: "HardSigmoid" } as const;

/** One layer, time first: [T, B, inputs] → [T, B, directions × hidden]. Without lengths every sequence has all T steps. */
export function addRecurrent(
  graph: Graph,
  structure: RecurrentStructure,
  directions: readonly DirectionWeights[],
  input: string,
  lengths: string,
): string {
  const { cell, hidden, nonlinearity, gates = "sigmoid", resetAfter = true } = structure;
  const blocks = (tensors: readonly (readonly Tensor<Float32Array>[])[], shape: readonly number[], hint: string) => {
    const parts = tensors.flat().map(({ data }) => reordered(data, ORDER[cell]));
    const data = new Float32Array(parts.reduce((size, part) => size + part.length, 0));
    parts.reduce((at, part) => {
      data.set(part, at);
      return at + part.length;
    }, 0);
    return graph.floats(hint, { data, shape: [directions.length, ...shape] });
  };
  const rows = ORDER[cell].length * hidden;
  const width = directions[0].weightIh.shape[1];
  const W = blocks([directions.map(({ weightIh }) => weightIh)], [rows, width], "W");
  const R = blocks([directions.map(({ weightHh }) => weightHh)], [rows, hidden], "R");
  const B = blocks(
    directions.map(({ biasIh, biasHh }) => [biasIh, biasHh]),
    [2 * rows],
    "B",
  );
  const functions = { elman: [nonlinearity], gru: [gates, nonlinearity], lstm: [gates, nonlinearity, nonlinearity] };
  const attributes: Record<string, Attribute> = {
    hidden_size: { int: hidden },
    direction: { text: directions.length === 2 ? "bidirectional" : directions[0].reverse ? "reverse" : "forward" },
    activations: { texts: directions.flatMap(() => functions[cell].map((name) => NAMES[name])) },
    ...(cell === "gru" && { linear_before_reset: { int: resetAfter ? 1 : 0 } }),
  };
  const output = graph.node(OPERATORS[cell], [input, W, R, B, lengths], attributes); // [T, directions, B, hidden]
  const joined = graph.node("Transpose", [output], { perm: { ints: [0, 2, 1, 3] } });
  return graph.node("Reshape", [joined, graph.integers([0, 0, directions.length * hidden])]);
}
