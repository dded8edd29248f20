import { describe, expect, it } from "vitest";
import type { TaskChoices } from "../task.js";
import { drawForecast } from "./draw.js";
import { forecast } from "./forecast.js";
import { lastStep } from "./lastStep.js";
import { LOSSES, numbersAStep, readAhead } from "./losses.js";
import { BASELINES } from "./weather/baselines.js";
import { type Day, dayAfter, loadWeather, parseWeather } from "./weather/days.js";
import { FEATURES, pastFeatures, scaleOf, weekChanges, weekTemperatures } from "./weather/features.js";
import { report, scoresOf } from "./weather/report.js";
import { HORIZON, originAt, PAST, splitOrigins } from "./weather/windows.js";

const configure = (choices: TaskChoices) => forecast.configure({ data: "seattle-weather", ...choices });

const days = loadWeather();

/** Days from 2012-01-01 whose n-th is n degrees warm at most. */
const ramp = (count: number): Day[] => {
  let date = "2011-12-31";
  return Array.from({ length: count }, (_, n) => {
    date = dayAfter(date);
    return { date, high: n, low: 0, precipitation: 0, wind: 4 };
  });
};

describe("the weather", () => {
  it("is four whole years, day by day", () => {
    expect([days.length, days[0].date, days.at(-1)?.date]).toEqual([1461, "2012-01-01", "2015-12-31"]);
    expect(days[1]).toEqual({ date: "2012-01-02", high: 10.6, low: 2.8, precipitation: 10.9, wind: 4.5 });
    for (const { high, low } of days) expect(high).toBeGreaterThanOrEqual(low);
  });

  const head = "date,precipitation,temp_max,temp_min,wind";
  it.each([
    ["a missing column", "date,temp_max\n2012-01-01,3", /first line of x\.csv .*expected a column temp_min/],
    ["a missing number", `${head}\n2012-01-01,0,,1,2`, /line 2 of x\.csv is ""; expected a number under temp_max/],
    ["a cut line", `${head}\n2012-01-01,0`, /line 2 of x\.csv is undefined; expected a number under temp_max/],
    ["a word", `${head}\n2012-01-01,0,warm,1,2`, /is "warm"/],
    ["a day of no calendar", `${head}\n2013-02-29,0,1,1,2`, /is "2013-02-29"; expected a date/],
    ["a gap", `${head}\n2012-02-28,0,1,1,2\n2012-03-01,0,1,1,2`, /line 3 .*expected the day after/],
  ])("refuses %s", (_, text, message) => {
    expect(() => parseWeather(text, "x.csv")).toThrow(message);
  });

  it("takes columns in any order, and a leap day", () => {
    const text = "wind,date,temp_min,temp_max,precipitation\r\n4,2012-02-29,1,2,3\r\n4,2012-03-01,1,2,3\r\n";
    expect(parseWeather(text, "x.csv")[0]).toEqual({ date: "2012-02-29", wind: 4, low: 1, high: 2, precipitation: 3 });
  });
});

describe("the split", () => {
  it("forecasts no day in two parts, and trains on nothing from 2014 on", () => {
    const split = splitOrigins(days);
    const forecastIn = (origins: readonly number[]) =>
      new Set(origins.flatMap((origin) => Array.from({ length: HORIZON }, (_, h) => days[origin + h].date)));
    const [train, validation, test] = [split.train, split.validation, split.test].map(forecastIn);
    expect([...train].every((date) => date < "2014")).toBe(true);
    expect([...validation].every((date) => date.startsWith("2014"))).toBe(true);
    expect([...test].every((date) => date.startsWith("2015"))).toBe(true);
    expect([split.train.length, split.validation.length, split.test.length]).toEqual([731 - PAST - 6, 359, 359]);
  });

  it("needs days of every part", () => {
    expect(() => splitOrigins(days.slice(0, 900))).toThrow("expected days enough for test");
  });

  it("scales by the days of training alone, whatever comes later", () => {
    const opened = (changed: readonly Day[]) =>
      scaleOf(changed.slice(0, splitOrigins(changed).train.at(-1)! + HORIZON));
    const hotter = days.map((day) => (day.date < "2014" ? day : { ...day, high: 99 }));
    expect(opened(hotter)).toEqual(opened(days));
  });
});

