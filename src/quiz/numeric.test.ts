import { describe, expect, it } from "vitest";
import { alignments, collapse } from "../reference/alignments.js";
import { minus } from "./draw.js";
import type { FillInItem, NumericItem } from "./item.js";
import { markAnswer } from "./mark.js";
import { quizItem, quizItems } from "./quizItems.js";

// The key of every numeric item again, from the numbers that its prompt gives, by its definition.

const SEEDS = Array.from({ length: 50 }, (_, seed) => seed);
const sum = (numbers: readonly number[]) => numbers.reduce((total, x) => total + x, 0);
const mean = (numbers: readonly number[]) => sum(numbers) / numbers.length;
const product = (numbers: readonly number[]) => numbers.reduce((total, x) => total * x, 1);
const softmax = (logits: readonly number[]) => logits.map((z) => Math.exp(z) / sum(logits.map(Math.exp)));
const bits = (p: number) => -Math.log(p);
const shortfall = (y: number, s: number) => (y * s >= 1 ? 0 : 1 - y * s);
const choose = (n: number, k: number): number => (k === 0 || k === n ? 1 : choose(n - 1, k - 1) + choose(n - 1, k));
const slope = (f: (x: number) => number, x: number, h = 1e-6) => (f(x + h) - f(x - h)) / (2 * h);
const letters = (word: string) => [...new Set(word)].sort();
const labelsOf = (word: string) => Array.from(word, (letter) => 1 + letters(word).indexOf(letter));
const neighbours = (word: string) => [...word].filter((letter, u) => u > 0 && word[u - 1] === letter).length;

/** What a string reads as: a run at a time, blanks dropped. */
const reads = (text: string) =>
  (text.match(/(.)\1*/g) ?? [])
    .map(([symbol]) => symbol)
    .filter((symbol) => symbol !== "-")
    .join("");

/** The probability of a label, its alignments listed. */
const listed = (rows: readonly (readonly number[])[], label: readonly number[]) =>
  sum(alignments(rows.length, rows[0].length, label, 0).map((path) => product(path.map((k, t) => rows[t][k]))));

function distance(a: string, b: string): number {
  if (a === "" || b === "") return a.length + b.length;
  const kept = distance(a.slice(1), b.slice(1)) + (a[0] === b[0] ? 0 : 1);
  return a[0] === b[0] ? kept : Math.min(kept, 1 + distance(a.slice(1), b), 1 + distance(a, b.slice(1)));
}

function wordDistance(a: readonly string[], b: readonly string[]): number {
  const codes = [...new Set([...a, ...b])];
  const coded = (words: readonly string[]) =>
    words.map((word) => String.fromCharCode(97 + codes.indexOf(word))).join("");
  return distance(coded(a), coded(b));
}

interface Chain {
  readonly emissions: readonly (readonly number[])[];
  readonly transitions: readonly (readonly number[])[];
  readonly tags: readonly number[];
}
/** Every tagging of two steps with its score. */
const taggings = ({ emissions, transitions }: Chain) =>
  [
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ].map(([i, j]) => ({ tags: [i, j], score: emissions[0][i] + transitions[i][j] + emissions[1][j] }));
const scoreOf = (chain: Chain) =>
  taggings(chain).find(({ tags }) => tags.join() === chain.tags.join())?.score ?? Number.NaN;

/** The return of each step, by its definition. */
const returns = (rewards: readonly number[], discount: number) =>
  rewards.map((_, t) => sum(rewards.slice(t).map((r, k) => r * discount ** k)));

