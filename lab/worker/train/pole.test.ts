import { describe, expect, it } from "vitest";
import { Random } from "../../../src/index.js";
import { Pole as Simulated } from "../../../tasks/play/pole.js";
import { LEAN, Pole, SEEN, TRACK } from "./pole.js";

describe("the lab's pole", () => {
  it("moves as the rigid-body simulator of the command line's task moves it", () => {
    for (const seed of [1, 2, 3]) {
      const simulated = new Simulated(new Random(seed));
      const pole = new Pole(new Random(seed));
      pole.lean = simulated.lean; // the two draw the side of the lean differently
      const pushes = new Random(seed, 1);
      for (let t = 0; t < 40 && !simulated.fallen; t++) {
        const action = pushes.integer(2);
        simulated.push(action);
        pole.push(action);
        expect(Math.abs(pole.lean - simulated.lean)).toBeLessThan(0.02 * LEAN);
        expect(Math.abs(pole.position - simulated.position)).toBeLessThan(2e-3);
      }
    }
  });

  it("falls when nobody balances it, and sees neither speed", () => {
    const pole = new Pole(new Random(4));
    let steps = 0;
    while (!pole.fallen && steps < 500) {
      pole.push(1);
      steps++;
    }
    expect(steps).toBeLessThan(40);
    const seen = new Float32Array(SEEN);
    pole.see(seen, 0);
    expect(seen[0]).toBeCloseTo(pole.position / TRACK, 6);
    expect(seen[1]).toBeCloseTo(pole.lean / LEAN, 6);
  });
});
