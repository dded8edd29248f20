// What is said of a step of a worked problem beside its formula: the numbers put in, and why it is there.
import type { Problem, SolvedStep } from "../../src/index.js";
import { shown } from "./number.js";

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** The formula with the values of earlier steps, and of symbols, in place of their names; empty where it has none of them. */
export function numbersIn(formula: string, earlier: readonly SolvedStep[], problem: Problem): string {
  const symbols = problem.kind === "alignments" ? Object.entries(problem.probabilities) : [];
  const named = [
    ...symbols.map(([symbol, p]) => [`P(${symbol})`, String(p)] as const),
    ...earlier.map(({ name, value }) => [name, value < 0 ? `(${shown(value)})` : shown(value)] as const),
  ].toSorted(([a], [b]) => b.length - a.length);
  if (named.length === 0) return "";
  const values = new Map(named);
  const places = new RegExp(named.map(([name]) => escaped(name)).join("|"), "g");
  const [arithmetic] = formula.split(":");
  const text = arithmetic.replace(places, (name) => values.get(name) as string);
  return text === arithmetic ? "" : text;
}

type Reasons = readonly (readonly [RegExp, string])[];

const mean: Reasons = [
  [/^sum$/, "Steps do not know of one another: what they cost adds up."],
  [/^loss$/, "Divided by the steps, a long sequence weighs no more than a short one, and learning rates carry over."],
];

const likelihood = "−ln of a probability: 0 where it is 1, without bound towards 0, and sums of it stand for products.";

const reasons: Readonly<Record<Problem["kind"], Reasons>> = {
  alignments: [
    [
      /^alignment/,
      "Given the input, frames are independent: the probability of a path is the product of what it takes at each.",
    ],
    [
      /^sum$/,
      "The label came by one of the paths, nobody knows which: probabilities of what excludes each other add up.",
    ],
    [/^loss$/, likelihood],
  ],
  sequenceHinge: [
    [
      /^(term|hinge|step)/,
      "y·ŷ is how far the score is on the right side; from 1 on there is nothing left to ask for.",
    ],
    ...mean,
  ],
  meanSquaredError: [
    [/^square/, "The square makes both signs count, and large errors more than in proportion."],
    ...mean,
  ],
  crossEntropy: [
    [/^sum of/, "e to the power makes every score positive and keeps their order; the sum makes shares of them."],
    [/^probability/, "Divided by the sum, the shares of all classes add up to 1."],
    [/^loss$/, likelihood],
  ],
  ctc: [
    [/^loss$/, likelihood],
    [
      /./,
      "Every alignment that reads as the label counts, each with the product of its frames; the sum is over all of them.",
    ],
  ],
  policyGradient: [
    [/^return/, "An action is answerable for what comes after it, the sooner the more; never for what was before."],
    [/^part/, "Its slope makes an action likelier in proportion to the return that followed."],
    [/^loss$/, "The parts of an episode add up: the expected return is that of whole episodes."],
  ],
  binaryCrossEntropy: [[/^term/, "What counts is what the model gave to what came: p to a 1, 1 − p to a 0."], ...mean],
  huberLoss: [
    [/^term/, "Near the target the slope fades, so that it settles; far from it an outlier pulls no harder than δ."],
    ...mean,
  ],
  quantileLoss: [
    [/^term/, "Being too low costs q and too high 1 − q: they balance where a share q of the targets is below."],
    ...mean,
  ],
  rankingHinge: [
    [/^term/, "Only who comes within the margin costs something; the rest of the ranking is good enough."],
    [/^loss$/, "Every rival within the margin is to be pushed down, so all of them count."],
  ],
  perplexity: [
    [/^surprise/, likelihood],
    [/^sum$/, "Probabilities of a text multiply, so surprises add up."],
    [/^loss$/, "A mean lets texts of different lengths be compared."],
    [/^perplexity/, "The number of equally likely symbols that would surprise as much."],
  ],
  backpropagation: [
    [/^factor/, "A state moves the next through u and through the slope of tanh where the unit is, 1 − h²."],
    [/^gradient/, "The chain rule multiplies what each step passes on: below 1 it vanishes, above 1 it explodes."],
  ],
  clipping: [
    [/^norm/, "All entries together say how long the step would be."],
    [/^scale/, "What is short enough is left alone; what is too long is brought to the bound."],
    [/^clipped/, "One factor for all entries: the step gets shorter, and keeps its direction."],
  ],
};

/** Why a step is there; undefined where nothing is known of it. */
export const whyOf = (kind: Problem["kind"], name: string): string | undefined =>
  reasons[kind].find(([pattern]) => pattern.test(name))?.[1];
