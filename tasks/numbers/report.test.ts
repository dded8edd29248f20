import { describe, expect, it } from "vitest";
import { HEIGHT, type Line } from "./line.js";
import { bootstrapInterval, misreadings, report, wilsonInterval } from "./report.js";

const line = (text: string): Line => ({ pixels: new Float32Array(HEIGHT * 2).fill(1), width: 2, text });

describe("wilsonInterval", () => {
  it.each([
    // SciPy: binomtest(count, of).proportion_ci(method='wilson')
    [5, 10, 0.236593, 0.763407],
    [1, 100, 0.00176747, 0.0544862],
    [0, 10, 0, 0.277533],
    [10, 10, 0.722467, 1],
  ])("of %d in %d", (count, of, lower, upper) => {
    const [low, high] = wilsonInterval(count, of);
    expect(low).toBeCloseTo(lower, 6);
    expect(high).toBeCloseTo(upper, 6);
  });

  it("of nothing excludes nothing", () => {
    expect(wilsonInterval(0, 0)).toEqual([0, 1]);
  });
});

describe("bootstrapInterval", () => {
  it("holds the rate, narrows with more lines, and is the same each time", () => {
    const texts = (count: number) => Array.from({ length: count }, () => line("12345"));
    const readings = (count: number) => Array.from({ length: count }, (_, n) => (n % 10 === 0 ? "12340" : "12345"));
    const [low, high] = bootstrapInterval(texts(100), readings(100));
    expect(low).toBeLessThan(0.02);
    expect(high).toBeGreaterThan(0.02);
    const [nearer, closer] = bootstrapInterval(texts(2000), readings(2000));
    expect(closer - nearer).toBeLessThan((high - low) / 3);
    expect(bootstrapInterval(texts(100), readings(100))).toEqual([low, high]);
  });

  it("is wider where errors come together in a line", () => {
    const lines = Array.from({ length: 200 }, () => line("12345"));
    const apart = lines.map((_, n) => (n < 50 ? "12340" : "12345"));
    const together = lines.map((_, n) => (n < 10 ? "00000" : "12345"));
    const width = (readings: string[]) => bootstrapInterval(lines, readings).reduce((low, high) => high - low);
    expect(width(together)).toBeGreaterThan(1.5 * width(apart));
  });

  it("is not empty without errors", () => {
    expect(bootstrapInterval([line("12345")], ["12345"])).toEqual(wilsonInterval(0, 5));
  });
});

describe("misreadings", () => {
  it.each([
    ["417", "417", []],
    ["417", "419", ["7 as 9"]],
    ["417", "47", ["1 missed"]],
    ["417", "4177", ["7 too much"]],
    ["", "3", ["3 too much"]],
  ])("of %s read as %s", (truth, reading, expected) => {
    expect(misreadings(truth, reading)).toEqual(expected);
  });
});

describe("report", () => {
  const lines = ["7", "4", "12", "99999"].map(line);
  const found = report(lines, ["7", "9", "12", "9999"]);

  it("scores characters and whole numbers, with intervals that hold them", () => {
    expect(found.scores).toEqual({ characterErrorRate: 2 / 9, numberErrorRate: 0.5 });
    for (const [name, score] of Object.entries(found.scores)) {
      const [low, high] = found.intervals?.[name] ?? [1, 0];
      expect(low).toBeLessThanOrEqual(score);
      expect(high).toBeGreaterThanOrEqual(score);
    }
  });

  it("has a row for each length that occurs, and one for all", () => {
    expect(found.table.slice(1)).toEqual([
      ["1 digit", "2", "50.00 %", "50.00 %", "1"],
      ["2 digits", "1", "0.00 %", "0.00 %", "0"],
      ["5 digits", "1", "20.00 %", "100.00 %", "1"],
      ["all", "4", "22.22 %", "50.00 %", "2"],
    ]);
  });

  it("names what was confused, and shows lines of both kinds", () => {
    expect(found.notes).toEqual(["most often misread: 4 as 9 (1×), 9 missed (1×)"]);
    expect(found.samples.map(({ truth, reading }) => [truth, reading])).toEqual([
      ["7", "7"],
      ["12", "12"],
      ["4", "9"],
      ["99999", "9999"],
    ]);
    expect(report(lines, ["7", "4", "12", "99999"]).notes).toEqual([]);
  });
});