describe("features", () => {
  it("are the days before a forecast, and nothing of it or after it", () => {
    const scale = scaleOf(days.slice(0, 731));
    const past = pastFeatures(days, 800, scale);
    expect(past.length).toBe(PAST * FEATURES);
    expect(pastFeatures(days.slice(0, 800), 800, scale)).toEqual(past);
    const last = past.subarray((PAST - 1) * FEATURES);
    expect(last[0]).toBeCloseTo((days[799].high - scale.high.mean) / scale.high.deviation, 5);
    expect(last[4] ** 2 + last[5] ** 2).toBeCloseTo(1, 5);
  });

  it("have mean 0 and deviation 1 over the days they were scaled by, also where nothing varies", () => {
    const scale = scaleOf(ramp(PAST));
    const rows = pastFeatures(ramp(PAST), PAST, scale);
    const column = (n: number) => Array.from({ length: PAST }, (_, t) => rows[t * FEATURES + n]);
    expect(column(0).reduce((a, b) => a + b)).toBeCloseTo(0, 4);
    expect(column(0).reduce((a, b) => a + b * b, 0) / PAST).toBeCloseTo(1, 4);
    expect(column(3)).toEqual(new Array(PAST).fill(0));
  });

  it("changes turn back into temperatures", () => {
    const changes = weekChanges(days, 500, 7.3);
    expect(changes[2]).toBeCloseTo((days[502].high - days[499].high) / 7.3, 12);
    weekTemperatures(days, 500, 7.3, changes).forEach((t, h) => expect(t).toBeCloseTo(days[500 + h].high, 10));
  });
});

describe("the model", () => {
  it("lastStep takes the last real step, never padding, and sends its gradient back there", () => {
    const layer = lastStep();
    const data = Float32Array.of(1, 2, 3, 4, Number.NaN, Number.NaN, 5, 6, 7, 8, 9, 10);
    const input = { data, shape: [2, 3, 2], lengths: Int32Array.of(2, 3) };
    const out = layer.forward(input, { training: false });
    expect([Array.from(out.data), out.shape, Array.from(out.lengths)]).toEqual([
      [3, 4, 9, 10],
      [2, 1, 2],
      [1, 1],
    ]);
    const back = layer.backward({ data: Float32Array.of(1, 2, 3, 4), shape: [2, 1, 2] });
    expect(back.shape).toEqual([2, 3, 2]);
    expect(Array.from(back.data)).toEqual([0, 0, 1, 2, 0, 0, 0, 0, 0, 0, 3, 4]);
    const none = { ...input, lengths: Int32Array.of(2, 0) };
    expect(() => layer.forward(none, { training: false })).toThrow("lengths[1] is 0");
  });
});

describe("losses", () => {
  const outputs = (numbers: readonly number[]) => ({
    data: Float32Array.from(numbers),
    shape: [1, 1, numbers.length],
  });
  const week = (value: number, width: number) => new Array<number>(HORIZON * width).fill(value);

  it.each([
    // every day is 1 deviation of 4 °C too low
    ["meanSquaredError", 1, 1],
    ["meanAbsoluteError", 1, 1],
    // δ = 2 °C = 0.5 deviations: 0.5 (1 − 0.25)
    ["huberLoss", 1, 0.375],
    // the mean of 0.1, 0.5 and 0.9
    ["quantileLoss", 3, 0.5],
  ])("%s", (name, width, value) => {
    const loss = LOSSES[name];
    expect(numbersAStep(loss)).toBe(width);
    expect(
      loss.compute(outputs(week(0, width)), outputs(week(1, width)), loss.options({ horizon: HORIZON, delta: 0.5 }))
        .value,
    ).toBeCloseTo(value, 6);
  });

  it("quantiles pull their own ways: a low one up little, a high one up much", () => {
    const { compute, options } = LOSSES.quantileLoss;
    const { grad } = compute(outputs(week(0, 3)), outputs(week(1, 3)), options({ horizon: HORIZON, delta: 0.5 }));
    const [low, middle, high] = grad.data;
    expect(high / low).toBeCloseTo(9, 4);
    expect(middle / low).toBeCloseTo(5, 4);
  });

  it("reads the middle quantile as the forecast, and the others as its range", () => {
    const numbers = Array.from({ length: 3 * HORIZON }, (_, n) => n);
    const { values, range } = readAhead(numbers, LOSSES.quantileLoss);
    expect(values).toEqual([1, 4, 7, 10, 13, 16, 19]);
    expect([range?.low[1], range?.high[1]]).toEqual([3, 5]);
    expect(readAhead(numbers.slice(0, 7), LOSSES.huberLoss)).toEqual({ values: [0, 1, 2, 3, 4, 5, 6] });
  });
});

