import { ctcAlignments } from "../alignments/ctcAlignments.js";
import { ctcLattice } from "../alignments/ctcLattice.js";
import { masses } from "../alignments/lattice.js";
import { toBatch } from "../core/batch.js";
import { labelSequences } from "../core/labelSequences.js";
import type { Labels } from "../core/labels.js";
import { logSoftmax } from "../core/numeric.js";
import type { TensorLike } from "../core/tensor.js";
import type { CtcOptions } from "../losses/ctc.js";
import { extendedLabel, framesNeeded } from "../reference/ctc.js";
import {
  add,
  call,
  constant,
  type Expression,
  formatNumber,
  multiply,
  negate,
  subtract,
  symbol,
} from "./expression.js";
import { likeliestAlignments } from "./likeliest.js";
import { derived, listed, plural, type Step, type StepTable } from "./step.js";

/** Beyond this many cells the trellis is a table only, without a formula for each cell. */
const CELLS = 36;
/** Beyond this many frames the tables show the first ones. */
const FRAMES = 24;
const SEQUENCES = 3;

/** CTC of each sequence: softmax, extended label, forward, loss, backward, occupancy, gradient, alignments. */
export function explainCtc(logits: TensorLike, labels: Labels, options: CtcOptions): Step[] {
  const where = "ctcLoss";
  const { blank = 0, inputs = "logits", labelLengths } = options;
  const lengths = options.lengths ?? options.logitLengths;
  const batch = toBatch(logits, { where, argument: "logits", classes: true }, lengths);
  const classes = batch.width;
  const sequences = labelSequences(labels, { where, sequences: batch.batch, classes, blank, labelLengths });
  const steps = sequences.slice(0, SEQUENCES).map((label, b): Step => {
    const T = batch.lengths[b];
    const rows = Array.from({ length: T }, (_, t) => {
      const start = (b * batch.time + t) * classes;
      return inputs === "logits"
        ? logSoftmax(batch.data, start, start + classes)
        : batch.data.slice(start, start + classes);
    });
    const title = `sequence ${b}: ${plural(T, "frame")}, label ${listed(label)}, blank ${blank}`;
    return { title, steps: explainSequence(rows, label, blank, inputs) };
  });
  if (sequences.length > SEQUENCES)
    steps.push({ title: `${plural(sequences.length - SEQUENCES, "more sequence")} like these` });
  return steps;
}

