import { SeqlossError } from "../core/errors.js";
import type { Tensor } from "../core/tensor.js";
import type { Parameter } from "./layer.js";
import { type Part, partsOf } from "./structure.js";

export interface StateDictOptions {
  /** What stands before every name in the state dict: "encoder.", or "module." of a model that was trained in parallel. Default "". */
  readonly prefix?: string;
  /** From a name here to the name there, without the prefix, where modules are called otherwise. Default the same name. */
  readonly rename?: (name: string) => string;
}

export interface LoadStateDictOptions extends StateDictOptions {
  /** Biases that the state dict lacks become 0, as for modules that were made with `bias=False`. Default false. */
  readonly missingBiases?: boolean;
}

/**
 * A model's weights as PyTorch's `state_dict` has them: names, shapes, order of gates (i, f, g, o of nn.LSTM; r, z, n of nn.GRU,
 * whose reset gate stands after the product), input and state biases apart. A weight that layers share stands under each of its
 * names. The numbers are copies; copies of shared weights share theirs.
 *
 * @throws SeqlossError (OPTION) where a recurrent part computes what none of PyTorch's does, as some of TensorFlow.js do
 * @example
 * [...stateDict(dense({ inputs: 3, outputs: 2, seed: 1 }), { prefix: "head." })].map(([name, { shape }]) => [name, shape]) // [["head.weight", [2, 3]], ["head.bias", [2]]]
 */
export function stateDict(
  model: Part,
  { prefix = "", rename = (name) => name }: StateDictOptions = {},
): Map<string, Tensor<Float32Array>> {
  checkCells(model);
  const copies = new Map<Float32Array, Float32Array>();
  return new Map(
    namedParameters(model).map(([name, { data, shape }]) => {
      const copy = copies.get(data) ?? data.slice();
      copies.set(data, copy);
      return [prefix + rename(name), { data: copy, shape }];
    }),
  );
}

/**
 * Gives a model the weights of a PyTorch state dict, for instance `decodeSafetensors(bytes).tensors`. Nothing is changed unless all
 * of it fits. Names that do not begin with the prefix belong to others. Of a weight that layers share, one name is enough.
 *
 * @throws SeqlossError (FORMAT) when a tensor is missing, unexpected, or differs from the one that it is shared with, (SHAPE) when it
 *   has another shape
 * @example
 * const trained = gru({ inputs: 2, hidden: 3, seed: 1 });
 * const other = gru({ inputs: 2, hidden: 3, seed: 2 });
 * loadStateDict(other, stateDict(trained));
 * other.parameters[0].data[0] === trained.parameters[0].data[0] // true
 */
export function loadStateDict(
  model: Part,
  state: ReadonlyMap<string, Tensor>,
  { prefix = "", rename = (name) => name, missingBiases = false }: LoadStateDictOptions = {},
): void {
  const wanted = new Map(namedParameters(model).map(([name, parameter]) => [prefix + rename(name), parameter]));
  const missing = [...wanted].filter(([name]) => !state.has(name));
  const unexpected = [...state.keys()].filter((name) => name.startsWith(prefix) && !wanted.has(name));
  const given = new Map<Float32Array, { readonly name: string; readonly tensor: Tensor }>();
  for (const [name, { data, shape }] of wanted) {
    const tensor = state.get(name);
    if (tensor === undefined) continue;
    if (tensor.shape.length !== shape.length || tensor.shape.some((extent, axis) => extent !== shape[axis])) {
      const argument = `the shape of ${JSON.stringify(name)}`;
      fail("SHAPE", argument, `[${shape.join(", ")}]`, [...tensor.shape]);
    }
    const other = given.get(data);
    const differs = other?.tensor.data.findIndex((x, i) => !Object.is(x, tensor.data[i])) ?? -1;
    if (other !== undefined && differs >= 0) {
      const expected = `${other.tensor.data[differs]}, as in ${JSON.stringify(other.name)}, with which it is shared`;
      fail("FORMAT", `${JSON.stringify(name)}[${differs}]`, expected, tensor.data[differs]);
    }
    given.set(data, { name, tensor });
  }
  const lacking = missing.filter(([name, { data }]) => !given.has(data) && !(missingBiases && isBias(name)));
  if (lacking.length > 0) {
    const [[name, { shape }], ...others] = lacking;
    const also = others.length === 0 ? "" : ` Also missing: ${others.map(([other]) => other).join(", ")}.`;
    const names = unexpected.length === 0 ? "" : ` There, but not expected: ${unexpected.join(", ")}.`;
    fail(
      "FORMAT",
      JSON.stringify(name),
      `a tensor of shape [${shape.join(", ")}]`,
      undefined,
      `${also}${names}`.trim(),
    );
  }
  if (unexpected.length > 0) {
    fail("FORMAT", "the state dict", `only ${[...wanted.keys()].join(", ")}`, unexpected);
  }
  for (const { data } of wanted.values()) {
    const tensor = given.get(data)?.tensor;
    if (tensor === undefined) data.fill(0);
    else data.set(tensor.data);
  }
}

function fail(code: "FORMAT" | "SHAPE", argument: string, expected: string, found: unknown, advice = ""): never {
  throw new SeqlossError("loadStateDict", code, { argument, expected, found, ...(advice !== "" && { advice }) });
}

/** PyTorch has one kind of GRU and one of LSTM; it would take the weights of others, and give other outputs. */
function checkCells(model: Part): void {
  for (const part of Object.values(partsOf(model) ?? {})) checkCells(part);
  if (model.structure?.kind !== "recurrent") return;
  const { cell, nonlinearity, gates = "sigmoid", resetAfter = true } = model.structure;
  const found = [
    ...(gates === "sigmoid" ? [] : [`gates that go through a ${gates}`]),
    ...(resetAfter ? [] : ["a reset gate before the product"]),
    ...(cell === "elman" || nonlinearity === "tanh" ? [] : [`candidates that go through a ${nonlinearity}`]),
  ];
  if (found.length === 0) return;
  throw new SeqlossError("stateDict", "OPTION", {
    argument: `an ${cell === "gru" ? "GRU" : "LSTM"}`,
    expected: "one that PyTorch has: gates of sigmoids, candidates of tanh, the reset gate after the product",
    found: found.join(", "),
    advice: "toOnnx can say it.",
  });
}

const isBias = (name: string) => /(^|\.)bias(_[ih]h_l\d+(_reverse)?)?$/.test(name);

/** Every parameter under every name that it has: one that parts share comes once for each. */
function namedParameters(model: Part): [name: string, parameter: Parameter][] {
  const parts = partsOf(model);
  if (parts === undefined) return model.parameters.map((parameter) => [parameter.name, parameter]);
  return Object.entries(parts).flatMap(([prefix, part]) =>
    namedParameters(part).map(([name, parameter]): [string, Parameter] => [`${prefix}.${name}`, parameter]),
  );
}