// biome-ignore lint/suspicious/noExplicitAny: each item gives numbers of its own
const oracles: Readonly<Record<string, (given: any) => number>> = {
  "hello-as-written": ({ alignments: texts, probabilities }) =>
    bits(sum(texts.map((text: string) => product([...text].map((symbol) => probabilities[symbol]))))),
  "deep-valid-only": ({ alignments: texts, probabilities, target }) =>
    bits(
      sum(
        texts.map((text: string) =>
          reads(text) === target ? product([...text].map((symbol) => probabilities[symbol])) : 0,
        ),
      ),
    ),
  "hinge-by-its-formula": ({ targets, scores }) => sum(targets.map((y: number, t: number) => shortfall(y, scores[t]))),
  "mse-of-a-list": ({ targets, outputs }) =>
    mean(targets.map((y: number, i: number) => (y - outputs[i]) * (y - outputs[i]))),
  "mse-slope": ({ targets, outputs: [first, ...others] }) =>
    slope((x) => mean([x, ...others].map((output, i) => (output - targets[i]) ** 2)), first),
  "mae-of-a-list": ({ targets, outputs }) => mean(targets.map((y: number, i: number) => Math.abs(y - outputs[i]))),
  "huber-of-one": ({ target, output, delta }) => {
    // the integral of the slope, which is cut off at δ
    const d = Math.abs(target - output);
    return Math.min(d, delta) ** 2 / 2 + delta * Math.max(0, d - delta);
  },
  "quantile-of-one": ({ quantile, target, output }) =>
    target > output ? quantile * (target - output) : (1 - quantile) * (output - target),
  nats: ({ probability }) => Math.log(1 / probability),
  "cross-entropy-of-logits": ({ logits, label }) => bits(softmax(logits)[label]),
  "categorical-cross-entropy": ({ probabilities, target }) => bits(probabilities[target.indexOf(1)]),
  "binary-cross-entropy-mean": ({ targets, probabilities }) =>
    mean(
      targets.map((y: number, i: number) => -y * Math.log(probabilities[i]) - (1 - y) * Math.log(1 - probabilities[i])),
    ),
  "label-smoothing": ({ logits, label, epsilon }) =>
    sum(softmax(logits).map((p, k) => ((k === label ? 1 - epsilon : 0) + epsilon / logits.length) * bits(p))),
  "softmax-gradient": ({ probabilities, label, entry }) => {
    const logits = probabilities.map(Math.log);
    return slope((z) => bits(softmax(logits.with(entry, z))[label]), logits[entry]);
  },
  "focal-of-one": ({ probability: p, gamma }) => (1 - p) ** gamma * bits(p),
  "class-weighted-mean": ({ probabilities, labels, weights }) =>
    sum(probabilities.map((p: number, i: number) => weights[labels[i]] * bits(p))) /
    sum(labels.map((y: number) => weights[y])),
  "sequence-loss": ({ probabilities }) => bits(product(probabilities)),
  "masked-mean": ({ losses }) => mean(losses.flat()),
  "uniform-guess": ({ classes }) => Math.log(classes),
  "hinge-of-one": ({ target, score }) => shortfall(target, score),
  "sequence-hinge-sum": ({ targets, scores }) => sum(targets.map((y: number, t: number) => shortfall(y, scores[t]))),
  "sequence-hinge-mean": ({ targets, scores }) => mean(targets.map((y: number, t: number) => shortfall(y, scores[t]))),
  "hinge-slope": ({ target, score }) => slope((s) => shortfall(target, s), score),
  "multiclass-hinge": ({ scores, label }) =>
    sum(scores.map((s: number, k: number) => (k === label ? 0 : shortfall(1, scores[label] - s)))),
  "frames-needed": ({ word }) => word.length + neighbours(word),
  "alignments-count": ({ word, frames }) => choose(frames + word.length - neighbours(word), 2 * word.length),
  "uniform-ctc": ({ word, frames, classes }) =>
    bits(
      listed(
        Array.from({ length: frames }, () => new Array(classes).fill(1 / classes)),
        labelsOf(word),
      ),
    ),
  "listed-alignments": ({ word, alignments: texts, probabilities }) =>
    bits(
      sum(
        texts
          .filter((text: string) => reads(text) === word)
          .map((text: string) => product([...text].map((symbol) => probabilities[symbol]))),
      ),
    ),
  "two-frames": ({ rows }) => listed(rows, [1]),
  "ctc-gradient": ({ rows: [first, second] }) => {
    const logits = first.map(Math.log);
    return slope((z) => bits(listed([softmax(logits.with(1, z)), second], [1])), logits[1]);
  },
  "best-path-probability": ({ rows }) => product(rows.map((row: number[]) => Math.max(...row))),
  "torch-mean": ({ losses, lengths }) => mean(losses.map((loss: number, b: number) => loss / lengths[b])),
  "viterbi-score": (chain) => Math.max(...taggings(chain).map(({ score }) => score)),
  "crf-of-two-steps": (chain) =>
    bits(Math.exp(scoreOf(chain)) / sum(taggings(chain).map(({ score }) => Math.exp(score)))),
  "crf-without-scores": ({ steps, tags }) => Math.log(tags ** steps),
  "structured-hinge": (chain) =>
    Math.max(
      ...taggings(chain).map(({ tags, score }) => score + tags.filter((tag, t) => tag !== chain.tags[t]).length),
    ) - scoreOf(chain),
  "discounted-return": ({ rewards, discount }) => returns(rewards, discount)[0],
  "policy-loss": ({ rewards, discount, probabilities }) =>
    sum(returns(rewards, discount).map((gain, t) => gain * bits(probabilities[t]))),
  "reinforce-gradient": ({ probabilities, action, entry, gain }) => {
    const logits = probabilities.map(Math.log);
    return slope((z) => gain * bits(softmax(logits.with(entry, z))[action]), logits[entry]);
  },
  advantage: ({ rewards, discount, baseline }) => returns(rewards, discount)[0] - baseline,
  "ppo-clip": ({ old, now, gain, clip }) => {
    const ratio = now / old;
    // pessimistic: a good action is worth no more than 1 + ε, a bad one costs no less than 1 − ε
    return -gain * (gain > 0 ? Math.min(ratio, 1 + clip) : Math.max(ratio, 1 - clip));
  },
  "expected-risk": ({ probabilities, costs }) =>
    sum(probabilities.map((p: number, n: number) => p * costs[n])) / sum(probabilities),
  "bpr-of-two-rivals": ({ wanted, rivals }) =>
    mean(rivals.map((other: number) => bits(Math.exp(wanted) / (Math.exp(wanted) + Math.exp(other))))),
  "clipping-factor": ({ gradient, limit }) => limit / Math.hypot(...gradient),
  "gradient-through-time": ({ recurrent, steps }) => recurrent ** steps,
  "gradient-through-tanh": ({ recurrent, start }) =>
    slope((h) => Math.tanh(recurrent * Math.tanh(recurrent * h)), start),
  "descent-step": ({ start, input, target, rate }) => start - rate * slope((w) => (w * input - target) ** 2, start),
  "micro-batches": ({ losses }) => mean(losses.flat()),
  "edit-distance": ({ reference, hypothesis }) => distance(reference, hypothesis),
  "character-error-rate": ({ references, hypotheses }) =>
    sum(references.map((reference: string, i: number) => distance(reference, hypotheses[i]))) /
    references.join("").length,
  "word-error-rate": ({ reference, hypothesis }) =>
    wordDistance(reference.split(" "), hypothesis.split(" ")) / reference.split(" ").length,
  perplexity: ({ probabilities }) => product(probabilities) ** (-1 / probabilities.length),
  "token-accuracy": ({ references, hypotheses }) => {
    const given = hypotheses.flat();
    return mean(references.flat().map((tag: number, i: number) => Number(tag === given[i])));
  },
};

