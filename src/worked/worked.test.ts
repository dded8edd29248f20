import { describe, expect, it } from "vitest";
import { binaryCrossEntropy } from "../losses/binary.js";
import { crossEntropy } from "../losses/crossEntropy.js";
import { sequenceHingeLoss } from "../losses/hinge.js";
import { rankingHingeLoss } from "../losses/ranking.js";
import { huberLoss, meanSquaredError, quantileLoss } from "../losses/regression.js";
import { alignments as everyAlignment } from "../reference/alignments.js";
import { agrees, checkSolution } from "./checkSolution.js";
import { generateProblem } from "./generate.js";
import { keyOf, rightValues } from "./key.js";
import { divergences, lectureProblems } from "./lecture.js";
import { type Problem, problemKinds, readProblem } from "./problem.js";
import { readsAs } from "./readsAs.js";
import { solveAlignments } from "./solveAlignments.js";
import { solveProblem } from "./solveProblem.js";

const SEEDS = Array.from({ length: 60 }, (_, seed) => seed);
const rounded = (x: number) => Number(x.toPrecision(6));
const { hello, deep, hinge } = lectureProblems;

describe("the lecture's problems", () => {
  it.each([
    ["hello", [0.00018816, 0.0009408, 0.0009408], 0.00206976, 6.1803, 0.00112896, 6.7865, [true, false, true]],
    ["deep", [0.0095256, 0.031752, 0.031752], 0.0730296, 2.6169, 0.0412776, 3.1874, [true, false, true]],
    ["123", [0.02016, 0.1008, 0.1008], 0.22176, 1.5062, 0.22176, 1.5062, [true, true, true]],
  ] as const)(
    "%s: products, sums, losses, and which strings are alignments",
    (name, products, sum, loss, validSum, validLoss, valid) => {
      const { problem } = lectureProblems[name as "hello"];
      const solved = solveAlignments(problem);
      expect(solved.alignments.map(({ product }) => product)).toEqual(products.map((p) => expect.closeTo(p, 12)));
      expect(solved.alignments.map((alignment) => alignment.valid)).toEqual(valid);
      expect(solved.asWritten.sum).toBeCloseTo(sum, 12);
      expect(solved.asWritten.loss).toBeCloseTo(loss, 4);
      expect(solved.validOnly.sum).toBeCloseTo(validSum, 12);
      expect(solved.validOnly.loss).toBeCloseTo(validLoss, 4);
    },
  );

  it("have a CTC loss over every alignment of a length: listed and added up", () => {
    for (const name of ["deep", "123"] as const) {
      const { target, probabilities } = lectureProblems[name].problem;
      const symbols = Object.keys(probabilities);
      const total = symbols.reduce((sum, symbol) => sum + probabilities[symbol], 0);
      const label = Array.from(target, (symbol) => symbols.indexOf(symbol));
      const [{ frames, alignments, normalised, asGiven }] = solveAlignments(
        lectureProblems[name].problem,
        [6],
      ).complete;
      const every = everyAlignment(6, symbols.length, label, symbols.indexOf("-"));
      expect([frames, Number(alignments)]).toEqual([6, every.length]);
      const sumOf = (scale: number) =>
        every.reduce((sum, path) => sum + path.reduce((p, k) => p * (probabilities[symbols[k]] / scale), 1), 0);
      expect(asGiven).toBeCloseTo(-Math.log(sumOf(1)), 10);
      expect(normalised).toBeCloseTo(-Math.log(sumOf(total)), 10);
    }
  });

  it("HELLO fits no fewer than 6 frames", () => {
    const complete = solveAlignments(hello.problem, [5, 6]).complete;
    expect(complete.map(({ normalised }) => Number.isFinite(normalised))).toEqual([false, true]);
    expect(complete.map(({ alignments }) => Number(alignments))).toEqual([0, 1]);
  });

  it("HELLO's printed answer first parts at the fourth factor: 0.7 for P(-) = 0.2", () => {
    const [first, ...others] = divergences(hello.problem, hello.printed as NonNullable<typeof hello.printed>);
    expect(first).toMatchObject({ place: "alignment 1, factor 4", printed: "0.7", right: "0.2" });
    expect(others.map(({ printed }) => printed)).toContain("HE-L-LO");
  });

  it("say what is wrong with them", () => {
    expect(solveAlignments(hello.problem).warnings).toEqual([
      expect.stringMatching(/H-E-LL-O reads as HELO, not HELLO/),
      expect.stringMatching(/9 and 8 symbols/),
      expect.stringMatching(/sum to 2.8/),
    ]);
    const clean = { ...deep.problem, alignments: ["D-E-E-P"], probabilities: { D: 0.3, E: 0.3, P: 0.2, "-": 0.2 } };
    expect(solveAlignments(clean).warnings).toEqual([]);
    expect(solveAlignments({ ...clean, alignments: ["DE-E-P", "DE-E-P"] }).warnings).toEqual([
      "DE-E-P is listed twice.",
    ]);
  });

  it("the hinge: 0.2, 0.5, 0.7, sum 1.4, mean 0.467", () => {
    expect(solveProblem(hinge.problem).map(({ value }) => rounded(value))).toEqual([0.2, 0.5, 0.7, 1.4, 0.466667]);
  });
});

