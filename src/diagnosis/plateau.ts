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
/** And how far above, the chance of one batch. */
const ABOVE = 0.15;
/** The course of the second half: less than this is a level. */
const LEVEL = 0.03;

/**
 * A loss that has come to rest, or ends, where a network that does not look at its input would be.
 *
 * @param finished whether the run has reached its last step
 */
export function checkPlateau(batch: ReadBatch, { steps, tenths, last }: LossCurve, finished: boolean): Finding[] {
  const found = blindLevel(batch);
  if (found === undefined || steps < PATIENCE || !(found.blind > 0)) return [];
  const { loss, blind, optimism } = found;
  const course = (tenths[5] - last) / Math.abs(last);
  const near = loss > (1 - BELOW) * blind && loss < (1 + ABOVE) * (blind + optimism);
  const rests = Math.abs(course) <= LEVEL;

  if (!near || !(rests || finished)) return [];
  const ctc = batch.kind?.targets === "sequences";
  return [
    {
      code: "blind-plateau",
      severity: rests ? "error" : "warning",
      title: `The loss ${rests ? "has come to rest" : "ends"} where a network is that does not look at its input`,
      evidence: `In the second half of ${steps} steps it ${course < 0 ? "rose" : "fell"} by ${percent(Math.abs(course))}. On this batch it is ${rounded(loss)}; the best outputs that never change, whatever the input, have ${rounded(blind)}.`,
      numbers: { loss, blind, course, steps },
      remedy: ctc
        ? "Train longer if it still falls. Check that frames and labels belong together and that the inputs are scaled; then raise the learning rate or its warm-up, keep fewer frames for each label, or begin with short sequences."
        : "Train longer if it still falls. Check that inputs and labels belong together and that the inputs are scaled; then raise the learning rate, and look for gradients that do not reach the input.",
    },
  ];
}

interface BlindLevel {
  readonly loss: number;
  /** The least loss of outputs that never change: of a sequence for CTC, else of a step. */
  readonly blind: number;
  /** How much lower than on other data this is expected to be, for its shares were fitted to this batch: half for each (Wilks 1938). */
  readonly optimism: number;
}

function blindLevel(batch: ReadBatch): BlindLevel | undefined {
  const references = blankReferences(batch);
  if (references !== undefined) {
    const free = (batch.outputs?.width ?? 1) - 1;
    return { loss: references.loss, blind: references.blindLoss, optimism: free / 2 / references.sequences };
  }
  const census = censusOf(batch);
  if (census === undefined || census.steps === 0) return undefined;
  const free = census.labelled.length - 1;
  return { loss: census.loss / census.steps, blind: census.entropy, optimism: free / 2 / census.steps };
}
