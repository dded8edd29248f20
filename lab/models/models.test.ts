import { describe, expect, it } from "vitest";
import { ctcGreedyDecode, explain, explainBackpropagation, lossCatalogue, Random, type Step } from "../../src/index.js";
import { collapse, verdict } from "./collapse.js";
import { evaluate } from "./expression.js";
import { type MathNode, toMath } from "./formula.js";
import { readGrid } from "./grid.js";
import { counted, grouped, percent, shown } from "./number.js";
import { pack, unpack } from "./rest.js";
import { areReviews, due, reviewed } from "./review.js";
import { found } from "./routes.js";
import { toCsv } from "./table.js";
import { drawRuns, panned, smoothed, thinned, zoomed } from "./trainCurve.js";

const text = (node: MathNode | string): string => (typeof node === "string" ? node : node.children.map(text).join(""));

describe("formulas", () => {
  it("of every derivation of the library can be shown", () => {
    const walk = (steps: readonly Step[]): number =>
      steps.reduce((count, { formula, numbers, steps: inner = [] }) => {
        for (const form of [formula, numbers]) if (form) expect(text(toMath(form.latex)).length).toBeGreaterThan(0);
        return count + (formula ? 1 : 0) + walk(inner);
      }, 0);
    for (const seed of [1, 2, 3]) {
      for (const [name, { example }] of lossCatalogue) {
        const { steps } = explain(name, example(new Random(seed)));
        expect(walk(steps), name).toBeGreaterThan(0);
      }
    }
    walk(explainBackpropagation({ inputs: [1, 0], targets: [null, 1] }).steps);
  });

  it("keep fractions, indices and brackets where they belong", () => {
    const [row] = toMath("\\frac{a}{b_{t,k}} = \\sum_{j} x_j^{2}").children as MathNode[];
    expect(row.children.map((child) => (child as MathNode).tag)).toEqual(["mfrac", "mo", "munder", "msubsup"]);
    expect(text(toMath("\\left(-1.5 + y\\right)"))).toBe("(−1.5+y)");
    expect(() => toMath("\\unheard{x}")).toThrow("unheard");
  });
});

describe("answers", () => {
  it.each([
    ["-ln(0.0235)", 3.7508],
    ["−ln(0.5)", Math.LN2],
    ["(0.2 + 0.5 + 0.7)/3", 0.46667],
    ["2^3^2", 512],
    ["-2^2", -4],
    [".5*4e-1", 0.2],
    ["exp(1) - e", 0],
    ["1 - -1", 2],
    ["sqrt(2)*sqrt 2", 2],
  ])("%s is %d", (typed, value) => expect(evaluate(typed)).toBeCloseTo(value, 4));

  it.each(["", "ln", "1 2", "2*", "(1", "x", "alert(1)", "constructor(1)", "ln(-1)", "."])("%j is none", (typed) => {
    expect(evaluate(typed)).toBeUndefined();
  });
});

describe("what a path collapses to", () => {
  it("is what the library's greedy decoder reads, on 500 random paths", () => {
    const random = new Random(2);
    const symbols = ["∅", "A", "B"];
    for (let i = 0; i < 500; i++) {
      const path = Array.from({ length: 1 + random.integer(10) }, () => random.integer(3));
      const [{ labels }] = ctcGreedyDecode([path.map((k) => symbols.map((_, j) => (j === k ? 1 : 0)))]);
      const { output, runs } = collapse(
        path.map((k) => symbols[k]),
        "∅",
      );
      expect(output).toBe(Array.from(labels, (k) => symbols[k]).join(""));
      expect(runs.reduce((sum, { size }) => sum + size, 0)).toBe(path.length);
    }
  });

  it("says why it is not the label", () => {
    expect(verdict(Array.from("HELLO"), "∅", "HELLO", 5)).toContain("HELO");
    expect(verdict(Array.from("HEL∅LO"), "∅", "HELLO", 6)).toBe("It reads as HELLO.");
    expect(verdict(["H"], "∅", "HELLO", 6)).toContain("5 more");
  });
});

describe("tables", () => {
  it("as CSV are quoted, and never a formula to a sheet", () => {
    expect(
      toCsv({
        head: ["a", 'b"'],
        rows: [
          ["x,y", -1.5],
          ["=1+1", 2],
        ],
      }),
    ).toBe(`a,"b"""\r\n"x,y",-1.5\r\n'=1+1,2\r\n`);
  });

  it("are read from what is pasted, or the line at fault is named", () => {
    expect(readGrid("0.1, 0.2\n0.3;0.4\r\n\n1e-3\t2")).toEqual([
      [0.1, 0.2],
      [0.3, 0.4],
      [0.001, 2],
    ]);
    expect(readGrid("1 2\n3")).toContain("Line 2");
    expect(readGrid("1 x")).toContain('"x"');
    expect(readGrid(" ")).toContain("nothing");
  });
});

