import { masses } from "../alignments/lattice.js";
import { transducerAlignments } from "../alignments/transducerAlignments.js";
import { transducerLattice } from "../alignments/transducerLattice.js";
import { labelLists } from "../core/labelSequences.js";
import type { Labels } from "../core/labels.js";
import { logSoftmax } from "../core/numeric.js";
import type { TensorLike } from "../core/tensor.js";
import { readTransducer } from "../core/transducerBatch.js";
import type { TransducerOptions } from "../losses/transducer.js";
import { add, call, formatNumber, multiply, negate, symbol } from "./expression.js";
import { likeliestAlignments } from "./likeliest.js";
import { derived, listed, plural, type Step, type StepTable } from "./step.js";

/** Beyond this many cells the lattice is a table only, without a formula for each cell. */
const CELLS = 36;
/** Beyond this many frames the tables show the first ones. */
const FRAMES = 24;
const SEQUENCES = 3;

/** The transducer of each sequence: the two probabilities of each cell, forward, loss, backward, posteriors, alignments. */
export function explainTransducer(logits: TensorLike, labels: Labels, options: TransducerOptions): Step[] {
  const { inputs = "logits" } = options;
  const { data, time, rows, width, ...batch } = readTransducer("transducerLoss", logits, labels, options);
  const { blank, lengths } = batch;
  const sequences = labelLists(batch.labels);
  const steps = sequences.slice(0, SEQUENCES).map((label, b): Step => {
    const [T, U] = [lengths[b], label.length];
    const title = `sequence ${b}: ${plural(T, "frame")}, label ${listed(label)}, blank ${blank}`;
    if (T === 0) return { title, note: "Without frames nothing can be written: the loss is infinite, the gradient 0." };
    const logProbs = new Float64Array(T * (U + 1) * width);
    for (let t = 0; t < T; t++) {
      for (let u = 0; u <= U; u++) {
        const start = ((b * time + t) * rows + u) * width;
        const row = inputs === "logits" ? logSoftmax(data, start, start + width) : data.subarray(start, start + width);
        logProbs.set(row, (t * (U + 1) + u) * width);
      }
    }
    return { title, steps: explainSequence({ logProbs, frames: T, label, blank, classes: width }, inputs) };
  });
  const more = sequences.length - SEQUENCES;
  return more > 0 ? [...steps, { title: `${plural(more, "more sequence")} like these` }] : steps;
}

interface Sequence {
  /** [T, U+1, V] */
  readonly logProbs: Float64Array;
  readonly frames: number;
  readonly label: Int32Array;
  readonly blank: number;
  readonly classes: number;
}

