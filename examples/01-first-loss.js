// A loss takes outputs and targets, and returns its value and its gradient.
import { crossEntropy } from "seqloss";

const logits = [[2, 0, 0], [0, 1, 0]]; // biome-ignore format: two steps, three classes
const { value, losses, grad } = crossEntropy(logits, [0, 1]);

console.log("value   ", value.toFixed(4));
console.log("losses  ", Array.from(losses, (loss) => loss.toFixed(4)).join("  "));
console.log("gradient", Array.from(grad.data, (slope) => slope.toFixed(3)).join(" "));
// Prints:
// value    0.3955
// losses   0.2395  0.5514
// gradient -0.107 0.053 0.053 0.106 -0.212 0.106