describe("numbers", () => {
  it("are short, with real signs", () => {
    expect([0.12345678, -1234567.8, 1e-9, 0, Number.POSITIVE_INFINITY, Number.NaN].map((x) => shown(x))).toEqual([
      "0.1235",
      "−1235000",
      "1e−9",
      "0",
      "+∞",
      "NaN",
    ]);
    expect([grouped(1961256n), percent(0.0561), percent(0.42), counted(1, "frame"), counted(2, "frame")]).toEqual([
      "1\u202f961\u202f256",
      "5.6 %",
      "42 %",
      "1 frame",
      "2 frames",
    ]);
  });
});

describe("curves of runs", () => {
  it("are smoothed without a bias at the start, and pass over what is not finite", () => {
    expect(smoothed([2, 2, Number.NaN, 2], 0.9)).toEqual([2, 2, 2, 2].map((x) => expect.closeTo(x, 12)));
  });

  it("keep their peaks when they are thinned", () => {
    const values = Array.from({ length: 10_000 }, (_, i) => (i === 6543 ? 99 : Math.sin(i)));
    const kept = thinned(values, 300);
    expect(kept.length).toBeLessThanOrEqual(302);
    expect(kept).toContain(6543);
    expect(kept).toEqual(kept.toSorted((a, b) => a - b));
  });

  it("show what is not finite instead of dropping it", () => {
    const { runs } = drawRuns([{ name: "a", values: [1, Number.NaN, 2, Number.POSITIVE_INFINITY] }], {
      keep: 0.5,
      yAxis: "log",
    });
    expect(runs[0].broken.map(({ kind }) => kind)).toEqual(["nan", "above"]);
    expect(runs[0].smooth).not.toContain("NaN");
  });
});

describe("the steps that curves show", () => {
  const values = Array.from({ length: 400 }, (_, i) => i + 1);
  const drawn = (window?: readonly [number, number], xAxis: "linear" | "log" = "linear") =>
    drawRuns([{ name: "a", values, validations: values.slice(0, 16) }], { keep: 0, yAxis: "linear", xAxis, window });

  it("are all of them, or a window that is read off as it stands", () => {
    const [all, part, log] = [drawn(), drawn([100, 200]), drawn(undefined, "log")];
    expect([all.window, part.window]).toEqual([
      [1, 400],
      [100, 200],
    ]);
    expect(part.stepAt(part.left / part.width)).toBe(100);
    expect(part.stepAt(part.right / part.width)).toBe(200);
    expect(part.runs[0].end?.text).toBe("200");
    expect(part.runs[0].validation.match(/[ML]/g)).toHaveLength(5); // at 100, 125, … 200
    expect(log.xOf(20) - log.left).toBeCloseTo((log.right - log.left) / 2, 0);
  });

  it("are zoomed into around the cursor, moved, and never leave the run", () => {
    expect(zoomed([1, 400], 0.5, 400, 400)).toEqual([200, 400]);
    expect(zoomed([100, 200], 2, 150, 400)).toEqual([50, 250]);
    expect(zoomed([50, 250], 2, 150, 400)).toBeUndefined();
    expect(panned([300, 350], 500, 400)).toEqual([350, 400]);
    expect(panned([300, 350], -500, 400)).toEqual([1, 51]);
  });

  it("have heights also below 0 on a symmetric logarithm", () => {
    const { runs, y } = drawRuns([{ name: "a", values: [-100, 0, 100] }], { keep: 0, yAxis: "symlog" });
    expect(runs[0].smooth).not.toContain("NaN");
    expect(y.length).toBeGreaterThan(2);
  });
});

describe("what is missed", () => {
  it("comes back after 1, 3 and 7 days, and then stays away", () => {
    let reviews = reviewed({}, "a", false, 100);
    expect(due(reviews, 100)).toEqual([]);
    expect(due(reviews, 101)).toEqual(["a"]);
    reviews = reviewed(reviews, "a", true, 101);
    expect([due(reviews, 103), due(reviews, 104)]).toEqual([[], ["a"]]);
    reviews = reviewed(reviews, "a", true, 104);
    expect([due(reviews, 110), due(reviews, 111)]).toEqual([[], ["a"]]);
    expect(reviewed(reviews, "a", true, 111)).toEqual({});
    expect(reviewed({}, "b", true, 1)).toEqual({});
    expect([areReviews({ a: { stage: 0, due: 1 } }), areReviews({ a: 1 }), areReviews(null)]).toEqual([
      true,
      false,
      false,
    ]);
  });
});

describe("the palette", () => {
  it("finds by any words, the beginning first", () => {
    const entries = [
      { name: "sequenceCrossEntropy", group: "loss" },
      { name: "crossEntropy", group: "loss" },
      { name: "Quiz", group: "screen" },
    ];
    expect(found(entries, "cross").map(({ name }) => name)).toEqual(["crossEntropy", "sequenceCrossEntropy"]);
    expect(found(entries, "loss seq").map(({ name }) => name)).toEqual(["sequenceCrossEntropy"]);
    expect(found(entries, "zebra")).toEqual([]);
  });
});

describe("an answer in the page", () => {
  it("comes back as it was, infinities too, and cannot end its element", () => {
    const answer = {
      a: [1, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN],
      b: "</script><b>",
      c: null,
    };
    expect(pack(answer)).not.toContain("<");
    expect(unpack(pack(answer))).toEqual(answer);
  });
});