function explainSequence(
  logProbs: readonly ArrayLike<number>[],
  label: Int32Array,
  blank: number,
  inputs: NonNullable<CtcOptions["inputs"]>,
): Step[] {
  const T = logProbs.length;
  const needed = framesNeeded(label);
  const z = extendedLabel(label, blank);
  const word = (k: number) => (k === blank ? "blank" : String(k));
  const fits: Step = {
    title: "does the label fit?",
    formula: { latex: "T \\ge U + R", text: "T ≥ U + R" },
    numbers: {
      latex: `${T} \\ge ${label.length} + ${needed - label.length}`,
      text: `${T} ≥ ${label.length} + ${needed - label.length}`,
    },
    note:
      T >= needed
        ? "R counts equal neighbours: between them an alignment needs a blank."
        : `It does not: ${plural(needed - T, "frame")} too few. The probability is 0, the loss infinite, the gradient 0.`,
  };
  const extended: Step = {
    title: "the extended label: blanks before, between and after",
    note: `z = ${Array.from(z, word).join(", ")}`,
  };
  if (T < needed || T === 0) return [extended, fits];
  const flat = Float64Array.from(logProbs.flatMap((row) => Array.from(row)));
  const V = logProbs[0].length;
  const scores = inputs === "logits" ? "logProbs" : inputs;
  const [set] = ctcAlignments({ data: flat, shape: [1, T, V] }, [Array.from(label)], { blank, inputs: scores });
  const { alpha, beta, total } = masses(ctcLattice(T, V, label, blank), flat);
  const S = z.length;
  const cell = (t: number, s: number) => 1 + t * S + s;
  const frames = Math.min(T, FRAMES);
  const cut = T > FRAMES ? { note: `The first ${FRAMES} of ${T} frames.` } : {};
  const table = (head: readonly string[], number: (t: number, column: number) => number): StepTable => ({
    head: ["frame", ...head],
    rows: Array.from({ length: frames }, (_, t) => [String(t), ...head.map((_, column) => number(t, column))]),
  });
  const classNames = Array.from({ length: V }, (_, k) => (k === blank ? `${k} (blank)` : String(k)));
  const stateNames = Array.from(z, (k, s) => `${s}: ${word(k)}`);
  const trellis = { logProbs, z, blank, alpha: (t: number, s: number) => Math.exp(alpha[cell(t, s)]) };

  const softmax: Step = {
    title:
      inputs === "scores" ? "the weight of each class: e to its score" : "the probability of each class at each frame",
    ...(inputs === "logits" && {
      formula: { latex: "p_{t,k} = \\frac{e^{x_{t,k}}}{\\sum_j e^{x_{t,j}}}", text: "p_t,k = e^x_t,k / Σ_j e^x_t,j" },
    }),
    table: table(classNames, (t, k) => Math.exp(logProbs[t][k])),
    ...cut,
  };
  const alignments: Step = {
    title: "how many alignments there are",
    formula: { latex: "\\binom{T + U - R}{2U}", text: "C(T + U − R, 2U)" },
    numbers: {
      latex: `\\binom{${T + 2 * label.length - needed}}{${2 * label.length}}`,
      text: `C(${T + 2 * label.length - needed}, ${2 * label.length}) = ${set.count}`,
    },
    note: `${set.count} with a probability above 0.`,
  };
  const forward: Step = {
    title: "forward: α, the probability of all beginnings that end in state s at frame t",
    formula: {
      latex:
        "\\alpha_t(s) = \\left(\\alpha_{t-1}(s) + \\alpha_{t-1}(s-1) + [z_s \\ne \\text{blank}, z_s \\ne z_{s-2}]\\, \\alpha_{t-1}(s-2)\\right) p_{t, z_s}",
      text: "α_t(s) = (α_t−1(s) + α_t−1(s−1) + [z_s is no blank and not z_s−2] α_t−1(s−2)) · p_t,z_s",
    },
    table: table(stateNames, (t, s) => Math.exp(alpha[cell(t, s)])),
    ...cut,
    ...(T * S <= CELLS && { steps: forwardCells(trellis) }),
  };
  const last = S > 1 ? [S - 1, S - 2] : [0];
  const p = add(...last.map((s) => symbol(`\\alpha_{${T - 1}}(${s})`, Math.exp(alpha[cell(T - 1, s)]))));
  const loss = negate(call("ln", symbol("P", p.value)));
  const result: Step[] =
    p.value > 0
      ? [
          derived("the probability of the label", { latex: "P", text: "P" }, p),
          derived("the loss", { latex: "\\ell", text: "ℓ" }, loss),
        ]
      : [
          {
            title: "the loss",
            value: 0 - total,
            note: "The probability is below the smallest number; its logarithm was summed instead.",
          },
        ];
  const backward: Step = {
    title: "backward: β, the probability of all endings after state s at frame t",
    table: table(stateNames, (t, s) => Math.exp(beta[cell(t, s)])),
    ...cut,
  };
  const occupancy: Step = {
    title: "occupancy: how probable class k is at frame t, given the label",
    formula: {
      latex: "\\gamma_{t,k} = \\frac{1}{P} \\sum_{s: z_s = k} \\alpha_t(s)\\, \\beta_t(s)",
      text: "γ_t,k = Σ_s:z_s=k α_t(s) · β_t(s) / P",
    },
    table: table(classNames, (t, k) => set.occupancy[t * V + k]),
    note: "Each row sums to 1.",
  };
  const gradient: Step = {
    title: inputs === "logits" ? "the gradient of the loss with respect to the logits" : "the gradient of the loss",
    formula:
      inputs === "logits"
        ? {
            latex: "\\frac{\\partial \\ell}{\\partial x_{t,k}} = p_{t,k} - \\gamma_{t,k}",
            text: "∂ℓ/∂x_t,k = p_t,k − γ_t,k",
          }
        : { latex: "\\frac{\\partial \\ell}{\\partial \\ln p_{t,k}} = -\\gamma_{t,k}", text: "∂ℓ/∂ln p_t,k = −γ_t,k" },
    table: table(classNames, (t, k) => (inputs === "logits" ? Math.exp(logProbs[t][k]) : 0) - set.occupancy[t * V + k]),
    steps: gradientCells(logProbs, set.occupancy, V, inputs),
  };
  const likeliest = likeliestAlignments(
    set,
    blank,
    `Entropy of the alignments: ${formatNumber(set.entropy)} of at most ${formatNumber(Math.log(Number(set.count)))} nats.`,
  );
  return [softmax, extended, fits, alignments, forward, ...result, backward, occupancy, gradient, likeliest];
}

interface Trellis {
  readonly logProbs: readonly ArrayLike<number>[];
  readonly z: Int32Array;
  readonly blank: number;
  readonly alpha: (t: number, s: number) => number;
}

/** A formula for each cell of the trellis that a path can reach. */
function forwardCells({ logProbs, z, blank, alpha }: Trellis): Step[] {
  const steps: Step[] = [];
  for (let t = 0; t < logProbs.length; t++) {
    for (let s = 0; s < Math.min(z.length, 2 * t + 2); s++) {
      const p = symbol(`p_{${t},${z[s]}}`, Math.exp(logProbs[t][z[s]]));
      const skips = s >= 2 && z[s] !== blank && z[s] !== z[s - 2];
      const from = t === 0 ? [] : [s, s - 1, ...(skips ? [s - 2] : [])].filter((i) => i >= 0);
      const before = from.map((i) => symbol(`\\alpha_{${t - 1}}(${i})`, alpha(t - 1, i)));
      const sum = before.length === 1 ? before[0] : add(...before);
      steps.push(
        derived(
          `frame ${t}, state ${s}`,
          { latex: `\\alpha_{${t}}(${s})`, text: `α_${t}(${s})` },
          t === 0 ? p : multiply(sum, p),
        ),
      );
    }
  }
  return steps;
}

function gradientCells(
  logProbs: readonly ArrayLike<number>[],
  occupancy: Float64Array,
  V: number,
  inputs: NonNullable<CtcOptions["inputs"]>,
): Step[] {
  if (logProbs.length * V > CELLS) return [];
  return logProbs.flatMap((row, t) =>
    Array.from({ length: V }, (_, k): Step => {
      const gamma = symbol(`\\gamma_{${t},${k}}`, occupancy[t * V + k]);
      const value: Expression =
        inputs === "logits" ? subtract(symbol(`p_{${t},${k}}`, Math.exp(row[k])), gamma) : subtract(constant(0), gamma);
      return derived(`frame ${t}, class ${k}`, { latex: `g_{${t},${k}}`, text: `g_${t},${k}` }, value);
    }),
  );
}
