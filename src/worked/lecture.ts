import type { AlignmentsProblem, SequenceHingeProblem } from "./problem.js";

/** What a page prints as the answer, to be set beside the right one. */
export interface PrintedAlignment {
  /** As the solution calls it. */
  readonly text: string;
  readonly factors: readonly number[];
  readonly product: number;
}

export interface PrintedAnswer {
  readonly alignments: readonly PrintedAlignment[];
  readonly sum: number;
  readonly loss: number;
}

export interface LectureProblem<Kind> {
  readonly title: string;
  readonly problem: Kind;
  /** Absent where the lecture sets the problem without solving it. */
  readonly printed?: PrintedAnswer;
}

/** The worked problems of the lecture "Loss functions in RNNs". */
export const lectureProblems: {
  readonly hello: LectureProblem<AlignmentsProblem>;
  readonly deep: LectureProblem<AlignmentsProblem>;
  readonly 123: LectureProblem<AlignmentsProblem>;
  readonly hinge: LectureProblem<SequenceHingeProblem> & { readonly printedMean: number };
} = {
  hello: {
    title: 'Speech recognition: "HELLO"',
    problem: {
      kind: "alignments",
      target: "HELLO",
      alignments: ["H-E-L-L-O", "H-E-LL-O", "HE-L-L-O"],
      probabilities: { "-": 0.2, H: 0.6, E: 0.5, L: 0.7, O: 0.8 },
    },
    printed: {
      alignments: [
        { text: "H-E-L-L-O", factors: [0.6, 0.2, 0.5, 0.7, 0.7, 0.8, 0.5, 0.7, 0.8], product: 0.00659 },
        { text: "HE-L-LO", factors: [0.6, 0.5, 0.2, 0.7, 0.7, 0.8, 0.5, 0.8], product: 0.00941 },
        { text: "H-EL-L-O", factors: [0.6, 0.2, 0.5, 0.7, 0.5, 0.7, 0.8, 0.8], product: 0.00941 },
      ],
      sum: 0.0254,
      loss: 3.673,
    },
  },
  deep: {
    title: 'Handwriting recognition: "DEEP"',
    problem: {
      kind: "alignments",
      target: "DEEP",
      alignments: ["D-E-E-P", "D-EE-P", "DE-E-P"],
      probabilities: { "-": 0.3, D: 0.8, E: 0.7, P: 0.9 },
    },
  },
  123: {
    title: 'Number recognition: "123"',
    problem: {
      kind: "alignments",
      target: "123",
      alignments: ["1-2-3", "1-23", "12-3"],
      probabilities: { "-": 0.2, 1: 0.9, 2: 0.7, 3: 0.8 },
    },
  },
  hinge: {
    title: "Hinge loss for sequences",
    problem: { kind: "sequenceHinge", targets: [1, -1, 1], scores: [0.8, -0.5, 0.3], reduction: "mean" },
    printedMean: 0.467,
  },
};

/** Where a printed number parts from the right one. */
export interface Divergence {
  /** What it is about: "alignment 1". */
  readonly place: string;
  readonly printed: string;
  readonly right: string;
  readonly note: string;
}

/**
 * The places where a printed answer parts from the problem it answers, in order.
 *
 * @example
 * const { problem, printed } = lectureProblems.hello;
 * divergences(problem, printed)[0].place // "alignment 1, factor 4"
 */
export function divergences({ alignments, probabilities }: AlignmentsProblem, printed: PrintedAnswer): Divergence[] {
  const found: Divergence[] = [];
  const show = (x: number) => String(Number(x.toPrecision(6)));
  printed.alignments.forEach(({ text, factors, product }, i) => {
    const place = `alignment ${i + 1}`;
    const asked = alignments[i];
    if (text !== asked) {
      found.push({
        place,
        printed: text,
        right: asked,
        note: "The solution names another string than the problem lists.",
      });
    }
    const symbols = Array.from(asked);
    const first = symbols.findIndex((symbol, t) => probabilities[symbol] !== factors[t]);
    if (first >= 0) {
      const symbol = symbols[first];
      found.push({
        place: `${place}, factor ${first + 1}`,
        printed: factors[first] === undefined ? "none" : show(factors[first]),
        right: show(probabilities[symbol]),
        note: `Symbol ${first + 1} of ${asked} is "${symbol}", with P(${symbol}) = ${probabilities[symbol]}.`,
      });
    }
    const multiplied = factors.reduce((p, factor) => p * factor, 1);
    if (Math.abs(multiplied - product) > 0.005 * multiplied) {
      found.push({
        place: `${place}, product`,
        printed: show(product),
        right: show(multiplied),
        note: "Even the printed factors multiply to something else.",
      });
    }
  });
  const sum = printed.alignments.reduce((total, { product }) => total + product, 0);
  if (Math.abs(sum - printed.sum) > 0.005 * sum) {
    found.push({
      place: "sum",
      printed: show(printed.sum),
      right: show(sum),
      note: "The printed products add up to something else.",
    });
  }
  const loss = -Math.log(printed.sum);
  if (Math.abs(loss - printed.loss) > 0.0006) {
    found.push({
      place: "loss",
      printed: show(printed.loss),
      right: show(loss),
      note: "−ln of the printed sum is something else.",
    });
  }
  return found;
}
