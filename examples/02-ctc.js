// CTC: which label, when nobody says where it stands. And what happens when it cannot stand anywhere.
import { ctcAlign, ctcBeamSearch, ctcGreedyDecode, ctcLoss, tensor } from "seqloss";

const A = 1; // class 0 is the blank
const frames = tensor([[[0, 3], [3, 0], [0, 3], [0, 3]]]); // biome-ignore format: four frames

console.log("A A  ", ctcLoss(frames, [[A, A]]).value.toFixed(4));
console.log("A    ", ctcLoss(frames, [[A]]).value.toFixed(4));
console.log("A×4  ", ctcLoss(frames, [[A, A, A, A]]).value, "(four A need seven frames)");
console.log("greedy", ctcGreedyDecode(frames)[0].labels.join(" "));
console.log("beam  ", ctcBeamSearch(frames, { top: 2 })[0].map(({ labels }) => labels.join(" ")).join(" | ")); // biome-ignore format: one line
console.log("path  ", Array.from(ctcAlign(frames, [[A, A]])[0].path).join(" "));
// Prints:
// A A   0.0971
// A     2.3816
// A×4   Infinity (four A need seven frames)
// greedy 1 1
// beam   1 1 | 1
// path   1 0 1 1
