// A problem in words, and its numbers as a table.
import type { Problem } from "../../src/index.js";
import type { Table } from "./table.js";

export interface Statement {
  readonly text: string;
  readonly table: Table;
  /** Where it can be seen at work. */
  readonly link?: string;
}

const lines = (names: readonly string[], lists: readonly (readonly (string | number)[])[]): Table => ({
  head: names,
  rows: lists[0].map((_, i) => lists.map((list) => list[i])),
});

const numbered = (list: readonly unknown[]): string[] => list.map((_, i) => String(i + 1));

export function statement(problem: Problem): Statement {
  switch (problem.kind) {
    case "alignments": {
      const { target, alignments, probabilities, blank = "-" } = problem;
      const symbols = [blank, ...new Set(target)];
      const weights = symbols.map((symbol) => probabilities[symbol]).join("_");
      const frames = Math.min(...alignments.map((text) => text.length), 24);
      const link = new URLSearchParams({ l: target, t: String(frames), w: weights });
      return {
        text: `The target is ${target}. The alignments are ${alignments.join(", ")}; "${blank}" is the blank. Each symbol has one probability at every frame. Multiply each alignment out, sum, and take −ln.`,
        table: lines(["symbol", "probability"], [Object.keys(probabilities), Object.values(probabilities)]),
        link: `ctc/#v=1&${link}`,
      };
    }
    case "sequenceHinge":
      return {
        text: `The hinge loss max(0, 1 − y·ŷ) of each step; then their ${problem.reduction ?? "mean"}.`,
        table: lines(["step", "target y", "score ŷ"], [numbered(problem.targets), problem.targets, problem.scores]),
      };
    case "meanSquaredError":
      return {
        text: "The squared error of each step; then their mean.",
        table: lines(["step", "target y", "output ŷ"], [numbered(problem.targets), problem.targets, problem.outputs]),
        link: "losses/meanSquaredError/",
      };
    case "crossEntropy":
      return {
        text: `One step with these logits; the label is class ${problem.label}. Softmax, then −ln of the label's probability.`,
        table: lines(["class", "logit"], [problem.logits.map((_, k) => String(k)), problem.logits]),
      };
    case "ctc": {
      const { probabilities, label, blank = 0 } = problem;
      return {
        text: `The probability of each class at each frame; class ${blank} is the blank, the label is ${label.join(", ")}. Sum over every alignment, and take −ln.`,
        table: {
          head: ["frame", ...probabilities[0].map((_, k) => (k === blank ? `${k} (blank)` : `class ${k}`))],
          rows: probabilities.map((row, t) => [String(t + 1), ...row]),
        },
      };
    }
    case "binaryCrossEntropy":
      return {
        text: "At each step the model gave p to a 1. The cross-entropy of each step in nats; then their mean.",
        table: lines(["step", "target y", "p"], [numbered(problem.targets), problem.targets, problem.probabilities]),
      };
    case "huberLoss":
      return {
        text: `The Huber loss of each step with δ = ${problem.delta}: half the square up to δ, then a line; then their mean.`,
        table: lines(["step", "target y", "output ŷ"], [numbered(problem.targets), problem.targets, problem.outputs]),
        link: "losses/huberLoss/",
      };
    case "quantileLoss":
      return {
        text: `The quantile loss of each step with q = ${problem.quantile}: q a unit below the target, 1 − q above; then their mean.`,
        table: lines(["step", "target y", "output ŷ"], [numbered(problem.targets), problem.targets, problem.outputs]),
        link: "losses/quantileLoss/",
      };
    case "rankingHinge":
      return {
        text: `The wanted item has the score ${problem.wanted}. Each other one should stay ${problem.margin} below it; add up by how much they do not.`,
        table: lines(["item", "score"], [numbered(problem.others), problem.others]),
        link: "losses/rankingHingeLoss/",
      };
    case "perplexity":
      return {
        text: "What a language model gave to each symbol that came. Its surprise at each in nats, their mean, and the perplexity.",
        table: lines(["step", "p"], [numbered(problem.probabilities), problem.probabilities]),
      };
    case "backpropagation":
      return {
        text: `One tanh unit, h = tanh(u · h before + input), with u = ${problem.weight}. A gradient of 1 at the last state: what reaches the state before the first?`,
        table: lines(["step", "state h"], [numbered(problem.states), problem.states]),
        link: `gradients/#v=1&u=${problem.weight}`,
      };
    case "clipping":
      return {
        text: `The gradient is clipped to a norm of ${problem.most}. Its norm, what it is scaled by, and each entry after that.`,
        table: lines(["entry", "g"], [numbered(problem.gradient), problem.gradient]),
      };
    case "policyGradient":
      return {
        text: `Rewards of one episode, and the probability that the policy gave to each action taken; the discount is ${problem.discount}. Returns first, then the loss −Σ G·ln p.`,
        table: lines(
          ["step", "reward", "probability"],
          [numbered(problem.rewards), problem.rewards, problem.probabilities],
        ),
      };
  }
}