describe("scores and baselines", () => {
  const warmer = ramp(500);

  it("errors by hand: on a ramp of 1 °C a day, yesterday is 1 to 7 °C too cold, a year ago 365", () => {
    const of = (name: string) => scoresOf(warmer, [{ origin: 400, values: BASELINES[name](warmer, 400) }]);
    expect(of("as yesterday")).toEqual({ meanAbsoluteError: 4, meanSquaredError: 20 });
    expect(of("as a year ago")).toEqual({ meanAbsoluteError: 365, meanSquaredError: 365 ** 2 });
  });

  it("reports by days ahead beside the baselines, and how many days a range held", () => {
    const exact = [400, 410].map((origin) => {
      const values = Array.from({ length: HORIZON }, (_, h) => origin + h + 1);
      const low = values.map((t, h) => (h < 5 ? t - 2 : t));
      return { origin, values, range: { low, high: values.map((t) => t + 1) } };
    });
    const { scores, table, notes, on, samples } = report(warmer, exact);
    expect(scores).toEqual({ meanAbsoluteError: 1, meanSquaredError: 1 });
    expect(on).toBe("2 unseen weeks, 2013-02-04 to 2013-02-20");
    expect(table[1]).toEqual(["1", "1.00", "1.00", "1.00", "1.00", "365.00", "133225.00"]);
    expect(table.at(-1)).toEqual(["all", "1.00", "1.00", "4.00", "20.00", "365.00", "133225.00"]);
    expect(notes).toEqual([
      "71.4 % of the days lie between the estimates of their 10 % and 90 % quantiles; 80 % should.",
    ]);
    expect(samples).toHaveLength(2);
    expect(samples[0].truth).toBe("400.0 401.0 402.0 403.0 404.0 405.0 406.0 °C");
  });

  it("draws the past, the forecast and what was", () => {
    const drawn = drawForecast({
      title: "the week from 2012-04-10",
      unit: "°C",
      past: warmer.slice(100 - PAST, 100).map(({ high }) => high),
      ahead: { values: [100, 101, 102, 103, 104, 105, 50] },
      known: warmer.slice(100, 107).map(({ high }) => high),
    });
    expect(drawn[0]).toBe("the week from 2012-04-10:  · before  ● forecast  ○ was  ◉ both");
    // 8 °C a row: the first row holds those above 102
    expect(drawn[1]).toBe(` 106 °C ${" ".repeat(PAST)}│   ◉◉◉○`);
    expect(drawn[2]).toBe(` ${" ".repeat(6)} ${" ".repeat(PAST - 5)}·····│◉◉◉`);
    expect(drawn.at(-1)).toBe("  50 °C                             │      ●");
  });
});

describe("the task", () => {
  it.each(forecast.losses)("learns with %s to beat both baselines on days not trained on", (loss) => {
    const task = forecast.open(configure({ seed: 3, loss }));
    const before = task.validate();
    while (task.trainer.taken < task.steps) task.trainer.step(task.batch(task.trainer.taken));
    const { validation } = splitOrigins(days);
    const baselines = Object.values(BASELINES).map((baseline) =>
      scoresOf(
        days,
        validation.map((origin) => ({ origin, values: baseline(days, origin) })),
      ),
    );
    const after = task.validate();
    for (const scores of [before, ...baselines]) {
      expect(after.meanAbsoluteError).toBeLessThan(0.9 * scores.meanAbsoluteError);
      expect(after.meanSquaredError).toBeLessThan(0.9 * scores.meanSquaredError);
    }
    const { notes = [] } = task.evaluate();
    expect(notes).toHaveLength(loss === "quantileLoss" ? 1 : 0);
    if (loss === "quantileLoss") {
      const share = Number.parseFloat(notes[0]);
      expect(share).toBeGreaterThan(65);
      expect(share).toBeLessThan(92);
    }
  });

  it("the same seed gives the same bits, and every loss the same weeks and the same LSTM", () => {
    const run = (loss: string, steps: number) => {
      const task = forecast.open(configure({ seed: 5, loss, steps: 50 }));
      for (let n = 0; n < steps; n++) task.trainer.step(task.batch(n));
      return task;
    };
    expect(run("huberLoss", 5).trainer.state()).toEqual(run("huberLoss", 5).trainer.state());
    const [one, other] = forecast.losses.slice(2).map((loss) => run(loss, 0));
    expect(one.batch(7)[0].inputs).toEqual(other.batch(7)[0].inputs);
    const rnn = ({ trainer }: typeof one) => trainer.model.parameters.filter(({ name }) => name.startsWith("rnn."));
    expect(rnn(one)).toHaveLength(4);
    expect(rnn(one).map(({ data }) => data)).toEqual(rnn(other).map(({ data }) => data));
  });

  it("predicts the week from a day, also the one after the last day known, where nobody knows the truth", () => {
    const task = forecast.open(configure({ seed: 1, steps: 5 }));
    const { truth, reading, quantities } = task.predict("2015-07-04");
    expect(truth).toBe("33.3 32.8 29.4 27.2 30.0 28.9 21.1 °C");
    expect(reading).toMatch(/^(-?\d+\.\d ){7}°C$/);
    expect(quantities).toEqual({ truth: "was", reading: "forecast" });
    expect(task.predict("2016-01-01").truth).toBe("");
    expect(task.predict("2015-12-28").truth).toBe("");
    expect(originAt(days, "2012-01-29")).toBe(PAST);
    for (const wrong of ["2012-01-28", "2016-01-02", "2015-02-30", "2015-7-4", "", "2718"]) {
      expect(() => task.predict(wrong)).toThrow(
        "expected the first day of a week to forecast, 2012-01-29 to 2016-01-01",
      );
    }
  });

  it("refuses a loss that it does not know, chosen or in a configuration", () => {
    expect(() => configure({ seed: 1, loss: "ctcLoss" })).toThrow('loss is "ctcLoss"; expected meanSquaredError');
    expect(() => forecast.open({ task: "forecast", seed: 1 })).toThrow("loss is undefined");
  });
});
