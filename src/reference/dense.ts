/** x Wᵀ + b for rows of x; W [outputs, inputs]. */
export function denseForward(
  rows: number,
  inputs: number,
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
): Float32Array {
  const outputs = bias.length;
  return Float32Array.from({ length: rows * outputs }, (_, n) => {
    const row = Math.floor(n / outputs);
    const o = n % outputs;
    let sum = bias[o];
    for (let i = 0; i < inputs; i++) sum += x[row * inputs + i] * weight[o * inputs + i];
    return sum;
  });
}

/** Gradients of denseForward: with respect to x, W and b. */
export function denseBackward(
  rows: number,
  inputs: number,
  x: Float32Array,
  weight: Float32Array,
  gradOut: Float32Array,
): { x: Float32Array; weight: Float32Array; bias: Float32Array } {
  const outputs = weight.length / inputs;
  const gradX = new Float64Array(rows * inputs);
  const gradWeight = new Float64Array(weight.length);
  const gradBias = new Float64Array(outputs);
  for (let row = 0; row < rows; row++) {
    for (let o = 0; o < outputs; o++) {
      const g = gradOut[row * outputs + o];
      gradBias[o] += g;
      for (let i = 0; i < inputs; i++) {
        gradX[row * inputs + i] += g * weight[o * inputs + i];
        gradWeight[o * inputs + i] += g * x[row * inputs + i];
      }
    }
  }
  return { x: Float32Array.from(gradX), weight: Float32Array.from(gradWeight), bias: Float32Array.from(gradBias) };
}
