import type { Random } from "../../core/random.js";
import { binaryCrossEntropy, focalLoss } from "../../losses/binary.js";
import { hingeLoss } from "../../losses/hinge.js";
import { huberLoss, meanAbsoluteError, meanSquaredError, quantileLoss } from "../../losses/regression.js";
import type { CurveItem, QuizLevel, QuizTopic } from "../item.js";
import type { Template } from "../template.js";

const PLACES = [-2, -0.5, 0, 0.5, 2];
const shown = (x: number): string => String(Number(x.toFixed(2)) + 0);

/** A loss of one number, by name. */
type Curves = Readonly<Record<string, (x: number) => number>>;

interface Asked {
  readonly id: string;
  readonly topic: QuizTopic;
  readonly level: QuizLevel;
  /** Of what the curves are, and over what. */
  readonly of: string;
  readonly reason: string;
  /** The one that is asked for. */
  readonly name: string;
  readonly curves: Curves;
}

function curve({ id, topic, level, of, reason, name, curves }: Asked): Template {
  const head = { id, topic, level };
  const draw = (random: Random): CurveItem => {
    const all = Object.keys(curves);
    const names = random.shuffle(all.map((_, i) => i)).map((i) => all[i]);
    const options = names.map((one) => ({
      text: `${PLACES.map((x) => shown(curves[one](x))).join(", ")} at ${PLACES.join(", ")}`,
      points: Array.from({ length: 49 }, (_, i) => [i / 8 - 3, curves[one](i / 8 - 3)]),
      ...(one !== name && { whyNot: `This is ${one}.` }),
    }));
    return { ...head, prompt: `${of} Which is ${name}?`, kind: "curve", options, answer: names.indexOf(name), reason };
  };
  return { ...head, kind: "curve", draw };
}

const distances: Curves = {
  "the squared error": (x) => meanSquaredError([x], [0]).value,
  "the absolute error": (x) => meanAbsoluteError([x], [0]).value,
  "Huber's loss with δ = 1": (x) => huberLoss([x], [0]).value,
};
const slopes: Curves = {
  "the squared error": (x) => meanSquaredError([x], [0]).grad.data[0],
  "the absolute error": (x) => meanAbsoluteError([x], [0]).grad.data[0],
  "Huber's loss with δ = 1": (x) => huberLoss([x], [0]).grad.data[0],
};
const decisions: Curves = {
  "the hinge loss": (x) => hingeLoss([x], [1]).value,
  "the squared hinge loss": (x) => hingeLoss([x], [1], { squared: true }).value,
  "the binary cross-entropy": (x) => binaryCrossEntropy([x], [1]).value,
};
const quantiles: Curves = {
  "the quantile loss with q = 0.9": (x) => quantileLoss([x], [0], { quantile: 0.9 }).value,
  "the quantile loss with q = 0.5": (x) => quantileLoss([x], [0], { quantile: 0.5 }).value,
  "the quantile loss with q = 0.1": (x) => quantileLoss([x], [0], { quantile: 0.1 }).value,
};
const focus: Curves = {
  "the binary cross-entropy": (x) => binaryCrossEntropy([x], [1]).value,
  "the focal loss with γ = 2": (x) => focalLoss([x], [1], { gamma: 2 }).value,
  "the focal loss with γ = 5": (x) => focalLoss([x], [1], { gamma: 5 }).value,
};

export function curves(): readonly Template[] {
  return [
    curve({
      id: "curve-huber",
      topic: "regression",
      level: 1,
      of: "Losses over the output, the target at 0.",
      name: "Huber's loss with δ = 1",
      curves: distances,
      reason: "Within δ it is half the square, so 0.5 at a distance of 1; beyond, a line of slope δ.",
    }),
    curve({
      id: "curve-huber-slope",
      topic: "regression",
      level: 2,
      of: "Slopes of losses over the output, the target at 0.",
      name: "Huber's loss with δ = 1",
      curves: slopes,
      reason: "The slope is the distance within δ and stays at δ beyond it: an outlier pulls no harder than that.",
    }),
    curve({
      id: "curve-hinge",
      topic: "margin",
      level: 1,
      of: "Losses over the score, the target being 1.",
      name: "the hinge loss",
      curves: decisions,
      reason: "It falls by 1 for each unit of the score and is exactly 0 from the margin on; cross-entropy never is.",
    }),
    curve({
      id: "curve-quantile",
      topic: "regression",
      level: 2,
      of: "Losses over the output, the target at 0.",
      name: "the quantile loss with q = 0.9",
      curves: quantiles,
      reason: "An output below the target costs q = 0.9 a unit, one above it 0.1: the left side is the steep one.",
    }),
    curve({
      id: "curve-focal",
      topic: "tokens",
      level: 2,
      of: "Losses over the logit, the target being 1.",
      name: "the focal loss with γ = 2",
      curves: focus,
      reason: "At logit 0 it is (1 − 0.5)² = 0.25 of the cross-entropy: what is nearly right is played down.",
    }),
  ];
}
