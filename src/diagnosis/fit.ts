import { framesNeeded } from "../reference/ctc.js";
import type { ReadBatch } from "./batch.js";
import type { Finding } from "./finding.js";
import { counted, percent } from "./phrases.js";

/** CTC labels longer than their frames: each label takes a frame, and equal neighbours a blank between them. */
export function checkFit({ outputs, labels, kind, options }: ReadBatch): Finding[] {
  if (outputs === undefined || labels === undefined || kind?.targets !== "sequences") return [];
  const misfits = labels.flatMap((list, b) => {
    const missing = framesNeeded(list) - outputs.lengths[b];
    return missing > 0 ? [{ b, list, missing, frames: outputs.lengths[b] }] : [];
  });
  if (misfits.length === 0) return [];
  const described = misfits.slice(0, 3).map(({ b, list, frames, missing }) => {
    const repeats = framesNeeded(list) - list.length;
    const extra = repeats > 0 ? ` and ${counted(repeats, "repeat")}` : "";
    return `sequence ${b} has ${counted(list.length, "label")}${extra} in ${counted(frames, "frame")}, ${missing} too few`;
  });
  const more = misfits.length > 3 ? `; and ${misfits.length - 3} more` : "";
  const [first] = misfits;
  const cost = options.zeroInfinity === true ? "They count as 0 and are not learnt." : "They cost Infinity.";
  return [
    {
      code: "labels-do-not-fit",
      severity: "error",
      title: "Labels do not fit their frames",
      evidence: `${misfits.length} of ${counted(labels.length, "sequence")} (${percent(misfits.length / labels.length)}): ${described.join("; ")}${more}. ${cost}`,
      numbers: {
        sequences: misfits.length,
        framesMissing: misfits.reduce((most, { missing }) => Math.max(most, missing), 0),
      },
      remedy:
        "Keep more frames (a smaller stride or less pooling), split the sequence, or leave it out. Check too that lengths count frames of the outputs and that labels have no padding.",
      where: `labels[${first.b}]`,
    },
  ];
}
