import type { Random } from "../../core/random.js";
import { hingeLoss, multiclassHingeLoss } from "../hinge.js";
import { type Described, LABELS, SCORES, TARGETS } from "./entry.js";
import { classLabels, classScores, signedExample } from "./examples.js";

const example = (random: Random) => ({ outputs: classScores(random), targets: classLabels(random), options: {} });

export const margin: Readonly<Record<string, Described>> = {
  hingeLoss: {
    summary: "±1 decisions with a margin",
    outputs: SCORES,
    targets: TARGETS,
    options: ["margin", "squared", "dialect"],
    example: signedExample,
    compute: hingeLoss,
  },
  multiclassHingeLoss: {
    summary: "one class a step, ahead of its rivals by a margin",
    outputs: SCORES,
    targets: LABELS,
    options: ["margin", "squared", "rivals", "ignoreIndex"],
    example,
    compute: multiclassHingeLoss,
  },
};
