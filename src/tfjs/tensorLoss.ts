import type { NumericDataType, Scalar, Tensor1D, Tensor as TfTensor } from "@tensorflow/tfjs-core";
import { SeqlossError } from "../core/errors.js";
import type { Tensor } from "../core/tensor.js";
import type { LossOptions, LossResult } from "../losses/reduction.js";
import { differentiable, scaled, toTf } from "./differentiable.js";
import { checkType, isTfTensor, readNow, readOption } from "./hostValues.js";
import { readTargets, type TargetKind } from "./targets.js";

/** What automatic differentiation settles by itself. */
type Settled = "gradient" | "into" | "upstream";

/** The library's options of a loss; lists of numbers may be tensors. */
export type TensorOptions<Options> = {
  readonly [Name in keyof Options as Exclude<Name, Settled>]: Options[Name] extends
    | number
    | boolean
    | string
    | undefined
    ? Options[Name]
    : Options[Name] | TfTensor;
} & {
  /** Of targets that are a tensor of values: the number that fills the steps past a sequence's end. Default all steps are real. */
  readonly padding?: number;
};

type Given<Options> =
  object extends TensorOptions<Options> ? [options?: TensorOptions<Options>] : [options: TensorOptions<Options>];

/** A loss as a TensorFlow.js op: a scalar, or one number for each sequence with `reduction: "none"`. */
export interface TensorLoss<Targets, Options, Outputs = TfTensor> {
  (
    outputs: Outputs,
    targets: Targets | TfTensor,
    options: TensorOptions<Options> & { readonly reduction: "none" },
  ): Tensor1D;
  (outputs: Outputs, targets: Targets | TfTensor, ...options: Given<Options>): Scalar;
}

export interface TensorLossLayout {
  /** What errors call the loss. Default `tensorLoss`. */
  readonly name?: string;
  /** How a tensor of targets is read; lists are handed over as they are. Default `values`. */
  readonly targets?: TargetKind;
  /** Options with a gradient of their own, and where the loss returns it: `{ transitions: "gradTransitions" }`. Default none. */
  readonly gradients?: Readonly<Record<string, string>>;
}

/** Any loss of the library, one of your own included. */
export type AnyLoss = (
  // biome-ignore lint/suspicious/noExplicitAny: each loss has outputs, targets and options of its own type
  outputs: any,
  // biome-ignore lint/suspicious/noExplicitAny: as above
  targets: any,
  // biome-ignore lint/suspicious/noExplicitAny: as above
  options?: any,
) => LossResult;

type TargetsOf<Loss extends AnyLoss> = Parameters<Loss>[1];
type OptionsOf<Loss extends AnyLoss> = NonNullable<Parameters<Loss>[2]>;

/**
 * Makes a loss a differentiable TensorFlow.js op: for losses that `customLoss` or `combineLosses` made; the library's own are there
 * by their names. Value and gradient are computed in one pass, in float32, on any backend that reads synchronously (cpu, wasm,
 * webgl; webgpu where the browser can); nothing stays allocated but the value.
 *
 * @param loss a loss of the library: outputs, targets, options → value and gradient
 * @returns an op of the same arguments, tensors for lists of numbers wherever you like
 * @throws SeqlossError, when called: whatever the loss itself throws; OPTION when a gradient of a gradient is asked for
 * @example
 * const square = customLoss(({ data }, wanted) => ({ value: (data[0] - wanted) ** 2, grad: [2 * (data[0] - wanted)] }));
 * const op = tensorLoss(square);
 * op(tf.tensor([[3]]), [1]).dataSync() // [4]
 * tf.grad((x) => op(x, [1]))(tf.tensor([[3]])).dataSync() // [4]
 */
export function tensorLoss<Loss extends AnyLoss>(
  loss: Loss,
  layout: TensorLossLayout = {},
): TensorLoss<TargetsOf<Loss>, OptionsOf<Loss>> {
  const op = (outputs: TfTensor, targets: unknown, options?: LossOptions & { padding?: number }) =>
    apply(loss, layout, { outputs }, targets, options);
  return op as TensorLoss<TargetsOf<Loss>, OptionsOf<Loss>>;
}

/** A loss whose outputs are several tensors; the gradient of the first of them is `grad`, the others' are named in the layout. */
export function apply(
  loss: AnyLoss,
  { name: where = "tensorLoss", targets: kind = "values", gradients: named = {} }: TensorLossLayout,
  outputs: Readonly<Record<string, TfTensor>>,
  targets: unknown,
  { padding, ...given }: LossOptions & { padding?: number } = {},
): TfTensor {
  const parts = Object.keys(outputs);
  for (const part of parts) {
    if (!isTfTensor(outputs[part])) {
      throw new SeqlossError(where, "SHAPE", { argument: part, expected: "a tensor", found: outputs[part] });
    }
    checkType(where, part, outputs[part]);
  }
  const options = given as Readonly<Record<string, unknown>>;
  const shared = Object.keys(named).filter((name) => !parts.includes(name) && isTfTensor(options[name]));
  const inputs = [...parts.map((part) => outputs[part]), ...shared.map((name) => options[name] as TfTensor)];
  const keys = [...parts.map((part) => named[part] ?? "grad"), ...shared.map((name) => named[name])];
  return differentiable(where, inputs, (wantsGradient) => {
    const hosts = parts.map((part) => readNow(where, outputs[part]));
    const read = isTfTensor(targets) ? readTargets(where, kind, targets, hosts[0].shape, padding) : { targets };
    const settings = settle(where, kind, options, "implied" in read ? read.implied : {});
    const host = parts.length === 1 ? hosts[0] : Object.fromEntries(parts.map((part, i) => [part, hosts[i]]));
    const compute = (more: LossOptions) => loss(host, read.targets, { ...settings, ...more });
    const each = settings.reduction === "none";
    const result = compute({ gradient: wantsGradient && !each });
    const gradientsOf = (from: LossResult) => keys.map((key) => from[key as keyof LossResult] as Tensor);
    return {
      value: each ? weighted(result.losses, settings.weights) : result.value,
      gradients: (upstream) => {
        if (!each) return gradientsOf(result).map((gradient) => scaled(gradient, upstream));
        return gradientsOf(compute({ upstream: upstream.dataSync<NumericDataType>() })).map(toTf);
      },
    };
  });
}

/** The options as the library takes them, those that the targets imply where the caller is silent. */
function settle(
  where: string,
  kind: TargetKind,
  options: Readonly<Record<string, unknown>>,
  implied: LossOptions & { readonly ignoreIndex?: number },
): LossOptions {
  const read = Object.entries(options).map(([name, value]) => [name, readOption(where, name, value)]);
  const { lengths, ignoreIndex } = implied;
  const saying = kind === "tags" ? ["lengths", "mask"] : ["lengths", "logitLengths"];
  const silent = saying.every((name) => options[name] === undefined);
  return {
    ...(ignoreIndex !== undefined && { ignoreIndex }),
    ...(lengths !== undefined && silent && { lengths }),
    ...Object.fromEntries(read.filter(([, value]) => value !== undefined)),
  };
}

/** The losses as their gradients have them: times the weight of each sequence. */
function weighted(losses: Float64Array, weights: LossOptions["weights"]): Float32Array {
  if (weights === undefined || weights.length !== losses.length || Array.isArray(weights[0])) {
    return Float32Array.from(losses);
  }
  const shares = weights as ArrayLike<number>;
  return Float32Array.from(losses, (loss, b) => (shares[b] === 0 ? 0 : shares[b] * loss));
}
