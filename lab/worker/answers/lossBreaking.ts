// The textbook's formula beside the library's, where numbers are large.
import { binaryCrossEntropy, crossEntropy, ctcLoss } from "../../../src/index.js";

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
};

export const breaking = (name: string): Broken | undefined => kinds[name]?.();
