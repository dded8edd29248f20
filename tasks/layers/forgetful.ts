import type { Layer, SequenceBatch } from "../../src/index.js";

/** A recurrent layer whose state is lost at each step: every step is a sequence of its own. */
export function forgetful(layer: Layer): Layer {
  let shape: readonly number[] = [];
  return {
    parameters: layer.parameters,
    forward(input, { carry: _, ...context } = {}): SequenceBatch {
      shape = input.shape;
      const [B, T] = shape;
      const steps = { data: input.data, shape: [B * T, 1, shape[2]], lengths: new Int32Array(B * T).fill(1) };
      const output = layer.forward(steps, context);
      return { ...output, shape: [B, T, output.shape[2]], lengths: input.lengths };
    },
    backward(gradient) {
      const [B, T, width] = gradient.shape;
      const back = layer.backward({ data: gradient.data, shape: [B * T, 1, width] });
      return { ...back, shape };
    },
    dispose: () => layer.dispose(),
  };
}
