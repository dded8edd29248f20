import type { AlignmentSet } from "../alignments/alignmentSet.js";
import type { Step } from "./step.js";

/** Likeliest alignments that are listed. */
const LISTED = 8;

/** The likeliest alignments with their shares; a blank is shown as "-". */
export function likeliestAlignments(set: AlignmentSet, blank: number, note: string): Step {
  const best = set.best(LISTED);
  return {
    title: best.length === 1 ? "the only alignment" : `the ${best.length} likeliest alignments`,
    table: {
      head: ["alignment", "probability", "share"],
      rows: best.map(({ path, logProb, share }) => [
        Array.from(path, (k) => (k === blank ? "-" : k)).join(" "),
        Math.exp(logProb),
        share,
      ]),
    },
    note,
  };
}
