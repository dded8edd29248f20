import { stripVTControlCharacters as plain } from "node:util";
import { describe, expect, it } from "vitest";
import { renderEvaluation } from "./evaluate.js";
import { renderSample } from "./task.js";

const render = (truth: string, reading: string) => plain(renderSample({ drawing: ["▀▄"], truth, reading })).split("\n");

describe("renderSample", () => {
  it.each([
    ["4071", "4071", ["▀▄", "read as 4071 ✓"]],
    ["4071", "4011", ["▀▄", "is      4071", "read as 4011 ✗"]],
    ["4071", "471", ["▀▄", "is      4071", "read as 4_71 ✗"]],
    ["471", "4071", ["▀▄", "is      4_71", "read as 4071 ✗"]],
    ["4", "", ["▀▄", "is      4", "read as _ ✗"]],
    ["", "12", ["▀▄", "read as 12"]],
    ["", "", ["▀▄", "read as (nothing)"]],
  ])("%s read as %s", (truth, reading, lines) => {
    expect(render(truth, reading)).toEqual(lines);
  });

  it("compares phones and words as wholes, in columns", () => {
    const sample = { drawing: [], truth: "V IY B UW", reading: "V IH B HH UW", between: " " };
    expect(plain(renderSample(sample)).split("\n")).toEqual(["is      V IY B __ UW", "read as V IH B HH UW ✗"]);
  });
});

it("quantities stand beneath each other, each under its name, and are not compared", () => {
  const quantities = { truth: "was", reading: "forecast" };
  const drawn = (truth: string) => plain(renderSample({ drawing: ["▀▄"], truth, reading: "8.0 9 °C", quantities }));
  expect(drawn("7.5 10 °C").split("\n")).toEqual(["▀▄", "was      7.5 10 °C", "forecast 8.0  9 °C"]);
  expect(drawn("").split("\n")).toEqual(["▀▄", "forecast 8.0 9 °C"]);
});

describe("renderEvaluation", () => {
  it("closes with the scores in words, and their intervals where there are any", () => {
    const evaluation = {
      scores: { characterErrorRate: 0.0123, numberErrorRate: 0.05, height: 1.5 },
      intervals: { characterErrorRate: [0.01, 0.015] as const },
      on: "3 lines",
      table: [
        ["lines of", "lines"],
        ["all", "3"],
      ],
      notes: ["most often misread: 4 as 9 (2×)"],
      samples: [{ drawing: ["█"], truth: "1", reading: "1" }],
    };
    const text = renderEvaluation(evaluation, {
      characterErrorRate: { unit: "%", better: "less" },
      numberErrorRate: { unit: "%", better: "less" },
      height: { unit: "m", better: "more" },
    });
    expect(plain(text).split("\n")).toEqual([
      "┌──────────┬───────┐",
      "│ lines of │ lines │",
      "├──────────┼───────┤",
      "│ all      │     3 │",
      "└──────────┴───────┘",
      "most often misread: 4 as 9 (2×)",
      "",
      "█",
      "read as 1 ✓",
      "",
      "On 3 lines: character error 1.23 % (95 % confidence 1.00 to 1.50), number error 5.00 %, height 1.50 m.",
    ]);
  });
});
