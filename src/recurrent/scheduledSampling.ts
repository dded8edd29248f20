import { drawClass } from "../core/draw.js";
import { SeqlossError } from "../core/errors.js";
import type { Random } from "../core/random.js";
import { missingGenerator, type SequenceBatch } from "./layer.js";

/** Refuses a probability of the true token that is none. */
export function checkTeacherForcing(where: string, found: number): void {
  if (found >= 0 && found <= 1) return;
  throw new SeqlossError(where, "VALUE", { argument: "teacherForcing", expected: "a probability in [0, 1]", found });
}

/**
 * What a decoder is given in scheduled sampling (Bengio et al. 2015): each token but the first stays true with probability
 * `teacherForcing`, and otherwise is drawn from the model's own logits of the step before. The logits come from a first pass over
 * the true tokens, so that a whole sequence is computed at once (Mihaylova and Martins 2019).
 *
 * @param target ids, [B, U] or [B, U, 1]
 * @param logits of the first pass, [B, U, V]
 */
export function scheduledInputs(
  target: SequenceBatch,
  logits: SequenceBatch,
  teacherForcing: number,
  random: Random | undefined,
): SequenceBatch {
  if (random === undefined) throw missingGenerator("encoderDecoder");
  const [, U, V] = logits.shape;
  const data = target.data.slice();
  target.lengths.forEach((length, b) => {
    for (let i = b * U + 1; i < b * U + length; i++) {
      if (random.uniform() < teacherForcing) continue;
      data[i] = drawClass(random, logits.data, { start: (i - 1) * V, end: i * V });
    }
  });
  return { ...target, data };
}