const numericIds = quizItems({ kind: "numeric" }).map(({ id }) => id);
const drawn = (id: string, seed: number) => quizItem(id, seed) as NumericItem;
const flat = (given: unknown): unknown[] =>
  typeof given === "object" && given !== null ? Object.values(given).flatMap(flat) : [given];

describe("numeric items", () => {
  it("have an oracle each, and there are at least 25", () => {
    expect(Object.keys(oracles).sort()).toEqual(numericIds.toSorted());
    expect(numericIds.length).toBeGreaterThanOrEqual(25);
  });

  it.each(numericIds)("%s: the key is that of its definition", (id) => {
    for (const seed of SEEDS) {
      const { answer, given, tolerance } = drawn(id, seed);
      expect(Number.isFinite(answer)).toBe(true);
      // far closer than an answer must be: float32 weights and losses quoted to four digits are the least exact
      expect(Math.abs(oracles[id](given) - answer), `seed ${seed}`).toBeLessThanOrEqual(tolerance / 10 + 1e-9);
    }
  });

  it.each(numericIds)("%s: what is given stands in the prompt", (id) => {
    for (const seed of SEEDS) {
      const { prompt, reason, given, slips } = drawn(id, seed);
      // no digits that rounding leaves, and signs as they are typeset
      expect([prompt, reason, ...slips.map(({ why }) => why)].join(" ")).not.toMatch(
        /[1-9][\d.]{9}|\d[eE][-+]\d|[ [(]-\d|−−/,
      );
      for (const value of flat(given)) expect(prompt).toContain(typeof value === "number" ? minus(value) : value);
    }
  });

  it.each(numericIds)("%s: its key is right, its slips are not and are told apart from it", (id) => {
    for (const seed of SEEDS) {
      const item = drawn(id, seed);
      expect(markAnswer(item, item.answer).right).toBe(true);
      expect(markAnswer(item, String(item.answer)).right).toBe(true);
      if (item.tolerance > 0)
        expect(markAnswer(item, Number(item.answer.toPrecision(3))).right, `seed ${seed}`).toBe(true);
      for (const { value, why } of item.slips) {
        expect(markAnswer(item, value)).toMatchObject({ right: false, whyNot: expect.stringContaining(why) });
      }
      for (const off of [-2, 2]) {
        const near = item.answer + off * Math.max(item.tolerance, 0.5 * Number(item.tolerance === 0));
        expect(markAnswer(item, near).right, `seed ${seed}, ${near}`).toBe(false);
      }
    }
  });

  it("differ from seed to seed, but for the lecture's own", () => {
    for (const id of numericIds) {
      const prompts = new Set(SEEDS.map((seed) => drawn(id, seed).prompt));
      if (drawn(id, 0).topic === "lecture") expect(prompts.size).toBe(1);
      else expect(prompts.size, id).toBeGreaterThan(4);
    }
  });
});

describe("the item collapse", () => {
  it("has the reading by definition as its key, and takes no other", () => {
    const readings = SEEDS.map((seed) => {
      const item = quizItem("collapse", seed) as FillInItem;
      const [, alignment] = /alignment (\S+) read/.exec(item.prompt) as RegExpExecArray;
      expect(item.answer).toBe(reads(alignment));
      expect(
        collapse(
          Array.from(alignment, (symbol) => symbol.charCodeAt(0)),
          45,
        ),
      ).toEqual(Array.from(item.answer, (symbol) => symbol.charCodeAt(0)));
      expect(markAnswer(item, item.answer.toLowerCase()).right).toBe(true);
      expect(markAnswer(item, `${item.answer}S`).right).toBe(false);
      return item.answer;
    });
    expect(readings).toContain("BOK"); // a repeat whose blank was taken away
  });
});
