import type { SequenceLoss, SequenceOutputs } from "./custom.js";

/** What is needed of TensorFlow.js: of `@tensorflow/tfjs`, or of `@tensorflow/tfjs-core` with a backend and gradients registered. */
export interface TensorflowModule<T> {
  tensor(data: Float32Array, shape: number[]): T & { dispose(): void };
  // biome-ignore lint/suspicious/noExplicitAny: TensorFlow.js types the function by its own Tensor and Scalar
  valueAndGrad(f: any): (x: any) => { value: TensorflowArray; grad: TensorflowArray };
  // biome-ignore lint/suspicious/noExplicitAny: as above
  tidy(f: () => any): any;
}

interface TensorflowArray {
  dataSync(): ArrayLike<number>;
}

/**
 * For `customLoss`: the gradient by automatic differentiation in TensorFlow.js, in float32. Everything that is allocated is
 * disposed of.
 *
 * @param tf the module
 * @param loss a scalar from one sequence's outputs [T, …], written in TensorFlow.js operations
 * @example
 * // const loss = customLoss(tensorflowGradient(tf, (x, target) => tf.sum(tf.abs(tf.sub(x, target)))), { check: false });
 */
export function tensorflowGradient<T, Target>(
  tf: TensorflowModule<T>,
  loss: (outputs: T, target: Target) => unknown,
): SequenceLoss<Target> {
  return ({ data, shape }: SequenceOutputs, target: Target) =>
    tf.tidy(() => {
      const both = tf.valueAndGrad((x: T) => loss(x, target))(tf.tensor(Float32Array.from(data), [...shape]));
      return { value: both.value.dataSync()[0], grad: Float64Array.from(both.grad.dataSync()) };
    });
}

/** What is needed of jax-js (`@jax-js/jax`). */
export interface JaxModule<A> {
  readonly numpy: { array(data: Float32Array, options?: { shape?: number[] }): A };
  // biome-ignore lint/suspicious/noExplicitAny: jax-js types the function by its own trees of arrays
  valueAndGrad(f: any): (...inputs: any[]) => any;
}

/**
 * For `customLoss`: the gradient by automatic differentiation in jax-js, in float32. As everywhere in jax-js, an operation uses
 * up its inputs: write `x.ref` for each use but the last.
 *
 * @param jax the module
 * @param loss a scalar from one sequence's outputs [T, …], written in jax-js operations
 * @example
 * // const loss = customLoss(jaxGradient(jax, (x, target) => np.sum(np.abs(x.sub(target)))), { check: false });
 */
export function jaxGradient<A, Target>(
  jax: JaxModule<A>,
  loss: (outputs: A, target: Target) => unknown,
): SequenceLoss<Target> {
  return ({ data, shape }: SequenceOutputs, target: Target) => {
    const outputs = jax.numpy.array(Float32Array.from(data), { shape: [...shape] });
    const [value, grad] = jax.valueAndGrad((x: A) => loss(x, target))(outputs);
    return { value: value.dataSync()[0], grad: Float64Array.from(grad.dataSync()) };
  };
}
