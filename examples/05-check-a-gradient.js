// Is the gradient right? For any loss of the library, and for one of your own.
import { checkGradient, ctcLoss } from "seqloss";

console.log("ctcLoss:", checkGradient(ctcLoss, [[[0.1, 0.9, -0.4], [1, 0, 2]]], [[1]]).passed); // biome-ignore format: frames

/** ½ Σ (x − y)², with a gradient that forgot the sign. */
function mine(outputs, targets) {
  const difference = outputs.data.map((x, i) => x - targets[i]);
  const value = difference.reduce((sum, d) => sum + d * d, 0) / 2;
  return { value, grad: { data: difference.map(Math.abs), shape: outputs.shape } };
}
const { passed, worst } = checkGradient(mine, [3, 1], [1, 2]);
console.log("mine:", passed, "at", worst.index, "found", worst.analytic, "for", worst.numeric.toFixed(6));
// Prints:
// ctcLoss: true
// mine: false at [ 1 ] found 1 for -1.000000
