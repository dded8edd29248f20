import { checkAxes } from "./axes.js";
import type { ReadBatch } from "./batch.js";
import { checkBlanks } from "./blanks.js";
import { checkCertainty } from "./certainty.js";
import { checkClasses } from "./classes.js";
import type { Finding } from "./finding.js";
import { checkOutputsFinite, checkTargetsFinite } from "./finite.js";
import { checkFit } from "./fit.js";
import { checkLabels } from "./labels.js";
import { checkLengths } from "./lengths.js";
import { checkNormalised } from "./normalised.js";
import { checkPadding } from "./padding.js";
import { checkTargets } from "./targets.js";
import { checkValue } from "./value.js";

/** Every check of one batch. What makes others meaningless comes first, and leaves them out. */
export function diagnoseBatch(batch: ReadBatch): Finding[] {
  const swapped = checkAxes(batch);
  if (swapped.length > 0) return [...checkOutputsFinite(batch), ...swapped];
  const broken = [...checkOutputsFinite(batch), ...checkTargetsFinite(batch)];
  const misread = [...checkLengths(batch), ...checkLabels(batch), ...checkFit(batch), ...checkTargets(batch)];
  const normalised = broken.length > 0 ? [] : checkNormalised(batch);
  const before = [...broken, ...misread, ...normalised];
  // how good outputs are can be judged once they are what the loss takes
  const judged =
    broken.length > 0 || normalised.some(({ severity }) => severity === "error")
      ? []
      : [...checkCertainty(batch), ...checkBlanks(batch), ...checkClasses(batch)];
  const explained = before.some(({ severity }) => severity === "error");
  return [...before, ...checkPadding(batch), ...judged, ...checkValue(batch, explained)];
}
