import { describe, expect, it } from "vitest";
import type { ForecastConfig } from "../config.js";
import { forecast } from "../forecast.js";
import { CHANNELS, type Hours, parseHours, readTime } from "./hours.js";
import { changesOf, pastOf } from "./model.js";
import { openTransformer } from "./openTransformer.js";
import { BASELINES, scoresOf } from "./report.js";
import { HORIZON, originAt, PAST, scaleHours, splitOrigins } from "./windows.js";

const START = Date.parse("2016-07-01T00:00:00Z");
const dateOf = (hour: number) => new Date(START + hour * 3_600_000).toISOString().slice(0, 19).replace("T", " ");
const ALL = 14_400;

/** Channels with a daily and a weekly wave of their own. */
const waves: Hours = {
  dates: Array.from({ length: ALL }, (_, hour) => dateOf(hour)),
  values: CHANNELS.map((_, c) =>
    Float64Array.from(
      { length: ALL },
      (_, hour) => 5 * c + Math.sin((2 * Math.PI * (hour + c)) / 24) + (c + 1) * Math.sin((2 * Math.PI * hour) / 168),
    ),
  ),
};

const table = (rows: readonly string[]) => `date,${CHANNELS.join(",")}\n${rows.join("\n")}\n`;
const row = (date: string, first: string) => `${date},${[first, ...CHANNELS.slice(1).map((_, c) => c)].join(",")}`;

describe("the table", () => {
  it("is read in any order of columns, hour by hour", () => {
    const text = `OT,date,${CHANNELS.slice(0, -1).join(",")}\r\n30.5,2016-07-01 00:00:00,1,2,3,4,5,6\r\n`;
    const { dates, values } = parseHours(text, "x.csv");
    expect(dates).toEqual(["2016-07-01 00:00:00"]);
    expect(values.map(([value]) => value)).toEqual([1, 2, 3, 4, 5, 6, 30.5]);
  });

  it.each([
    ["a missing column", "date,OT\n2016-07-01 00:00:00,3", /first line of x\.csv .*expected a column HUFL/],
    ["a missing number", table([row(dateOf(0), "")]), /line 2 of x\.csv is ""; expected a number under HUFL/],
    ["a word", table([row(dateOf(0), "much")]), /is "much"/],
    ["a gap", table([row(dateOf(0), "1"), row(dateOf(2), "1")]), /line 3 .*expected the hour after the one before/],
    ["no hour", table([row("yesterday", "1")]), /line 2 .*expected an hour such as/],
  ])("refuses %s", (_, text, message) => {
    expect(() => parseHours(text, "x.csv")).toThrow(message);
  });
});

describe("windows", () => {
  it("are split by months, and no hour is forecast in two parts", () => {
    const { train, validation, test } = splitOrigins(waves);
    expect([train[0], train.at(-1)! + HORIZON]).toEqual([PAST, 8640]);
    expect([validation[0], validation.at(-1)! + HORIZON]).toEqual([8640, 11_520]);
    expect([test[0], test.at(-1)! + HORIZON, test.length]).toEqual([11_520, 14_400, 2785]);
    const short = { dates: waves.dates.slice(0, 100), values: waves.values };
    expect(() => splitOrigins(short)).toThrow("expected at least 14400 hours");
  });

  it("are scaled by the hours of training alone", () => {
    const changed = { ...waves, values: waves.values.map((channel) => channel.map((x, n) => (n < 8640 ? x : 1000))) };
    expect(scaleHours(changed).scales).toEqual(scaleHours(waves).scales);
  });

  it("hold the past less its last value, and nothing of what is forecast", () => {
    const scaled = scaleHours(waves);
    const blind = {
      ...scaled,
      values: scaled.values.map((channel) => channel.map((x, n) => (n < 500 ? x : Number.NaN))),
    };
    const { data, shape } = pastOf(blind, [500]);
    expect(shape).toEqual([7, 14, 31]);
    expect(data.every(Number.isFinite)).toBe(true);
    const last = (c: number, i: number) => data[(c * 14 + 13) * 31 + i];
    expect(last(3, 23)).toBe(0);
    expect(last(3, 22)).toBeCloseTo(scaled.values[3][498] - scaled.values[3][499], 5);
    expect([last(3, 24 + 3), last(3, 24 + 2)]).toEqual([1, 0]);
    const changes = changesOf(scaled, [500], 3);
    expect(changes.shape).toEqual([7, 1, 3 * HORIZON]);
    expect(changes.data[3 * 10 + 2]).toBeCloseTo(scaled.values[0][510] - scaled.values[0][499], 5);
  });

  it("begin at an hour, up to the one after the last known", () => {
    expect(originAt(waves, "2016-07-15 00:00:00")).toBe(PAST);
    expect(originAt(waves, "2016-07-16")).toBe(PAST + 24);
    expect(originAt(waves, dateOf(ALL).slice(0, 13))).toBe(ALL);
    for (const wrong of ["2016-07-14", dateOf(ALL + 1), "", "soon", "2016-13-01"]) {
      expect(() => originAt(waves, wrong)).toThrow("expected the first hour to forecast, such as 2016-07-15 00");
    }
    expect(readTime("2016-07-01 00:30:00")).toBeUndefined();
  });
});

describe("the network", () => {
  const config = (loss: string, steps: number): ForecastConfig =>
    ({
      ...forecast.configure({ seed: 1, steps, loss, data: "ett" }),
      ...{ hidden: 32, learningRate: 5e-3 },
    }) as ForecastConfig;

  it.each(["meanSquaredError", "quantileLoss"])("learns waves with %s, far better than as yesterday", (loss) => {
    const task = openTransformer(config(loss, 60), waves);
    while (task.trainer.taken < task.steps) task.trainer.step(task.batch(task.trainer.taken));
    const scaled = scaleHours(waves);
    const { validation } = splitOrigins(waves);
    const yesterday = scoresOf(
      scaled,
      validation.map((origin) => ({
        origin,
        channels: scaled.values.map((channel) => ({
          values: Array.from({ length: HORIZON }, (_, h) => channel[origin + BASELINES["as yesterday"](h)]),
        })),
      })),
    );
    expect(task.validate().scaledSquaredError).toBeLessThan(0.3 * yesterday.scaledSquaredError);
    const evaluation = task.evaluate();
    const [low, high] = evaluation.intervals!.scaledSquaredError;
    expect(low).toBeLessThan(evaluation.scores.scaledSquaredError);
    expect(high).toBeGreaterThan(evaluation.scores.scaledSquaredError);
    expect(evaluation.table[1][1]).toBe(evaluation.scores.scaledSquaredError.toFixed(3));
    expect(evaluation.notes).toHaveLength(loss === "quantileLoss" ? 2 : 1);
    const { truth, reading, drawing } = task.predict(dateOf(12_000));
    expect(truth).toMatch(/^(-?\d+\.\d ){4}°C a day$/);
    expect(reading).toMatch(/^(-?\d+\.\d ){4}°C a day$/);
    expect(drawing.join("\n").includes("░")).toBe(loss === "quantileLoss");
    expect(task.predict(dateOf(ALL)).truth).toBe("");
  });
});
