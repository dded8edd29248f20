// The plain TypeScript reference as a peer: the same losses on float64, which no kernel computes.
import * as seqloss from "seqloss";
import { answerAll, load, loadIds } from "./answer.mjs";

const exact = (name, shape) => ({ data: Float64Array.from(load(name)), shape });

await answerAll("float64", {
  ctcLoss(T, B, V, U) {
    const logits = exact("logits", [B, T, V]);
    const labels = loadIds("labels");
    const labelLengths = new Array(B).fill(U);
    return () => seqloss.ctcLoss(logits, labels, { labelLengths }).value;
  },
  crossEntropy(N, V) {
    const logits = exact("logits", [N, V]);
    const labels = loadIds("labels");
    return () => seqloss.crossEntropy(logits, labels).value;
  },
  transducerLoss(T, U, V, B) {
    const logits = exact("logits", [B, T, U + 1, V]);
    const labels = loadIds("labels");
    const labelLengths = new Array(B).fill(U);
    return () => seqloss.transducerLoss(logits, labels, { labelLengths }).value;
  },
});
