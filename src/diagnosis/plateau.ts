import type { ReadBatch } from "./batch.js";
import { blankReferences } from "./blanks.js";
import { censusOf } from "./classes.js";
import type { LossCurve } from "./curve.js";
import type { Finding } from "./finding.js";
import { percent, rounded } from "./phrases.js";

/** Steps after which no network should still be at the level of one that cannot see. */
const PATIENCE = 100;
/** How far below the blind level a loss may be and have learnt no more: steps can be told by their time, for one. */
const BELOW = 0.1;
/** And how far above: the shares of one small batch fit it better than those that a network has learnt from all. */
const ABOVE = 0.15;
/** The course of the second half: less than this is a level. */
const LEVEL = 0.03;

/** A loss that has come to rest where a network that does not look at its input would be. */
export function checkPlateau(batch: ReadBatch, { steps, tenths, last }: LossCurve): Finding[] {
  const found = blindLevel(batch);
  if (found === undefined || steps < PATIENCE || !(found.blind > 0)) return [];
  const { loss, blind } = found;
  const course = (tenths[5] - last) / Math.abs(last);
  const near = loss > (1 - BELOW) * blind && loss < (1 + ABOVE) * blind;
  if (!near || Math.abs(course) > LEVEL) return [];
  const ctc = batch.kind?.targets === "sequences";
  return [
    {
      code: "blind-plateau",
      severity: "error",
      title: ctc
        ? "The loss has come to rest where the network does not look at its input: it says blank"
        : "The loss has come to rest where the network does not look at its input",
      evidence: `In the second half of ${steps} steps it fell by ${percent(course)}. On this batch it is ${rounded(loss)}; the best outputs that never change, whatever the input, have ${rounded(blind)}.`,
      numbers: { loss, blind, course, steps },
      remedy: ctc
        ? "Check that frames and labels belong together and that the inputs are scaled; then raise the learning rate or its warm-up, keep fewer frames for each label, or begin with short sequences."
        : "Check that inputs and labels belong together and that the inputs are scaled; then raise the learning rate, and look for gradients that do not reach the input.",
    },
  ];
}

/** The loss, and the least one of outputs that are the same at every step: of a sequence for CTC, else of a step. */
function blindLevel(batch: ReadBatch): { loss: number; blind: number } | undefined {
  const references = blankReferences(batch);
  if (references !== undefined) return { loss: references.loss, blind: references.blindLoss };
  const census = censusOf(batch);
  if (census === undefined || census.steps === 0) return undefined;
  return { loss: census.loss / census.steps, blind: census.entropy };
}
