import { placeOf, type ReadBatch, realSteps } from "./batch.js";
import type { Finding } from "./finding.js";
import { counted, listed, rounded } from "./phrases.js";

/** Targets this much larger than 1 take a network with a usual learning rate very long to reach. */
const LARGE = 100;

/** Targets that the loss does not take, and numbers far larger than a network's outputs. */
export function checkTargets(batch: ReadBatch): Finding[] {
  const { outputs, numbers, kind } = batch;
  if (outputs === undefined || numbers === undefined || kind === undefined) return [];
  if (kind.targets === "signs") {
    return checkRange(batch, (y) => y === 1 || y === -1, "-1 or 1", {
      when: [0, 1],
      advice: "These are classes 0 and 1: turn each into 2 y − 1, or take binaryCrossEntropy.",
    });
  }
  if (kind.targets === "probabilities") {
    return checkRange(batch, (y) => y >= 0 && y <= 1, "a probability in [0, 1]", {
      when: [-1, 1],
      advice: "These are sides −1 and 1: turn each into (y + 1) / 2, or take hingeLoss.",
    });
  }
  return kind.targets === "numbers" ? checkScale(batch) : [];
}

interface Likely {
  /** The only values there are. */
  readonly when: readonly number[];
  readonly advice: string;
}

function checkRange(
  { outputs, numbers }: ReadBatch,
  allows: (y: number) => boolean,
  expected: string,
  { when, advice }: Likely,
): Finding[] {
  if (outputs === undefined || numbers === undefined) return [];
  const bad: number[] = [];
  const values = new Set<number>();
  for (const { start } of realSteps(outputs)) {
    for (let i = start; i < start + outputs.width; i++) {
      values.add(numbers[i]);
      if (!allows(numbers[i]) && !Number.isNaN(numbers[i])) bad.push(i);
    }
  }
  if (bad.length === 0) return [];
  const wrong = [...new Set(bad.map((i) => numbers[i]))].sort((x, y) => x - y);
  return [
    {
      code: "target-out-of-range",
      severity: "error",
      title: "Targets are outside what the loss takes",
      evidence: `${counted(bad.length, "target")}, expected ${expected}; found ${listed(wrong.map(rounded))}.`,
      numbers: { targets: bad.length },
      remedy: [...values].every((y) => when.includes(y)) ? advice : `Map the targets to ${expected}.`,
      where: placeOf("targets", outputs, bad[0]),
    },
  ];
}

function checkScale({ outputs, numbers }: ReadBatch): Finding[] {
  if (outputs === undefined || numbers === undefined) return [];
  let [count, targets, given] = [0, 0, 0];
  for (const { start } of realSteps(outputs)) {
    for (let i = start; i < start + outputs.width; i++) {
      count++;
      targets += numbers[i] ** 2;
      given += outputs.data[i] ** 2;
    }
  }
  const [size, reached] = [Math.sqrt(targets / count), Math.sqrt(given / count)];
  // a network that gives numbers of this size has learnt the scale
  if (!(size > LARGE) || reached > size / 10) return [];
  return [
    {
      code: "targets-unscaled",
      severity: "warning",
      title: "Targets are far larger than the outputs",
      evidence: `The root mean square of the targets is ${rounded(size)}, of the outputs ${rounded(reached)}.`,
      numbers: { targets: size, outputs: reached },
      remedy:
        "Subtract the mean of the training targets and divide by their standard deviation, and undo it when predicting.",
      where: "targets",
    },
  ];
}
