import { SeqlossError } from "../core/errors.js";
import { type FloatArray, flatten, isTensor, type Nested, type Tensor, type TensorLike } from "../core/tensor.js";
import { checkChoice, type LossOptions, type LossResult } from "./reduction.js";
import { gradientBuffer } from "./result.js";

/** A framework whose conventions a loss can follow. */
export type Dialect = "torch" | "tensorflow" | "keras" | "optax";

const DIALECTS: readonly Dialect[] = ["torch", "tensorflow", "keras", "optax"];

export interface DialectOption {
  /**
   * Follows a framework's conventions, for porting: the order of the axes, and the defaults of the blank, the ignored id, the
   * reduction and the cost of an impossible label. Options that are given still count. Default none.
   */
  readonly dialect?: Dialect;
}

/** Where a framework parts from this library, for one loss. */
export interface Convention<Options> {
  /** The two axes of the outputs (and of targets in their shape) that are the other way round. */
  readonly swaps?: "time first" | "classes second";
  /** What options are when they are not given; the shape is this library's. */
  readonly defaults?: (shape: readonly number[]) => Partial<Options>;
  /** Targets as this library takes them. */
  // biome-ignore lint/suspicious/noExplicitAny: each loss has targets of its own type, and checks them
  readonly targets?: (targets: any) => any;
}

export type Conventions<Options> = Readonly<Partial<Record<Dialect, Convention<Options>>>>;

/** Computes a loss in a dialect: axes, targets and defaults in, the gradient back in the caller's axes. */
export function inDialect<Targets, Options extends LossOptions & DialectOption>(
  where: string,
  loss: (outputs: TensorLike, targets: Targets, options: Options) => LossResult,
  conventions: Conventions<Options>,
  outputs: TensorLike,
  targets: Targets,
  { dialect, into, ...options }: Options,
): LossResult {
  checkChoice(where, "dialect", dialect, DIALECTS);
  const convention = conventions[dialect as Dialect];
  if (convention === undefined) {
    throw new SeqlossError(where, "OPTION", {
      argument: "dialect",
      expected: `one of ${Object.keys(conventions).join(", ")}: other frameworks have no such loss`,
      found: dialect,
    });
  }
  const { swaps, defaults, targets: translate } = convention;
  const goal = translate?.(targets) ?? targets;
  if (swaps === undefined) {
    const { shape } = isTensor(outputs) ? outputs : flatten(where, "outputs", outputs as Nested);
    return loss(outputs, goal, { ...defaults?.(shape), ...options, ...(into && { into }) } as unknown as Options);
  }
  const given = isTensor(outputs) ? outputs : even(where, outputs as Nested);
  const [from, to] = swaps === "time first" ? [0, 1] : [1, given.shape.length - 1];
  const ours = moved(given, from, to);
  const alike = isTensor(goal) && String(goal.shape) === String(given.shape);
  const turned = alike ? moved(goal, from, to) : goal;
  const losses = into === undefined || "length" in into ? undefined : into.losses;
  const own = { ...defaults?.(ours.shape), ...options, ...(losses && { into: { losses } }) } as unknown as Options;
  const result = loss(ours, turned as Targets, own);
  if (result.grad.data.length === 0) return result;
  const grad = { data: place(where, into, moved(result.grad, to, from).data), shape: given.shape };
  return { ...result, grad };
}

/** Lists as a tensor; ragged ones are ragged along an axis that is not time here. */
function even(where: string, nested: Nested): Tensor {
  const { data, shape, lengths } = flatten(where, "outputs", nested);
  if (lengths === undefined) return { data, shape };
  throw new SeqlossError(where, "SHAPE", {
    argument: "outputs",
    expected: "lists of equal sizes: the second axis is not time in this dialect",
    found: "ragged lists",
    advice: "Pad them, and give lengths.",
  });
}

/** The tensor with one axis taken out and put in elsewhere. */
function moved({ data, shape }: Tensor, from: number, to: number): Tensor {
  if (from >= shape.length || to >= shape.length || from === to) return { data, shape };
  const order = shape.map((_, axis) => axis);
  order.splice(to, 0, ...order.splice(from, 1));
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((size, extent) => size * extent, 1));
  const extents = order.map((axis) => shape[axis]);
  const result = data.slice() as FloatArray;
  const index = extents.map(() => 0);
  let source = 0;
  for (let i = 0; i < result.length; i++) {
    result[i] = data[source];
    for (let axis = extents.length - 1; axis >= 0; axis--) {
      source += strides[order[axis]];
      if (++index[axis] < extents[axis]) break;
      source -= extents[axis] * strides[order[axis]];
      index[axis] = 0;
    }
  }
  return { data: result, shape: extents };
}

function place(where: string, into: LossOptions["into"], data: FloatArray): FloatArray {
  if (into === undefined) return data;
  const buffer = gradientBuffer(where, { into }, data);
  buffer.set(data);
  return buffer;
}
