import { customGrad, engine, mul, type Tensor as TfTensor, tensor } from "@tensorflow/tfjs-core";
import { SeqlossError } from "../core/errors.js";
import type { Tensor } from "../core/tensor.js";

/** What the arithmetic of an op gives: its value, and how its gradients come of that of the final value. */
export interface Computed {
  /** A number, or one for each sequence. */
  readonly value: number | Float32Array;
  /** d final / d input for each input, given d final / d value; called at most once, in a backward pass. */
  readonly gradients: (upstream: TfTensor) => readonly TfTensor[];
}

/**
 * A TensorFlow.js op from arithmetic on the host. `compute` is told whether anybody will ask for a gradient: nobody does outside
 * `tf.grad` and its like.
 */
export function differentiable(
  where: string,
  inputs: readonly TfTensor[],
  compute: (wantsGradient: boolean) => Computed,
): TfTensor {
  const wanted = engine().isTapeOn();
  const op = customGrad(() => {
    const { value, gradients } = compute(wanted);
    const gradFunc = (upstream: TfTensor) => onceOnly(where, upstream, inputs, gradients);
    return { value: tensor(value), gradFunc };
  });
  return op(...(inputs as TfTensor[]));
}

/** The gradients, which must not be differentiated again: TensorFlow.js would take them for constants. */
function onceOnly(
  where: string,
  upstream: TfTensor,
  inputs: readonly TfTensor[],
  gradients: (upstream: TfTensor) => readonly TfTensor[],
): TfTensor[] {
  const found = gradients(upstream);
  return found.map((gradient) => {
    const guarded = customGrad(() => ({
      value: gradient.clone(),
      gradFunc: () => {
        throw new SeqlossError(where, "OPTION", {
          argument: "the second derivative",
          expected: "not to be asked for",
          found: "a gradient of a gradient",
          advice: "Gradients of this loss are computed by its own kernels, once; they cannot be differentiated again.",
        });
      },
    }));
    return guarded(upstream, ...(inputs as TfTensor[]));
  });
}

/** A gradient of the library, as a tensor. */
export const toTf = ({ data, shape }: Tensor): TfTensor =>
  tensor(data instanceof Float32Array ? data : Float32Array.from(data), shape.slice());

/** The same times d final / d value, of a value that is one number. */
export const scaled = (gradient: Tensor, upstream: TfTensor): TfTensor => mul(upstream, toTf(gradient));
