import { describe, expect, it } from "vitest";
import {
  chooseLoss,
  ctcAlignments,
  ctcLoss,
  huberLoss,
  lectureProblems,
  lossCatalogue,
  quizItems,
  Random,
  transducerLoss,
} from "../../../src/index.js";
import { chancesOf, pastedChances, withChance } from "../../models/chances.js";
import {
  columnSums,
  drawLattice,
  latticeViews,
  moveCursor,
  nodeSentence,
  recurrences,
} from "../../models/ctcLattice.js";
import { drawCurves, outputAt, placeName, stepped } from "../../models/curve.js";
import { float32Sentence, float32Sums } from "../../models/float32Sums.js";
import { prefixTree } from "../../models/prefixTree.js";
import { drawReach, unroll } from "../../models/reach.js";
import { statement } from "../../models/statement.js";
import { numbersIn, whyOf } from "../../models/workedStep.js";
import { spectralRadius } from "../spectralRadius.js";
import { home } from "./chooser.js";
import { collapsed, ctcScreen, decode, everyAlignment, lattice } from "./ctc.js";
import { presets } from "./ctcPresets.js";
import { symbolsOf } from "./ctcSymbols.js";
import { discussions, read } from "./discuss.js";
import { gradientScreen } from "./gradients.js";
import { gallery, lossScreen, atRest as lossState, names } from "./losses.js";
import { pictures } from "./pictures.js";
import { check, kinds, problemScreen } from "./problems.js";
import { mark, quizScreen } from "./quiz.js";

const state = {
  family: "ctc" as const,
  label: "HELLO",
  frames: 8,
  source: "symbol" as const,
  weights: [],
  grid: [],
  seed: 1,
  normalised: false,
  built: "",
  beam: 4,
  blankLast: false,
  pins: [],
};

/** Every path of a lattice, listed: only for small ones. */
function brute(
  label: readonly number[],
  rows: readonly (readonly number[])[],
): { count: number; sum: number; through: Map<string, number> } {
  const through = new Map<string, number>();
  let [count, sum] = [0, 0];
  const walk = (path: number[], weight: number) => {
    if (path.length === rows.length) {
      if (weight === 0 || collapsed(path, rows[0].length).join() !== label.join()) return;
      count++;
      sum += weight;
      path.forEach((k, t) => through.set(`${t} ${k}`, (through.get(`${t} ${k}`) ?? 0) + weight));
      return;
    }
    rows[path.length].forEach((p, k) => walk([...path, k], weight * p));
  };
  walk([], 1);
  return { count, sum, through };
}

