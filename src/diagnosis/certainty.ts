import { type ReadBatch, realSteps } from "./batch.js";
import type { Finding } from "./finding.js";
import { percent, rounded } from "./phrases.js";

/** A probability closer to 1 than this leaves float32 few digits for what is wrong with it. */
const CERTAIN = 1e-6;
/** More mistakes than this made with certainty are no noise in the labels. */
const TOLERATED = 0.05;
/** Fewer decisions show no share. */
const FEWEST = 20;

/** Decisions made with certainty, and wrongly: saturated outputs. To be certain and right is no fault. */
export function checkCertainty(batch: ReadBatch): Finding[] {
  const { outputs, kind } = batch;
  if (outputs === undefined || kind === undefined) return [];
  const counts = kind.outputs === "decisions" ? countDecisions(batch) : countRows(batch);
  const { decisions, certain, wrong, largest } = counts;
  if (decisions < FEWEST || wrong / decisions <= TOLERATED) return [];
  return [
    {
      code: "certain-and-wrong",
      severity: "warning",
      title: "Outputs are saturated, and wrong",
      evidence: `${percent(certain / decisions)} of ${decisions} decisions have a probability above 1 − ${CERTAIN}, and ${percent(wrong / decisions)} are certain of what is wrong. The largest |logit| is ${rounded(largest)}.`,
      numbers: { decisions, certain: certain / decisions, wrong: wrong / decisions, largest },
      remedy:
        "Start with smaller weights in the last layer, scale the inputs to a variance near 1, or lower the learning rate: logits this large are unlearnt slowly. If they were large from the start, look for outputs that are multiplied twice.",
      where: "outputs",
    },
  ];
}

interface Counts {
  decisions: number;
  certain: number;
  wrong: number;
  largest: number;
}

function countRows({ outputs, kind, labels, options }: ReadBatch): Counts {
  const counts = { decisions: 0, certain: 0, wrong: 0, largest: 0 };
  if (outputs === undefined || kind?.outputs !== "logits" || kind.targets !== "ids" || labels === undefined) {
    return counts;
  }
  const { data, width } = outputs;
  for (const { b, t, start } of realSteps(outputs)) {
    const wanted = labels[b][t];
    if (wanted === options.ignoreIndex) continue;
    let best = 0;
    for (let k = 1; k < width; k++) if (data[start + k] > data[start + best]) best = k;
    let others = 0;
    for (let k = 0; k < width; k++) {
      if (k !== best) others += Math.exp(data[start + k] - data[start + best]);
      if (Number.isFinite(data[start + k])) counts.largest = Math.max(counts.largest, Math.abs(data[start + k]));
    }
    counts.decisions++;
    if (others >= CERTAIN) continue;
    counts.certain++;
    if (best !== wanted) counts.wrong++;
  }
  return counts;
}

function countDecisions({ outputs, numbers }: ReadBatch): Counts {
  const counts = { decisions: 0, certain: 0, wrong: 0, largest: 0 };
  if (outputs === undefined || numbers === undefined) return counts;
  for (const { start } of realSteps(outputs)) {
    for (let i = start; i < start + outputs.width; i++) {
      const logit = outputs.data[i];
      counts.decisions++;
      counts.largest = Math.max(counts.largest, Math.abs(logit));
      if (Math.exp(-Math.abs(logit)) >= CERTAIN) continue;
      counts.certain++;
      if (numbers[i] > 0.5 !== logit > 0) counts.wrong++;
    }
  }
  return counts;
}
