// The textbook's formula beside the library's, where numbers are large.
import {
  binaryCrossEntropy,
  bprLoss,
  bprMaxLoss,
  crossEntropy,
  ctcLoss,
  minimumRiskLoss,
  policyGradientLoss,
  Random,
  top1MaxLoss,
} from "../../../src/index.js";
import { entryOf } from "./lossCases.js";

export interface Broken {
  readonly title: string;
  /** The formula that breaks, in words. */
  readonly naive: string;
  readonly rows: readonly { readonly input: string; readonly naive: number; readonly stable: number }[];
}

const logits = [5, 20, 50, 400, 1000];

function softmax(): Broken {
  return {
    title: "Softmax, then the logarithm: e to 1000 is infinite",
    naive: "−ln(exp(z₁) / Σ exp(z)), as it is written",
    rows: logits.map((z) => ({
      input: `logits [0, ${z}], class 0`,
      naive: -Math.log(Math.exp(0) / (Math.exp(0) + Math.exp(z))),
      stable: crossEntropy([[[0, z]]], [[0]]).value,
    })),
  };
}

function sigmoid(): Broken {
  return {
    title: "σ(z), then the logarithm: 1 − σ(40) is 0",
    naive: "−ln(1 − σ(z)), as it is written",
    rows: logits.map((z) => ({
      input: `logit ${z}, target 0`,
      naive: -Math.log(1 - 1 / (1 + Math.exp(-z))),
      stable: binaryCrossEntropy([[z]], [[0]]).value,
    })),
  };
}

/** The forward sums of CTC in float32, multiplied out, as Graves writes them. */
function linearCtc(frames: number, classes: number): number {
  const extended = [0, 1, 0, 2, 0];
  const p = Math.fround(1 / classes);
  let alpha = extended.map((_, s) => (s < 2 ? p : 0));
  for (let t = 1; t < frames; t++) {
    alpha = alpha.map((own, s) => {
      const skip = s >= 2 && extended[s] !== 0 && extended[s] !== extended[s - 2] ? alpha[s - 2] : 0;
      return Math.fround(Math.fround(own + (alpha[s - 1] ?? 0) + skip) * p);
    });
  }
  return -Math.log(alpha[3] + alpha[4]);
}

function underflow(): Broken {
  const classes = 10;
  return {
    title: "Probabilities multiplied over many frames: float32 ends near 1e−45",
    naive: "α summed as probabilities, in float32",
    rows: [10, 30, 45, 60, 200].map((frames) => ({
      input: `${frames} frames of ${classes} equal classes, 2 labels`,
      naive: linearCtc(frames, classes),
      stable: ctcLoss([Array.from({ length: frames }, () => new Array(classes).fill(0))], [[1, 2]]).value,
    })),
  };
}

const sigma = (x: number) => 1 / (1 + Math.exp(-x));

function pairs(): Broken {
  return {
    title: "σ of the difference, then the logarithm: σ(−800) is 0",
    naive: "−ln σ(wanted − other), as it is written",
    rows: [5, 50, 400, 800, 1000].map((gap) => ({
      input: `the other item leads by ${gap}`,
      naive: -Math.log(sigma(-gap)),
      stable: bprLoss([[0, gap]], [0]).value,
    })),
  };
}

/** Weights e^s / Σ e^s over the negatives, as they are written. */
function weighed(scores: readonly number[], term: (score: number) => number): number {
  const sum = scores.reduce((total, score) => total + Math.exp(score), 0);
  return scores.reduce((total, score) => total + (Math.exp(score) / sum) * term(score), 0);
}

function hardest(name: "bprMaxLoss" | "top1MaxLoss"): Broken {
  const stable = (scores: number[]) =>
    name === "top1MaxLoss"
      ? top1MaxLoss([[0, ...scores]], [0]).value
      : bprMaxLoss([[0, ...scores]], [0], { regularisation: 0 }).value;
  const naive = (scores: number[]) =>
    name === "top1MaxLoss"
      ? weighed(scores, (score) => sigma(score) + sigma(score * score))
      : -Math.log(weighed(scores, (score) => sigma(-score)));
  return {
    title: "Negatives weighed by e to their score: e to 1000 is infinite",
    naive: "weights e^s / Σ e^s, as they are written",
    rows: logits.map((score) => ({
      input: `negatives [${score}, ${score - 1}], the wanted item 0`,
      naive: naive([score, score - 1]),
      stable: stable([score, score - 1]),
    })),
  };
}

function candidates(): Broken {
  return {
    title: "Probabilities of whole sentences: e to −1000 is 0",
    naive: "p / Σ p of the candidates, as it is written",
    rows: [5, 50, 500, 800, 1000].map((far) => {
      const logProbs = [-far, -far - 1];
      const [p, q] = logProbs.map(Math.exp);
      return {
        input: `ln p of two candidates: −${far} and −${far + 1}; costs 0 and 1`,
        naive: q / (p + q),
        stable: minimumRiskLoss([logProbs], [[0, 1]]).value,
      };
    }),
  };
}

function actions(): Broken {
  return {
    title: "The logarithm of a policy's softmax: e to 1000 is infinite",
    naive: "−r ln(exp(z) / Σ exp(z)), as it is written",
    rows: logits.map((z) => ({
      input: `logits [0, ${z}], action 0, reward 1`,
      naive: -Math.log(Math.exp(0) / (Math.exp(0) + Math.exp(z))),
      stable: policyGradientLoss([[[0, z]]], [[0]], { rewards: [1] }).value,
    })),
  };
}

const kinds: Readonly<Record<string, () => Broken>> = {
  crossEntropy: softmax,
  sequenceCrossEntropy: softmax,
  categoricalCrossEntropy: softmax,
  sampledSoftmaxLoss: softmax,
  binaryCrossEntropy: sigmoid,
  focalLoss: sigmoid,
  ctcLoss: underflow,
  transducerLoss: underflow,
  crfLoss: underflow,
  bprLoss: pairs,
  bprMaxLoss: () => hardest("bprMaxLoss"),
  top1MaxLoss: () => hardest("top1MaxLoss"),
  minimumRiskLoss: candidates,
  policyGradientLoss: actions,
  selfCriticalLoss: actions,
};

/** The mean over real steps, when there are some, and when all of them are padding. */
function overNothing(name: string): Broken["rows"] {
  const { example, compute } = entryOf(name);
  const { outputs, targets, options } = example(new Random(1));
  const mean = (real: Readonly<Record<string, unknown>>) => {
    const { sum, weight, value } = compute(outputs, targets, { ...options, ...real, per: "step", gradient: false });
    return { naive: sum / weight, stable: value };
  };
  const none = new Array((outputs as unknown[]).length).fill(0);
  return [
    { input: "the case at rest, a mean over its steps", ...mean({}) },
    { input: "every step is padding", ...mean({ lengths: none }) },
  ];
}

/** Every loss has a form that breaks; where nothing overflows, it is the mean over nothing. */
export function breaking(name: string): Broken {
  const own = kinds[name]?.();
  if (entryOf(name).family === "alignment-free") return own as Broken; // no frames is no padding: nothing reads as a label then
  const empty = overNothing(name);
  return own === undefined
    ? {
        title: "Nothing in it overflows; a mean over nothing still breaks",
        naive: "sum / steps, as it is written",
        rows: empty,
      }
    : { ...own, rows: [...own.rows, empty[1]] };
}