describe("the lattice", () => {
  it.each([
    ["HELLO", 6, "1"],
    ["HELLO", 7, "11"],
    ["HELLO", 8, "66"],
    ["HELLO", 10, "1001"],
    ["HELLO", 20, "1961256"],
    ["DEEP", 4, "0"],
    ["DEEP", 5, "1"],
    ["DEEP", 6, "9"],
    ["123", 3, "1"],
    ["123", 4, "7"],
    ["123", 5, "28"],
  ])("of %s in %i frames has %s alignments", (label, frames, count) => {
    expect(ctcScreen({ ...state, label, frames }).lattice.count).toBe(count);
  });

  it("says of the lecture's HELLO what the library says", () => {
    const { lattice: found } = ctcScreen(state);
    expect(found.loss).toBeCloseTo(1.3198, 4);
    expect(found.warnings.join(" ")).toContain("2.8");
    expect(found.warnings.join(" ")).toContain("T = 11");
    expect(ctcScreen({ ...state, frames: 11 }).lattice.loss).toBeLessThan(0);
    expect(ctcScreen({ ...state, label: "DEEP", frames: 4 }).lattice.loss).toBe(Number.POSITIVE_INFINITY);
  });

  it("agrees with a listing of every path, and with the gradient, on random cases", () => {
    const random = new Random(4);
    for (let i = 0; i < 40; i++) {
      const label = Array.from({ length: random.integer(4) }, () => "AB"[random.integer(2)]).join("");
      const symbols = symbolsOf(label);
      const frames = 1 + random.integer(6);
      const weights = Array.from({ length: frames }, () => symbols.map(() => random.uniform() + 0.01));
      const found = lattice({ kind: "ctc", label, frames, weights, seed: 1, normalised: false, built: [] });
      const ids = Array.from(label, (symbol) => symbols.indexOf(symbol));
      const { count, sum, through } = brute(ids, weights);
      expect(found.count).toBe(String(count));
      if (count === 0) continue;
      expect(found.loss).toBeCloseTo(-Math.log(sum), 10);
      for (const one of columnSums(found)) expect(one).toBeCloseTo(1, 10);
      found.occupancy.forEach((row, t) =>
        row.forEach((share, k) => expect(share).toBeCloseTo((through.get(`${t} ${k}`) ?? 0) / sum, 9)),
      );
      for (const line of recurrences(found, frames - 1, "alpha")) {
        const total = line.terms.reduce((all, { value }) => all + value, 0) || 1;
        expect(total * (line.factor?.value ?? 1)).toBeCloseTo(line.value, 9);
      }
      for (const line of recurrences(found, 0, "beta")) {
        if (line.terms.length > 0)
          expect(line.terms.reduce((all, { value }) => all + value, 0)).toBeCloseTo(line.value, 9);
      }
      expect(found.alignments.reduce((all, { share }) => all + share, 0)).toBeCloseTo(1, 9);
    }
  });

  it("normalises frames, and reads the transducer's loss", () => {
    const logs = Array.from({ length: 5 }, () => [0.2, 0.5, 0.3].map(Math.log));
    const question = { label: "AB", frames: 5, weights: [[2, 5, 3]], seed: 1, normalised: true, built: [] };
    expect(lattice({ ...question, kind: "ctc" }).loss).toBeCloseTo(ctcLoss([logs], [[1, 2]]).value, 10);
    const cells = [logs.map((row) => [row, row, row])];
    const found = lattice({ ...question, kind: "transducer" });
    expect(found.loss).toBeCloseTo(transducerLoss(cells, [[1, 2]]).value, 10);
    expect(found.best.length).toBe(5 + 2);
    expect(found.nodes[0].share).toBeCloseTo(1, 10);
  });

  it("marks a path that was built where it reads as the label, and only there", () => {
    const right = ctcScreen({ ...state, built: "HEL-LOOO" }).lattice;
    expect(right.built.map((i) => right.rows[right.nodes[i].row]).join("")).toBe("HEL∅LOOO");
    expect(ctcScreen({ ...state, built: "HELLOOOO" }).lattice.built).toEqual([]);
    expect(ctcScreen({ ...state, built: "HEL?" }).lattice.built).toEqual([]);
  });

  it("is drawn whole, its columns one by one, and read by a cursor", () => {
    const { lattice: found } = ctcScreen(state);
    for (const view of latticeViews) {
      const drawn = drawLattice(found, view);
      expect(drawn.nodes.length).toBe(8 * 11);
      expect(drawn.nodes.every(({ strength }) => strength >= 0 && strength <= 1 + 1e-12)).toBe(true);
      expect(drawn.edges.length).toBeGreaterThan(20);
      expect(nodeSentence(found, 1, view, false)).toContain("Frame 1, state H");
    }
    const shown = (step: number) =>
      drawLattice(found, "alpha", step).nodes.filter(({ strength }) => strength > 0).length;
    expect(shown(1)).toBeLessThan(shown(4));
    expect(moveCursor(found, 0, "End")).toBe(7 * 11);
    expect(moveCursor(found, 0, "ArrowUp")).toBe(0);
    expect(moveCursor(found, 0, "a")).toBeUndefined();
  });

  it.each(["ctc", "transducer"] as const)("counts and weighs what passes one node, and two: %s", (kind) => {
    const question = { kind, label: "AAB", frames: 6, weights: [], seed: 4, normalised: true, built: [] } as const;
    const found = lattice({ ...question, pins: kind === "ctc" ? [1 * 7 + 1, 4 * 7 + 4] : [1 * 4 + 1, 4 * 4 + 2] });
    const [a, b] = found.both!.pins.map((pin) => found.nodes[pin]);
    const rows = found.rows.length;
    const passes = ({ time, row }: { time: number; row: number }, path: readonly number[]) => {
      if (kind === "transducer") {
        let [t, u] = [0, 0];
        const seen = [`${t} ${u}`];
        for (const k of path) {
          if (k === 0) t++;
          else u++;
          seen.push(`${t} ${u}`);
        }
        return seen.includes(`${time} ${row}`);
      }
      let state = 0;
      const extended = found.rows.map((text) => found.symbols.indexOf(text));
      const walked = path.map((k, t) => {
        // a path's states: stay while the symbol stays, else go on to the next that reads it
        if (t === 0) state = k === extended[0] ? 0 : 1;
        else if (extended[state] !== k) state += extended[state + 1] === k ? 1 : 2;
        return state;
      });
      return walked[time] === row;
    };
    expect(BigInt(found.alignments.length)).toBe(BigInt(found.count));
    const through = (nodes: readonly { time: number; row: number }[]) =>
      found.alignments.filter(({ path }) => nodes.every((node) => passes(node, path)));
    const weight = (list: typeof found.alignments) => list.reduce((sum, { share }) => sum + share, 0);
    expect(rows).toBe(kind === "ctc" ? 7 : 4);
    expect(a.paths).toBe(String(through([a]).length));
    expect(a.share).toBeCloseTo(weight(through([a])), 10);
    expect(found.both!.paths).toBe(String(through([a, b]).length));
    expect(found.both!.share).toBeCloseTo(weight(through([a, b])), 10);
    expect(through([a, b]).length).toBeGreaterThan(0);
    expect(through([a, b]).length).toBeLessThan(through([a]).length);
  });

  it("says the same with the blank as the last class", () => {
    for (const family of ["ctc", "transducer"] as const) {
      const given = { ...state, family, label: "DEEP", frames: 7, built: "DE-EPP-" } as const;
      const first = ctcScreen(given);
      const last = ctcScreen({ ...given, blankLast: true });
      expect(last.lattice.symbols).toEqual([...first.lattice.symbols.slice(1), "∅"]);
      expect(last.given[0]).toEqual([...first.given[0].slice(1), first.given[0][0]]);
      expect(last.lattice.loss).toBeCloseTo(first.lattice.loss, 12);
      expect(last.lattice.built).toEqual(first.lattice.built);
      expect(last.lattice.gradient[2].at(-1)).toBeCloseTo(first.lattice.gradient[2][0], 12);
      expect(last.lattice.nodes.map(({ paths }) => paths)).toEqual(first.lattice.nodes.map(({ paths }) => paths));
      expect(last.decoded.greedy).toBe(first.decoded.greedy);
    }
  });

  it("draws alignments where they are too many to list", () => {
    const { lattice: few } = ctcScreen({ ...state, label: "AB", frames: 5 });
    expect(few.drawn).toEqual([]);
    const { lattice: many } = ctcScreen({ ...state, label: "HELLO", frames: 20 });
    expect(many.count).toBe("1961256");
    expect(many.alignments).toHaveLength(400);
    expect(many.drawn.reduce((sum, { times }) => sum + times, 0)).toBe(200);
    for (const { path } of many.drawn) {
      expect(collapsed(path, many.symbols.length).map((k) => many.symbols[k])).toEqual([..."HELLO"]);
    }
  });

  it("lists every alignment where they are up to 20,000", () => {
    for (const family of ["ctc", "transducer"] as const) {
      const given = { ...state, family, label: "ABA", frames: 6, source: "random" as const };
      const every = everyAlignment(given)!;
      const { alignments, count } = ctcScreen(given).lattice;
      expect(every.length).toBe(Number(count));
      expect(every.slice(0, 20).map(({ share }) => share.toFixed(9))).toEqual(
        alignments.slice(0, 20).map(({ share }) => share.toFixed(9)),
      );
      expect(every[0].path).toEqual(alignments[0].path);
      expect(every.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
    }
    expect(everyAlignment({ ...state, frames: 10 })?.length).toBe(1001);
    expect(everyAlignment({ ...state, frames: 20 })).toBeUndefined();
  });

  it("shows what products in float32 lose, and where", () => {
    const short = ctcScreen(state).lattice;
    expect(-Math.log(float32Sums(short).total)).toBeCloseTo(short.loss, 5);
    expect(float32Sums(short).lost.size).toBe(0);
    const long = presets().find(({ linear }) => linear)!;
    const { lattice: found } = ctcScreen({ ...state, label: long.label, frames: long.frames });
    const { total, from, lost } = float32Sums(found);
    expect([total, Number.isFinite(found.loss)]).toEqual([0, true]);
    expect(from).toBeGreaterThan(30);
    expect([...lost].every((node) => found.nodes[node].time + 1 >= from!)).toBe(true);
    expect(float32Sentence(float32Sums(found), found.loss, String)).toContain("would be +∞");
  });

  it("decodes: the beam finds what greedy misses", () => {
    const { decoded } = ctcScreen({ ...state, label: "A", frames: 2 });
    expect(decoded.greedy).toBe("");
    expect(decoded.greedyProbability).toBeCloseTo(0.36, 10);
    expect(decoded.frames[1][0]).toEqual({ text: "A", probability: expect.closeTo(0.64, 10) });
    expect(prefixTree(decoded).edges.some((edge) => edge.extends)).toBe(true);
    expect(decode([[0.5, 0.5]], ["∅", "A"], 1).frames[0].length).toBe(1);
  });

  it("has the lecture's words with their faults", () => {
    const [hello, deep, number] = presets();
    expect([hello.label, deep.label, number.label]).toEqual(["HELLO", "DEEP", "123"]);
    expect(hello.warnings.length).toBe(3);
    expect(hello.weights).toEqual([0.2, 0.6, 0.5, 0.7, 0.8]);
  });

  it("draws odd labels: none at all, one symbol, any script", () => {
    for (const label of ["", "A", "語é🙂", "AAAAAAAAAAAA", " - "]) {
      const { lattice: found } = ctcScreen({ ...state, label, frames: 3 });
      expect(found.rows.length % 2).toBe(1);
      expect(drawLattice(found, "gamma").nodes.length).toBe(3 * found.rows.length);
    }
  });
});

describe("every loss", () => {
  it("has a card, and is in the catalogue", () => {
    expect(names().map(({ name }) => name)).toEqual([...lossCatalogue.keys()]);
    expect(gallery().every(({ curve }) => curve.every(({ loss }) => Number.isFinite(loss)))).toBe(true);
  });

  it.each(names().map(({ name }) => name))("%s: curve, slope and steps agree", (name) => {
    const answer = lossScreen(name, lossState);
    expect(answer.difference).toBeCloseTo(answer.gradient[answer.place], 6);
    const { curve } = answer;
    const h = curve[1].x - curve[0].x;
    let near = 0;
    for (let i = 1; i + 1 < curve.length; i++) {
      const slope = (curve[i + 1].loss - curve[i - 1].loss) / (2 * h);
      if (Math.abs(slope - curve[i].slope) < 0.02 * (1 + Math.abs(slope))) near++;
    }
    expect(near).toBeGreaterThan(curve.length - 8); // but for a corner or two
    const drawn = drawCurves(answer);
    expect([drawn.loss.path, drawn.slope.path].every((path) => path.length > 100 && !path.includes("NaN"))).toBe(true);
    const costs = answer.cells.flatMap(({ loss }) => (loss === undefined ? [] : [loss]));
    if (costs.length > 0) {
      const sum = lossScreen(name, { ...lossState, reduction: "sum" });
      expect(costs.reduce((a, b) => a + b, 0)).toBeCloseTo(sum.value, 6);
    }
    expect(answer.typescript).toContain(name);
  });

  it("takes edits, options and padding, and leaves what makes no sense", () => {
    const moved = lossScreen("huberLoss", {
      ...lossState,
      edits: [
        [0, 3],
        [99, 1],
      ],
      parameters: [
        [0, 2.5],
        [7, 1],
      ],
      real: 2,
    });
    expect(moved.outputs[0]).toBe(3);
    expect(moved.parameters[0].value).toBe(2.5);
    expect(moved.cells.filter(({ padded }) => padded).length).toBe(2);
    expect(moved.cells.filter(({ padded }) => padded).every(({ gradient }) => gradient === 0)).toBe(true);
    const rivals = "meanSquaredError,nonsense,quantileLoss,meanSquaredError,meanAbsoluteError";
    const beside = lossScreen("huberLoss", { ...lossState, versus: rivals }).versus;
    expect(beside.map(({ name }) => name)).toEqual(["meanSquaredError", "quantileLoss", "meanAbsoluteError"]);
    expect(beside.every(({ curve }) => curve.length === 161)).toBe(true);
    expect(() => lossScreen("nonsense", lossState)).toThrow("nonsense");
  });

  it("takes targets and weights of steps, and what its mean is over", () => {
    const all = huberLoss([[2, 0]], [[0, 5]]).value;
    expect(all).toBeCloseTo((1.5 + 4.5) / 2);
    const changed = lossScreen("huberLoss", {
      ...lossState,
      goals: [
        [0, 7],
        [99, 1],
      ],
      weights: [
        [1, 0],
        [2, 3],
      ],
      per: "sequence",
    });
    const { outputs, targets } = changed;
    const goals = targets as number[][];
    expect(goals[0][0]).toBe(7);
    const weights = [
      [1, 0, 3, 1],
      [1, 1, 1, 1],
    ];
    const rows = [outputs.slice(0, 4), outputs.slice(4)];
    const { value, grad } = huberLoss(rows, goals, { weights, per: "sequence" });
    expect(changed.value).toBe(value);
    expect(changed.gradient).toEqual(Array.from(grad.data));
    expect(changed.cells[1]).toMatchObject({ weight: 0, gradient: 0 });
    expect(changed.typescript).toContain("weights");
    expect(
      lossScreen("crossEntropy", {
        ...lossState,
        goals: [
          [0, 2],
          [1, 9],
        ],
      }).targets,
    ).toEqual([
      [2, 0, 0, 1],
      [0, 0, 0, 0],
    ]);
    expect(lossScreen("categoricalCrossEntropy", { ...lossState, goals: [[0, 2]] }).goals[0].value).toBe(2);
    expect(lossScreen("ctcLoss", { ...lossState, goals: [[0, 2]], weights: [[0, 2]] }).value).toBe(
      lossScreen("ctcLoss", lossState).value,
    );
  });

  it("marks where a loss bends, and only there", () => {
    const bends = (name: string) => lossScreen(name, lossState).kinks.map(({ x }) => Number(x.toFixed(4)));
    expect(bends("meanAbsoluteError")).toEqual([0.39]);
    expect(bends("hingeLoss")).toEqual([1]);
    for (const smooth of ["huberLoss", "meanSquaredError", "crossEntropy", "ctcLoss"])
      expect(bends(smooth)).toEqual([]);
  });

  it("has the probabilities of a step, and the outputs for others", () => {
    for (const name of ["crossEntropy", "negativeLogLikelihood", "binaryCrossEntropy"]) {
      const answer = lossScreen(name, { ...lossState, place: 4 });
      const { chances, outputs } = answer;
      const shown = chancesOf(answer)!;
      const moved = [...outputs];
      for (const [place, value] of withChance(chances!, shown, 0, 0.9, outputs)) moved[place] = value;
      const next = chancesOf({ ...answer, outputs: moved })!.values;
      expect(next[0]).toBeCloseTo(0.9, 3);
      if (next.length > 1) {
        expect(next.reduce((a, b) => a + b)).toBeCloseTo(1, 3);
        expect(next[1] / next[2]).toBeCloseTo(shown.values[1] / shown.values[2], 2);
        for (const [place, value] of pastedChances(chances!, shown, "[1, 2; 5]") as [number, number][])
          moved[place] = value;
        expect(chancesOf({ ...answer, outputs: moved })!.values[2]).toBeCloseTo(5 / 8, 3);
        expect(pastedChances(chances!, shown, "1 2")).toContain("3 numbers");
        expect(pastedChances(chances!, shown, "1 2 x")).toContain("above 0");
      }
    }
  });

  it("is read off and moved by keys", () => {
    expect(outputAt([-5, 5], 0)).toBe(-5);
    expect(outputAt([-5, 5], 2)).toBe(5);
    expect(stepped(1, "ArrowLeft", [-5, 5])).toBe(0.9);
    expect(stepped(1, "x", [-5, 5])).toBeUndefined();
    expect(placeName(7, [2, 4, 3])).toBe("sequence 0, step 2, class 1");
  });
});

describe("the other screens", () => {
  it("choose as the library chooses", () => {
    const { choices } = home("labels", "alignment=unknown,length=shorter");
    const wanted = chooseLoss({ targets: "labels", alignment: "unknown", length: "shorter" });
    expect(choices.map(({ loss }) => loss)).toEqual(wanted.map(({ loss }) => loss));
    const shown = choices.slice(0, 3).map(({ loss }) => loss);
    expect(pictures(shown).cards.map(({ name }) => name)).toEqual(expect.arrayContaining(shown));
    expect(pictures().cards).toHaveLength(lossCatalogue.size);
    expect(pictures([]).hero.loss).toBeCloseTo(1.3198, 4);
    expect(home("numbers", "outliers=nonsense,__proto__=1").choices.length).toBeGreaterThan(0);
  });

  it("has a reason for each step, and its numbers put in", () => {
    expect(kinds().length).toBeGreaterThanOrEqual(15);
    for (const { id } of kinds()) {
      const { problem, steps } = problemScreen(id, 3);
      for (const { name } of steps) expect(whyOf(problem.kind, name), `${id}: ${name}`).toMatch(/\.$/);
    }
    const { problem, steps } = problemScreen("hello", 1);
    expect(numbersIn(steps[0].formula, [], problem)).toBe("0.6 · 0.2 · 0.5 · 0.2 · 0.7 · 0.2 · 0.7 · 0.2 · 0.8");
    expect(numbersIn(steps[3].formula, steps.slice(0, 3), problem)).toBe("0.0001882 + 0.0009408");
    expect(numbersIn("−ln(sum)", [{ name: "sum", formula: "", value: -2 }], problem)).toBe("−ln((−2))");
  });

  it("check problems of every kind, and name the slip", () => {
    for (const { id } of kinds()) {
      const { problem, steps } = problemScreen(id, 3);
      expect(statement(problem).text.length).toBeGreaterThan(20);
      expect(check(problem, steps).correct).toBe(true);
    }
    const { problem } = problemScreen("hinge", 1);
    expect(check(problem, [{ name: "loss", value: 1.4 }]).firstWrong?.slip).toBeDefined();
    expect(problemScreen("hello", 1).printed?.divergences.length).toBeGreaterThan(0);
    expect(problemScreen("hello", 1).problem).toEqual(lectureProblems.hello.problem);
  });

  it("ask, mark and explain", () => {
    const { questions, size } = quizScreen("", 10, 1, []);
    expect(questions.length).toBe(10);
    expect(size).toBeGreaterThanOrEqual(60);
    expect(questions.some(({ kind }) => kind === "open")).toBe(false);
    expect(JSON.stringify(questions)).not.toContain("whyNot");
    expect(quizScreen("", 10, 1, [questions[3].id, "nonsense"]).questions.map(({ id }) => id)).toEqual([
      questions[3].id,
    ]);
    const item = quizItems({ seed: 1 }).find(({ kind }) => kind === "choice");
    if (item?.kind === "choice") expect(mark(item.id, 1, item.answer).right).toBe(true);
    expect(discussions().length).toBeGreaterThan(3);
    expect(read("terminal-1", "A blank separates repeats.").points.filter(({ hinted }) => hinted).length).toBe(2);
  });

  it("measure gradients that vanish, explode and stay", () => {
    const given = { steps: 40, hidden: 16, radius: 0.7, scale: 0.1, seed: 1, clip: 0.5, weight: 0.9 };
    const small = gradientScreen(given);
    const large = gradientScreen({ ...given, radius: 1.6, scale: 0.01 });
    expect(small.lost).toBeLessThan(-4);
    expect(large.lost).toBeGreaterThan(small.lost + 4);
    expect(small.radius).toBeCloseTo(0.7, 4);
    expect(Math.max(...small.eigenvalues.map(({ re, im }) => Math.hypot(re, im)))).toBeCloseTo(0.7, 4);
    small.reach[0].norms.forEach((norm, k) => expect(norm).toBeLessThanOrEqual(small.bound[k] * 1.001));
    expect(small.norms.after).toBeLessThanOrEqual(0.5001);
    expect(small.slopes.reduce((a, b) => a + b)).toBeCloseTo(1, 6);
    expect(drawReach(small).lines.map(({ name }) => name)).toEqual(["Elman", "LSTM", "GRU"]);
    expect(unroll(small).cells.at(-1)?.text).toBe("40");
    // a rotation grows nothing: its eigenvalues are on the unit circle
    expect(spectralRadius([0, -1, 1, 0], 2)).toBeCloseTo(1, 6);
    expect(spectralRadius([2, 5, 0, 0.5], 2)).toBeCloseTo(2, 4);
    expect(gradientScreen({ ...given, radius: 0, steps: 1 }).reach[0].norms.length).toBe(1);
  });

  it("the library's own count of alignments is what is shown", () => {
    const [set] = ctcAlignments([Array.from({ length: 8 }, () => [0, 0, 0, 0, 0])], [[1, 2, 3, 3, 4]]);
    expect(String(set.count)).toBe(ctcScreen(state).lattice.count);
  });
});
