import { view, withBlocks } from "./memory.js";

const GROUP = 1 << 14;

/** Binary cross-entropy of each logit; `grad`, when not empty, becomes scales · d loss / d logits. */
export function binaryCrossEntropy(
  weight: number,
  logits: Float32Array,
  targets: Float32Array,
  scales: Float32Array,
  grad: Float32Array,
): Float32Array {
  const losses = new Float32Array(logits.length);
  const group = Math.min(GROUP, Math.ceil(logits.length / 4) * 4);
  const wanted = grad.length > 0;
  withBlocks(
    [1, 1, 1, 1, 1].map(() => 4 * group),
    ([logitsAt, targetsAt, scalesAt, lossesAt, gradAt], module) => {
      for (let start = 0; start < logits.length; start += group) {
        const end = Math.min(start + group, logits.length);
        const count = end - start;
        view.f32(logitsAt, count).set(logits.subarray(start, end));
        view.f32(targetsAt, count).set(targets.subarray(start, end));
        view.f32(scalesAt, count).set(scales.subarray(start, end));
        module.binaryCrossEntropy(count, weight, logitsAt, targetsAt, scalesAt, lossesAt, wanted ? gradAt : 0);
        losses.set(view.f32(lossesAt, count), start);
        if (wanted) grad.set(view.f32(gradAt, count), start);
      }
    },
  );
  return losses;
}