function explainSequence(sequence: Sequence, inputs: "logits" | "logProbs"): Step[] {
  const { logProbs, frames: T, label, blank, classes: V } = sequence;
  const rows = label.length + 1;
  const outputs = { data: logProbs, shape: [1, T, rows, V] };
  const [set] = transducerAlignments(outputs, [Array.from(label)], { blank, inputs: "logProbs" });
  const { alpha, beta, total } = masses(transducerLattice(T, V, label, blank), logProbs);
  const p = (t: number, u: number, k: number) => Math.exp(logProbs[(t * rows + u) * V + k]);
  const cut = T > FRAMES ? { note: `The first ${FRAMES} of ${T} frames.` } : {};
  const grid = (number: (t: number, u: number) => string | number): StepTable => ({
    head: ["frame", ...Array.from({ length: rows }, (_, u) => `after ${plural(u, "label")}`)],
    rows: Array.from({ length: Math.min(T, FRAMES) }, (_, t) => [
      String(t),
      ...Array.from({ length: rows }, (_, u) => number(t, u)),
    ]),
  });
  const mass = (t: number, u: number) => Math.exp(alpha[t * rows + u]);
  const end = multiply(
    symbol(`\\alpha_{${T - 1}}(${rows - 1})`, mass(T - 1, rows - 1)),
    symbol(`\\varnothing(${T - 1}, ${rows - 1})`, p(T - 1, rows - 1, blank)),
  );
  const loss = negate(call("ln", symbol("P", end.value)));
  const outcome: Step[] =
    end.value > 0
      ? [
          derived("the probability of the label: the last cell, and a last blank", { latex: "P", text: "P" }, end),
          derived("the loss", { latex: "\\ell", text: "ℓ" }, loss),
        ]
      : [
          {
            title: "the loss",
            value: 0 - total,
            note: Number.isFinite(total)
              ? "The probability is below the smallest number; its logarithm was summed instead."
              : "No alignment has a probability above 0: the loss is infinite, the gradient 0.",
          },
        ];
  return [
    {
      title:
        inputs === "logits"
          ? "∅(t, u): the probability of a blank at frame t after u labels, from the softmax of that cell"
          : "∅(t, u): the probability of a blank at frame t after u labels, as given",
      table: grid((t, u) => p(t, u, blank)),
      ...cut,
    },
    {
      title: "y(t, u): the probability of the next label there",
      table: grid((t, u) => (u < label.length ? p(t, u, label[u]) : "")),
      ...cut,
    },
    {
      title: "how many alignments there are",
      formula: { latex: "\\binom{T + U - 1}{U}", text: "C(T + U − 1, U)" },
      numbers: {
        latex: `\\binom{${T + label.length - 1}}{${label.length}}`,
        text: `C(${T + label.length - 1}, ${label.length})`,
      },
      note: `${set.count} with a probability above 0.`,
    },
    {
      title: "forward: α, the probability of all ways to cell (t, u)",
      formula: {
        latex:
          "\\alpha_t(u) = \\alpha_{t-1}(u)\\, \\varnothing(t-1, u) + \\alpha_t(u-1)\\, y(t, u-1), \\quad \\alpha_0(0) = 1",
        text: "α_t(u) = α_t−1(u) · ∅(t−1, u) + α_t(u−1) · y(t, u−1), α_0(0) = 1",
      },
      table: grid(mass),
      ...cut,
      ...(T * rows <= CELLS && { steps: forwardCells(sequence, mass, p) }),
    },
    ...outcome,
    {
      title: "backward: β, the probability of all ways from cell (t, u) to the end",
      table: grid((t, u) => Math.exp(beta[t * rows + u])),
      ...cut,
    },
    {
      title: "posterior of a blank at each cell, given the label",
      formula: {
        latex: "\\alpha_t(u)\\, \\varnothing(t, u)\\, \\beta_{t+1}(u) / P",
        text: "α_t(u) · ∅(t, u) · β_t+1(u) / P",
      },
      table: grid((t, u) => set.occupancy[(t * rows + u) * V + blank]),
      ...cut,
    },
    {
      title: "posterior of the next label at each cell",
      formula: { latex: "\\alpha_t(u)\\, y(t, u)\\, \\beta_t(u+1) / P", text: "α_t(u) · y(t, u) · β_t(u+1) / P" },
      table: grid((t, u) => (u < label.length ? set.occupancy[(t * rows + u) * V + label[u]] : "")),
      note: "Each label's column sums to 1: it is written once.",
    },
    {
      title: `the gradient of the loss with respect to the ${inputs === "logits" ? "logits" : "log-probabilities"}`,
      formula:
        inputs === "logits"
          ? {
              latex: "g_{t,u,k} = p_{t,u,k}\\, \\Gamma_{t,u} - \\gamma_{t,u,k}",
              text: "g_t,u,k = p_t,u,k · Γ_t,u − γ_t,u,k",
            }
          : { latex: "g_{t,u,k} = -\\gamma_{t,u,k}", text: "g_t,u,k = −γ_t,u,k" },
      note: "γ is the posterior of class k at the cell; Γ, their sum, how probable it is that a path comes by.",
    },
    likeliestAlignments(
      set,
      blank,
      `A blank (-) goes to the next frame. Entropy of the alignments: ${formatNumber(set.entropy)} nats.`,
    ),
  ];
}

function forwardCells(
  { frames, label, blank }: Sequence,
  mass: (t: number, u: number) => number,
  p: (t: number, u: number, k: number) => number,
): Step[] {
  const from = (t: number, u: number, arc: "\\varnothing" | "y") =>
    multiply(
      symbol(`\\alpha_{${t}}(${u})`, mass(t, u)),
      symbol(`${arc}(${t}, ${u})`, p(t, u, arc === "y" ? label[u] : blank)),
    );
  const steps: Step[] = [];
  for (let t = 0; t < frames; t++) {
    for (let u = 0; u <= label.length; u++) {
      const before = [...(t > 0 ? [from(t - 1, u, "\\varnothing")] : []), ...(u > 0 ? [from(t, u - 1, "y")] : [])];
      if (before.length === 0) continue;
      const name = { latex: `\\alpha_{${t}}(${u})`, text: `α_${t}(${u})` };
      steps.push(
        derived(`frame ${t}, after ${plural(u, "label")}`, name, before.length > 1 ? add(...before) : before[0]),
      );
    }
  }
  return steps;
}
