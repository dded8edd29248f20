import { Random } from "../core/random.js";
import type { Problem, ProblemKind } from "./problem.js";

const tenths = (random: Random, least: number, most: number): number =>
  Math.round(10 * least + random.integer(10 * (most - least) + 1)) / 10;

const list = <Item>(size: number, draw: (i: number) => Item): Item[] => Array.from({ length: size }, (_, i) => draw(i));

/** Probabilities of `size` classes in hundredths that sum to 1, none of them 0. */
function distribution(random: Random, size: number): number[] {
  const cuts = random
    .shuffle(list(99, (i) => i + 1))
    .slice(0, size - 1)
    .toSorted((a, b) => a - b);
  return [...cuts, 100].map((cut, i) => (cut - (cuts[i - 1] ?? 0)) / 100);
}

function pairs(random: Random): { targets: number[]; outputs: number[] } {
  const size = 3 + random.integer(3);
  const draw = () => tenths(random, -5, 5);
  return { targets: list(size, draw), outputs: list(size, draw) };
}

const WORDS = ["BOOK", "CAT", "TREE", "BALL", "SUN", "EGG", "FOOT", "RAIN", "DOOR", "PEN"];

/** Different strings that read as the word, or nearly. */
function alignmentsOf(random: Random, word: string): string[] {
  const found = new Set<string>();
  while (found.size < 3) {
    const symbols = Array.from(word, (symbol, u) => {
      const repeats = u > 0 && word[u - 1] === symbol;
      const gap = random.uniform() < (repeats ? 0.7 : 0.4) ? "-" : "";
      return gap + symbol.repeat(random.uniform() < 0.25 ? 2 : 1);
    });
    found.add(symbols.join("") + (random.uniform() < 0.3 ? "-" : ""));
  }
  return [...found];
}

const makers: Readonly<Record<ProblemKind, (random: Random) => Problem>> = {
  alignments(random) {
    const target = WORDS[random.integer(WORDS.length)];
    const symbols = ["-", ...new Set(target)];
    const shares = distribution(random, symbols.length);
    const probabilities = Object.fromEntries(symbols.map((symbol, i) => [symbol, shares[i]]));
    return { kind: "alignments", target, alignments: alignmentsOf(random, target), probabilities, blank: "-" };
  },
  sequenceHinge(random) {
    const size = 3 + random.integer(3);
    const targets = list(size, () => 2 * random.integer(2) - 1);
    const reduction = random.integer(2) === 0 ? "mean" : "sum";
    return { kind: "sequenceHinge", targets, scores: targets.map(() => tenths(random, -2, 2)), reduction };
  },
  meanSquaredError: (random) => ({ kind: "meanSquaredError", ...pairs(random) }),
  crossEntropy(random) {
    const size = 3 + random.integer(3);
    return { kind: "crossEntropy", logits: list(size, () => tenths(random, -2, 3)), label: random.integer(size) };
  },
  ctc(random) {
    const classes = 3;
    const frames = 3 + random.integer(2);
    const label = list(1 + random.integer(2), () => 1 + random.integer(classes - 1));
    return { kind: "ctc", probabilities: list(frames, () => distribution(random, classes)), label, blank: 0 };
  },
  policyGradient(random) {
    const size = 3 + random.integer(2);
    return {
      kind: "policyGradient",
      rewards: list(size, () => random.integer(4)),
      discount: [0.5, 0.8, 0.9][random.integer(3)],
      probabilities: list(size, () => (1 + random.integer(19)) / 20),
    };
  },
  binaryCrossEntropy(random) {
    const size = 3 + random.integer(3);
    return {
      kind: "binaryCrossEntropy",
      targets: list(size, () => random.integer(2)),
      probabilities: list(size, () => (1 + random.integer(19)) / 20),
    };
  },
  huberLoss: (random) => ({ kind: "huberLoss", ...pairs(random), delta: [0.5, 1, 1.5, 2][random.integer(4)] }),
  quantileLoss: (random) => ({
    kind: "quantileLoss",
    ...pairs(random),
    quantile: [0.1, 0.25, 0.75, 0.9][random.integer(4)],
  }),
  rankingHinge(random) {
    const size = 3 + random.integer(3);
    return {
      kind: "rankingHinge",
      wanted: tenths(random, -1, 3),
      others: list(size, () => tenths(random, -2, 3)),
      margin: [0.5, 1, 2][random.integer(3)],
    };
  },
  perplexity: (random) => ({
    kind: "perplexity",
    probabilities: list(3 + random.integer(3), () => (1 + random.integer(19)) / 20),
  }),
  backpropagation: (random) => ({
    kind: "backpropagation",
    weight: (1 + random.integer(20)) / 10,
    states: list(3 + random.integer(3), () => (random.integer(19) - 9) / 10),
  }),
  clipping: (random) => ({
    kind: "clipping",
    gradient: list(2 + random.integer(3), () => tenths(random, -5, 5)),
    most: [1, 2, 5][random.integer(3)],
  }),
};

/**
 * A problem with new numbers, the same for the same seed. `solveProblem` has its key.
 *
 * @example
 * generateProblem("crossEntropy", 1).kind // "crossEntropy"
 */
export function generateProblem(kind: ProblemKind, seed: number): Problem {
  return makers[kind](new Random(seed, 1));
}
