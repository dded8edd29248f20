import { describe, expect, it } from "vitest";
import { drawHeat, heatSentence, looks, saliencySentence } from "../../models/heatStrip.js";
import { learning, saliency } from "./learning.js";

const state = { cell: "gru", hidden: 24, radius: 0.9, seed: 1, text: "hadabagdechfbeag" } as const;

describe("a network that learns to echo", () => {
  it("lets more of the gradient through to where the answer is", () => {
    const { reach, steps, lag, losses } = learning(state);
    expect(steps).toHaveLength(reach.length);
    expect(losses.at(-1)).toBeLessThan(0.5 * losses[0]);
    expect((reach.at(-1) as number[])[lag]).toBeGreaterThan(reach[0][lag] + 0.3);
    for (const row of reach) expect(row[0]).toBeCloseTo(0, 1); // a gradient of length 1 is put in
    expect(heatSentence(learning(state))).toMatch(/grew from/);
    const { cells } = drawHeat(learning(state));
    expect(cells).toHaveLength(reach.length * reach[0].length);
    expect(Math.max(...cells.map(({ x, y }) => x + y))).toBeLessThan(680 + 260);
  });

  it("looks at the letter four steps before, and never at one to come", () => {
    const answer = saliency(state);
    expect(answer.inputs.join("")).toBe(state.text);
    let right = 0;
    for (let t = 6; t < 16; t++) {
      const row = looks(answer, t);
      if (answer.outputs[t] === answer.inputs[t - 4] && row.indexOf(1) === t - 4) right++;
      for (let k = t + 1; k < 16; k++) expect(row[k]).toBe(0);
    }
    expect(right).toBeGreaterThanOrEqual(7);
    expect(saliencySentence(answer, 9)).toContain("Output 10 says");
  });

  it("leaves out what is no letter of its own", () => {
    expect(saliency({ ...state, text: "aXé h1" }).inputs).toEqual(["a", "h"]);
    expect(saliency({ ...state, text: "" })).toEqual({ inputs: [], outputs: [], shares: [] });
  });
});