describe("readsAs", () => {
  it.each([
    ["H-E-L-L-O", "HELLO"],
    ["H-E-LL-O", "HELO"],
    ["--AA_", "A_"],
    ["A-A", "AA"],
    ["---", ""],
  ])("%s reads as %s", (text, read) => {
    expect(readsAs(text, "-")).toBe(read);
  });
});

/** The last step by other means than the key's. */
function independent(problem: Problem): number {
  switch (problem.kind) {
    case "alignments":
      return solveAlignments(problem).validOnly.loss;
    case "sequenceHinge": {
      const per = problem.reduction === "sum" ? "sequence" : "step";
      return sequenceHingeLoss([problem.scores], [problem.targets], { per }).value;
    }
    case "meanSquaredError":
      return meanSquaredError(problem.outputs, problem.targets).value;
    case "crossEntropy":
      return crossEntropy([problem.logits], [problem.label]).value;
    case "ctc": {
      const { probabilities: rows, label, blank = 0 } = problem;
      const every = everyAlignment(rows.length, rows[0].length, label, blank);
      return -Math.log(every.reduce((sum, path) => sum + path.reduce((p, k, t) => p * rows[t][k], 1), 0));
    }
    case "policyGradient": {
      const { rewards, discount, probabilities } = problem;
      let [next, loss] = [0, 0];
      for (let t = rewards.length - 1; t >= 0; t--) {
        next = rewards[t] + discount * next;
        loss -= next * Math.log(probabilities[t]);
      }
      return loss;
    }
    case "binaryCrossEntropy": {
      const logits = problem.probabilities.map((p) => Math.log(p / (1 - p)));
      return binaryCrossEntropy([logits], [problem.targets]).value;
    }
    case "huberLoss":
      return huberLoss(problem.outputs, problem.targets, { delta: problem.delta }).value;
    case "quantileLoss":
      return quantileLoss(problem.outputs, problem.targets, { quantile: problem.quantile }).value;
    case "rankingHinge":
      return rankingHingeLoss([[problem.wanted, ...problem.others]], [0], { margin: problem.margin }).value;
    case "perplexity":
      return problem.probabilities.reduce((product, p) => product * p, 1) ** (-1 / problem.probabilities.length);
    case "backpropagation": {
      const { states, weight } = problem;
      return weight ** states.length * Math.exp(states.reduce((sum, h) => sum + Math.log1p(-h * h), 0));
    }
    case "clipping": {
      const { gradient, most } = problem;
      const length = gradient.reduce((sum, g) => sum + g * g, 0) ** 0.5;
      return length > most ? ((gradient.at(-1) as number) / length) * most : (gradient.at(-1) as number);
    }
  }
}

describe.each(problemKinds)("%s problems", (kind) => {
  it("have a key that another computation confirms, and read back as they were made", () => {
    for (const seed of SEEDS) {
      const problem = generateProblem(kind, seed);
      expect(readProblem(JSON.parse(JSON.stringify(problem)))).toEqual(problem);
      const last = solveProblem(problem).at(-1)?.value as number;
      const exact = independent(problem);
      if (Number.isFinite(exact)) expect(last).toBeCloseTo(exact, 10);
      else expect(last).toBe(exact);
    }
  });

  it("are found right when they are, also in rounded numbers", () => {
    for (const seed of SEEDS) {
      const problem = generateProblem(kind, seed);
      const steps = solveProblem(problem).map(({ name, value }) => ({ name, value: rounded(value) }));
      const checked = checkSolution({ problem, steps });
      expect(checked.correct, JSON.stringify(checked)).toBe(true);
      expect(checked.missing).toEqual([]);
    }
  });

  it("name every slip that can be told from the right value, and let what follows from it stand", () => {
    let named = 0;
    for (const seed of SEEDS.slice(0, 20)) {
      const problem = generateProblem(kind, seed);
      const key = keyOf(problem);
      const right = rightValues(key);
      key.forEach((step, at) => {
        for (const { slip, compute } of step.slips) {
          const value = compute((name) => right.get(name) as number);
          if (!Number.isFinite(value) || agrees(rounded(value), right.get(step.name) as number)) continue;
          const values = new Map([...right].slice(0, at));
          values.set(step.name, rounded(value));
          for (const later of key.slice(at + 1)) {
            values.set(later.name, rounded(later.compute((name) => values.get(name) as number)));
          }
          const steps = [...values].map(([name, written]) => ({ name, value: written }));
          const writable = steps.filter((line) => !Number.isNaN(line.value));
          const { firstWrong, steps: checked } = checkSolution({ problem, steps: writable });
          expect(firstWrong?.name, slip).toBe(step.name);
          const same = step.slips.find((other) =>
            agrees(
              rounded(value),
              other.compute((name) => right.get(name) as number),
            ),
          );
          expect(firstWrong?.slip).toBe(same?.slip);
          expect(checked.filter(({ verdict }) => verdict === "wrong")).toHaveLength(1);
          named++;
        }
      });
    }
    expect(named).toBeGreaterThan(50);
  });
});

