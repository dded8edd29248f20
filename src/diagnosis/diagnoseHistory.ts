import type { ReadBatch } from "./batch.js";
import { checkClipping, checkSpikes } from "./clipping.js";
import { lossCurve } from "./curve.js";
import { checkRise, checkSkipped } from "./divergence.js";
import type { Finding } from "./finding.js";
import { isFinished, type ReadHistory } from "./history.js";
import { checkOverfitting } from "./overfitting.js";
import { checkPlateau } from "./plateau.js";
import { checkEnd, checkProgress } from "./progress.js";

/** Every check of a history; with a batch of the run, its loss is compared with that of a network that does not look. */
export function diagnoseHistory(history: ReadHistory, batch?: ReadBatch): Finding[] {
  // what a reward's loss is says nothing: it is a means to a gradient
  const curve = batch?.entry.family === "reward" ? undefined : lossCurve(history);
  const plateau = batch === undefined || curve === undefined ? [] : checkPlateau(batch, curve, isFinished(history));
  const rise = curve === undefined ? [] : checkRise(history, curve);
  const progress = curve === undefined || plateau.length > 0 || rise.length > 0 ? [] : checkProgress(history, curve);
  const course = [...plateau, ...rise, ...progress];
  return [
    ...checkSkipped(history),
    ...course,
    ...checkClipping(history, course.length > 0),
    ...checkSpikes(history),
    ...checkOverfitting(history),
    ...checkEnd(history, curve),
  ];
}
