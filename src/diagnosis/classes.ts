import { logSoftmax } from "../core/numeric.js";
import { type ReadBatch, realSteps } from "./batch.js";
import type { Finding } from "./finding.js";
import { percent, rounded } from "./phrases.js";

/** Fewer labels show no shares. */
const FEWEST = 20;
/** A class with this share of the labels makes always saying it look like a success. */
const DOMINANT = 0.9;
/** Shares that cost this much less than even ones can be told from not having learnt anything. */
const TELLING = 0.8;
/** How near the loss is to that of the shares alone. */
const NEAR = 0.1;
/** One class in this share of the steps: nothing else is said. */
const ALWAYS = 0.995;

/** Classes as they are labelled and as they are predicted, from every step that counts. */
export interface Census {
  readonly labelled: Float64Array;
  readonly predicted: Float64Array;
  /** −ln p of the labels, summed. */
  readonly loss: number;
  readonly steps: number;
  /** Of the labels' shares: the loss of a step for the best outputs that are the same for every input. */
  readonly entropy: number;
}

type Counts = Omit<Census, "entropy">;

/** One class far ahead of the others, and networks that say nothing else. */
export function checkClasses(batch: ReadBatch): Finding[] {
  const census = censusOf(batch);
  if (census === undefined || census.steps < FEWEST) return [];
  const { labelled, predicted, steps, entropy } = census;
  const present = labelled.filter((count) => count > 0).length;
  if (present < 2) return [];
  const majority = labelled.indexOf(Math.max(...labelled));
  const share = labelled[majority] / steps;
  const loss = census.loss / steps;
  const numbers = { classes: present, majority, share, entropy, loss };
  const shares = `Class ${majority} has ${percent(share)} of ${steps} labels`;
  const compared = Number.isNaN(loss)
    ? ""
    : ` The loss of a step is ${rounded(loss)}; that of the classes' shares alone, whatever the input, would be ${rounded(entropy)}.`;
  const findings: Finding[] = [];
  const blind =
    predicted[majority] >= ALWAYS * steps &&
    Math.abs(loss / entropy - 1) < NEAR &&
    entropy < TELLING * Math.log(labelled.length);
  if (blind) {
    findings.push({
      code: "majority-only",
      severity: "warning",
      title: "The network has learnt how frequent the classes are, and nothing of the input",
      evidence: `${shares}, and the network says ${majority} in ${percent(predicted[majority] / steps)} of the steps.${compared}`,
      numbers,
      remedy:
        "Soon after the start this is normal. If it stays: check that inputs and labels belong together, raise the learning rate, or weigh rare classes more (classWeights, positiveWeight, or focalLoss).",
      where: "outputs",
    });
  }
  if (share >= DOMINANT) {
    findings.push({
      code: "class-imbalance",
      severity: "note",
      title: "One class is far more frequent than the others",
      evidence: `${shares}; always to say it is right in as many.${compared}`,
      numbers,
      remedy:
        "Judge by a score that does not reward always saying it: F1, recall of the rare classes, or the loss against that of the shares. Weights of the classes help where rare ones matter.",
      where: "targets",
    });
  }
  return findings;
}

/** Undefined where there are no classes to count. */
export function censusOf(batch: ReadBatch): Census | undefined {
  const counts = batch.kind?.targets === "ids" ? censusOfRows(batch) : censusOfDecisions(batch);
  if (counts === undefined) return undefined;
  const { labelled, steps } = counts;
  const entropy = -labelled.reduce((sum, n) => sum + (n > 0 ? (n / steps) * Math.log(n / steps) : 0), 0);
  return { ...counts, entropy };
}

function censusOfRows({ outputs, kind, labels, options }: ReadBatch): Counts | undefined {
  if (outputs === undefined || labels === undefined) return undefined;
  const { data, width } = outputs;
  const [labelled, predicted] = [new Float64Array(width), new Float64Array(width)];
  let [loss, steps] = [0, 0];
  for (const { b, t, start } of realSteps(outputs)) {
    const id = labels[b][t];
    if (id === options.ignoreIndex || !(id >= 0 && id < width)) continue;
    let best = 0;
    for (let k = 1; k < width; k++) if (data[start + k] > data[start + best]) best = k;
    labelled[id]++;
    predicted[best]++;
    if (kind?.outputs === "logits") loss -= logSoftmax(data, start, start + width)[id];
    else loss -= kind?.outputs === "logProbs" ? data[start + id] : Number.NaN;
    steps++;
  }
  return { labelled, predicted, loss, steps };
}

/** 0 for the negative class, 1 for the positive one; ±1 count as these. */
function censusOfDecisions({ outputs, kind, numbers }: ReadBatch): Counts | undefined {
  const signs = kind?.targets === "signs";
  if (outputs === undefined || numbers === undefined || !(signs || kind?.outputs === "decisions")) return undefined;
  const [labelled, predicted] = [new Float64Array(2), new Float64Array(2)];
  let [loss, steps] = [0, 0];
  for (const { start } of realSteps(outputs)) {
    for (let i = start; i < start + outputs.width; i++) {
      const positive = numbers[i] > (signs ? 0 : 0.5);
      const logit = outputs.data[i];
      labelled[Number(positive)]++;
      predicted[Number(logit > 0)]++;
      loss += signs ? Number.NaN : Math.log1p(Math.exp(-Math.abs(logit))) + Math.max(0, positive ? -logit : logit);
      steps++;
    }
  }
  return { labelled, predicted, loss, steps };
}
