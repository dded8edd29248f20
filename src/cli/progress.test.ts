import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { clock, displayEvaluation, displayTraining, sparkline } from "./progress.js";

describe("sparkline", () => {
  it("reaches from the least to the greatest value", () => {
    expect(sparkline([0, 1, 2, 3, 4, 5, 6, 7], 8)).toBe("▁▂▃▄▅▆▇█");
  });

  it("averages what does not fit, and passes over what is not finite", () => {
    expect(sparkline([0, 0, 7, 7, Number.NaN, Number.POSITIVE_INFINITY], 3)).toBe("▁█");
    expect(sparkline([], 8)).toBe("");
    expect(sparkline([2, 2], 8)).toBe("▁▁");
  });

  it("reaches from the ends of a scale where one is given", () => {
    expect(sparkline([2, 4], 8, [0, 7, Number.POSITIVE_INFINITY])).toBe("▃▅");
  });
});

it.each([
  [0, "0:00"],
  [65.4, "1:05"],
  [3600, "1:00:00"],
  [36_61, "1:01:01"],
  [-3, "0:00"],
])("clock(%d) is %s", (seconds, text) => {
  expect(clock(seconds)).toBe(text);
});

describe("displayTraining without a terminal", () => {
  function watch(total: number, done: number) {
    let time = 0;
    const lines: string[] = [];
    const stream = { isTTY: false, write: (text: string) => lines.push(text) } as unknown as NodeJS.WriteStream;
    const kinds = { characterErrorRate: { unit: "%", better: "less" }, height: { unit: "m", better: "more" } } as const;
    const display = displayTraining(total, done, kinds, { stream, now: () => time });
    const step = (n: number, loss: number) => {
      time += 4000;
      display.step({ step: n, loss, gradientNorm: 1, learningRate: 1, skipped: false });
    };
    return { display, step, lines };
  }

  it("writes a plain line every ten seconds, with what has passed and what is left", () => {
    const { step, lines } = watch(10, 0);
    for (let n = 1; n <= 6; n++) step(n, 2);
    expect(lines).toEqual([
      "step 3/10  0:12 elapsed, 0:28 left  loss 2.000\n",
      "step 6/10  0:24 elapsed, 0:16 left  loss 2.000\n",
    ]);
  });

  it("writes a line for each validation, with its scores, and none twice in between", () => {
    const { display, step, lines } = watch(10, 5);
    step(6, 1);
    display.validation(6, { characterErrorRate: 0.125, height: 2.46 });
    step(7, Number.NaN);
    expect(lines).toEqual(["step 6/10  0:04 elapsed, 0:16 left  loss 1.000  character error 12.5 %, height 2.5 m\n"]);
  });

  it("has no remaining time before the first step", () => {
    const { display, lines } = watch(10, 5);
    display.validation(5, {});
    expect(lines).toEqual(["step 5/10  0:00 elapsed, … left  loss …\n"]);
  });
});

describe("displayEvaluation", () => {
  it("without a terminal writes a line every ten seconds, and nothing of what is done before", () => {
    let time = 0;
    const lines: string[] = [];
    const stream = { isTTY: false, write: (text: string) => lines.push(text) } as unknown as NodeJS.WriteStream;
    const { progress, stop } = displayEvaluation({ stream, now: () => time });
    for (let n = 0; n <= 8; n++) {
      time = 3000 * n;
      progress(n, 8, "the test part");
    }
    stop();
    expect(lines).toEqual(["evaluating: 50 % of the test part\n", "evaluating: 100 % of the test part\n"]);
  });

  it("on a terminal draws a bar once it takes more than a second", () => {
    let [time, drawn] = [0, ""];
    const write = (text: string) => {
      drawn += text;
    };
    const stream = Object.assign(new PassThrough(), { isTTY: true, columns: 80, write, cursorTo() {}, clearLine() {} });
    const { progress, stop } = displayEvaluation({ stream: stream as unknown as NodeJS.WriteStream, now: () => time });
    progress(1, 4, "the test part");
    expect(drawn).toBe("");
    time = 2000;
    progress(3, 4, "the test part");
    stop();
    expect(drawn).toMatch(/evaluating .*the test part/);
  });
});