describe("checkSolution", () => {
  const problem: Problem = { kind: "meanSquaredError", targets: [1, 2, 4], outputs: [2, 4, 1] };

  it("takes a number as right as far as it is written, but not to one digit", () => {
    expect(agrees(0.467, 0.4666667)).toBe(true);
    expect(agrees(0.466, 0.4666667)).toBe(false);
    expect(agrees(0.5, 0.4666667)).toBe(false);
    expect(agrees(5, 4.666)).toBe(false);
    expect(agrees(1.5e-7, 1.499e-7)).toBe(true);
    expect(agrees(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY)).toBe(true);
  });

  it("says which steps are left out, and checks the rest", () => {
    const { correct, missing } = checkSolution({ problem, steps: [{ name: "loss", value: 4.67 }] });
    expect(correct).toBe(true);
    expect(missing).toEqual(["square 1", "square 2", "square 3", "sum"]);
  });

  it("owns up where no known slip leads to a number", () => {
    const { firstWrong } = checkSolution({ problem, steps: [{ name: "sum", value: 13.7 }] });
    expect(firstWrong).toMatchObject({ name: "sum", right: 14 });
    expect(firstWrong?.slip).toBeUndefined();
  });

  it("finds the lecture's own slip in HELLO", () => {
    const wrong = 0.6 * 0.2 * 0.5 * 0.7 * 0.7 * 0.2 * 0.7 * 0.2 * 0.8;
    const { firstWrong } = checkSolution({
      problem: hello.problem,
      steps: [{ name: "alignment 1", value: rounded(wrong) }],
    });
    expect(firstWrong?.slip).toBe("A factor P(-) = 0.2 was taken as P(L) = 0.7.");
    const all = checkSolution({ problem: hello.problem, steps: [{ name: "sum", value: 0.00206976 }] });
    expect(all.firstWrong?.slip).toMatch(/no alignment of HELLO was counted: H-E-LL-O reads as HELO/);
  });

  it.each([
    [{ problem, steps: [] }, /steps is \[\]/],
    [{ problem, steps: [{ name: "total", value: 1 }] }, /steps\[0\].name is "total"; expected "square 1" or/],
    [{ problem, steps: [{ name: "sum", value: "1" }] }, /steps\[0\].value is "1"; expected a number/],
    [
      {
        problem,
        steps: [
          { name: "sum", value: 1 },
          { name: "sum", value: 1 },
        ],
      },
      /each step once/,
    ],
    [{ problem: { kind: "mse" }, steps: [] }, /kind is "mse"; expected "alignments" or/],
    [{ steps: [] }, /the problem is undefined/],
  ])("refuses %j", (solution, message) => {
    expect(() => checkSolution(solution as never)).toThrow(message);
  });
});

describe("readProblem", () => {
  it.each([
    [{ ...hello.problem, probabilities: { H: 0.5 } }, /"E"; expected symbols that have a probability/],
    [{ ...hello.problem, target: "HE-LO" }, /a word without the blank/],
    [{ ...hello.problem, alignments: [] }, /alignments is \[\]/],
    [{ ...hello.problem, probabilities: { ...hello.problem.probabilities, H: 2 } }, /probabilities\[H\] is 2/],
    [{ kind: "sequenceHinge", targets: [0], scores: [1] }, /targets\[0\] is 0; expected -1 or 1/],
    [{ kind: "sequenceHinge", targets: [1, 1], scores: [1] }, /size of scores is 1; expected 2/],
    [{ kind: "crossEntropy", logits: [0, 1], label: 2 }, /label is 2; expected a class in 0..1/],
    [{ kind: "ctc", probabilities: [[0.5, 0.4]], label: [1] }, /sum of probabilities\[0\] is 0.9/],
    [{ kind: "ctc", probabilities: [[0.5, 0.5]], label: [0] }, /label\[0\] is 0; .*other than the blank/],
    [{ kind: "policyGradient", rewards: [1], probabilities: [1], discount: 2 }, /discount is 2/],
    [[], /the problem is \[\]/],
  ])("refuses %j", (problem, message) => {
    expect(() => readProblem(problem)).toThrow(message);
  });
});
