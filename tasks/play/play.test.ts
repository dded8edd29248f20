import { describe, expect, it } from "vitest";
import { dense, gru, Random, sequential } from "../../src/index.js";
import { drawPath, filmPath } from "./draw.js";
import { drawPoles, playEpisodes } from "./episodes.js";
import { play } from "./play.js";
import { ACTIONS, LONGEST, Pole, SEEN } from "./pole.js";
import { averageAtEachStep, meanReturn, report } from "./report.js";

const policy = (seed: number) =>
  sequential({ rnn: gru({ inputs: SEEN, hidden: 8, seed }), head: dense({ inputs: 8, outputs: ACTIONS, seed }) });

describe("the pole", () => {
  it("falls to the left when the cart is pushed to the right, and the other way round", () => {
    for (const [action, side] of [
      [1, -1],
      [0, 1],
    ]) {
      const pole = new Pole(new Random(1), 0);
      for (let t = 0; t < 12 && !pole.fallen; t++) pole.push(action);
      expect(Math.sign(pole.lean)).toBe(side);
      expect(Math.sign(pole.position)).toBe(-side);
    }
  });

  it("weighs 1.1 kg with its cart: the first push moves it as Newton says", () => {
    const pole = new Pole(new Random(1), 0);
    const before = pole.position;
    pole.push(1);
    // 10 N on a cart of 1 kg that a hinged rod of 0.1 kg holds back by a quarter of its mass: 10 / 1.025 m/s², for 0.02 s
    expect(pole.position - before).toBeCloseTo((10 / 1.025) * 0.02 ** 2, 3);
  });

  it("is the same from the same seed, and begins within 0.05 of upright and of the middle", () => {
    const runs = [1, 1, 2].map((seed) => {
      const pole = new Pole(new Random(seed));
      expect(Math.abs(pole.lean)).toBeLessThanOrEqual(0.05);
      expect(Math.abs(pole.position)).toBeLessThanOrEqual(0.05);
      for (let t = 0; t < 10; t++) pole.push(t % 2);
      return [pole.lean, pole.position];
    });
    expect(runs[1]).toEqual(runs[0]);
    expect(runs[2]).not.toEqual(runs[0]);
  });
});

describe("episodes", () => {
  it("hold what was seen and done until each fell, and zeros after", () => {
    const { seen, shape, lengths, actions } = playEpisodes(policy(1), {
      poles: drawPoles(5, 0, 6),
      random: new Random(2),
      choice: "drawn",
    });
    const [B, T] = shape;
    expect([B, T]).toEqual([6, Math.max(...lengths)]);
    expect(actions.map(({ length }) => length)).toEqual(Array.from(lengths));
    lengths.forEach((length, b) => {
      expect(length).toBeLessThan(LONGEST);
      const past = seen.subarray((b * T + length) * SEEN, (b + 1) * T * SEEN);
      expect(past.every((x) => x === 0)).toBe(true);
      const real = seen.subarray(b * T * SEEN, (b * T + length) * SEEN);
      expect(real.every((x) => Math.abs(x) <= 1)).toBe(true);
    });
  });

  it("are those of one pole alone, whatever others are played beside it", () => {
    const lengths = (count: number) =>
      playEpisodes(policy(3), { poles: drawPoles(7, 0, count), random: new Random(0), choice: "likeliest" }).lengths;
    expect(lengths(4)[0]).toBe(lengths(1)[0]);
  });
});

describe("the baseline", () => {
  it("is the mean return of the episodes that are still alive, discounted", () => {
    expect(averageAtEachStep(Int32Array.of(1, 3), 1)).toEqual([[2], [2, 2, 1]]);
    const [, second] = averageAtEachStep(Int32Array.of(1, 3), 0.5);
    expect(second).toEqual([(1 + 1.75) / 2, 1.5, 1]);
  });
});

describe("the report", () => {
  it("sets the network beside what remembers nothing", () => {
    const poles = () => drawPoles(9, 0, 4);
    const played = playEpisodes(policy(1), { poles: poles(), random: new Random(0), choice: "likeliest" });
    const { scores, intervals, table } = report(played, played, poles);
    expect(scores.meanReturn).toBe(meanReturn(played.lengths));
    expect(intervals?.meanReturn[0]).toBeLessThanOrEqual(scores.meanReturn);
    expect(table.map(([name]) => name)).toContain("towards the lean");
  });

  it("draws the pole where it is", () => {
    const lines = drawPath([
      { lean: 0, position: 0 },
      { lean: 8, position: -2.4 },
    ]);
    expect(lines).toHaveLength(6);
    expect(lines[0].indexOf("│")).toBe(6 + 16);
    expect(lines[3]).toContain("╱");
    expect(lines[5].indexOf("▟")).toBe(6);
  });
});

describe("the film", () => {
  it("shows every second step and the last, in pictures of as many lines, with the push on the side it comes from", () => {
    const path = [0, 1, 2, 3].map((t) => ({ lean: 3 * t, position: 0.5 * t - 1 }));
    const { pictures, milliseconds } = filmPath(path, [1, 0, 0, 1]);
    expect([pictures.length, milliseconds]).toEqual([3, 40]);
    expect(new Set(pictures.map(({ length }) => length)).size).toBe(1);
    const [first, second, last] = pictures.map((lines) => lines.join("\n"));
    expect(first).toContain("▶ ▟███▙\n");
    expect(second).toContain("▟███▙ ◀\n");
    expect(last).toContain("▶ ▟███▙\n");
    expect(last).toContain("0.06 s   leans by 9.0°");
    // upright, the pole stands on the middle of its cart
    expect(pictures[0][0].indexOf("●")).toBe(pictures[0][7].indexOf("▟") + 2);
    expect(pictures[2][0].indexOf("●")).toBeGreaterThan(pictures[2][6].indexOf("╱"));
  });
});

describe("play", () => {
  it("without a memory sees the same poles, and plays as if each step were the first", () => {
    const open = (memory: boolean) => play.open({ ...play.configure({ seed: 1, steps: 1 }), ...{ memory } });
    const [own, forgetting] = [open(true), open(false)].map(({ trainer }) => trainer.model);
    const one = { data: Float32Array.of(0.1, 0.2), shape: [1, 1, 2], lengths: Int32Array.of(1) };
    const two = { data: Float32Array.of(0.5, -0.4, 0.1, 0.2), shape: [1, 2, 2], lengths: Int32Array.of(2) };
    const first = own.forward(one).data;
    expect(forgetting.forward(two).data.slice(ACTIONS)).toEqual(first);
    expect(own.forward(two).data.slice(ACTIONS)).not.toEqual(first);
  });

  it("learns to balance: in 40 updates several times as long as pushes at random", () => {
    const { trainer, batch, validate } = play.open(play.configure({ seed: 1, steps: 40 }));
    const before = validate().meanReturn;
    for (let step = 0; step < 40; step++) trainer.step(batch(step));
    expect(before).toBeLessThan(60);
    expect(validate().meanReturn).toBeGreaterThan(100);
  });

  it.each(["", "twelve", "12", "-40"])("refuses to begin with a lean of %j", (input) => {
    const opened = play.open(play.configure({ seed: 1 }));
    expect(() => opened.predict(input)).toThrow(/degrees to the right, between -12 and 12/);
  });
});
