// Sequences of unequal length in one batch; means over steps or sequences; micro-batches that add up exactly.
import { combine, crossEntropy } from "seqloss";

const short = [[[0, 0]]];
const long = [[[0, 0], [0, 3], [0, 0]]]; // biome-ignore format: three steps
const labels = { short: [[1]], long: [[0, 1, 0]] };

const both = crossEntropy([...short, ...long], [...labels.short, ...labels.long]);
const parts = [crossEntropy(short, labels.short), crossEntropy(long, labels.long)];

console.log("per step     ", both.value.toFixed(6));
console.log("mean of means", ((parts[0].value + parts[1].value) / 2).toFixed(6));
console.log("combined     ", combine(parts).value.toFixed(6));
// Prints:
// per step      0.532007
// mean of means 0.585721
// combined      0.532007
