import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { RunFolder } from "../runs/entry.js";

const program = fileURLToPath(new URL("../../dist/src/cli/main.js", import.meta.url));
let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "seqloss-tensorboard-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const run = (...args: readonly string[]) =>
  spawnSync(process.execPath, [program, ...args], { cwd: folder, encoding: "utf8" });

describe("seqloss tensorboard", () => {
  it("writes the log of runs that were trained without", () => {
    const made = ["a", "b"].map((task) => RunFolder.create(folder, { task, seed: 1 }));
    for (const { metrics } of made) metrics.append({ step: 1, loss: 0.5 });
    const { status, stdout } = run("tensorboard", ...made.map(({ path }) => path), "--json");
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toEqual(made.map(({ path, events }) => ({ run: path, events: events.path })));
    for (const { events } of made) expect(readFileSync(events.path).length).toBe(82 + "train/".length);
  });

  it("refuses what is no run", () => {
    const { status, stderr } = run("tensorboard", "nowhere");
    expect({ status, stderr }).toEqual({ status: 66, stderr: expect.stringContaining("nowhere") });
  });
});

describe("seqloss train --tensorboard", () => {
  it("logs every step and validation as it trains", () => {
    const { status, stderr } = run("train", "forecast", "--steps", "2", "--tensorboard", "--out", "trained");
    expect(status, stderr).toBe(0);
    const [name] = readdirSync(join(folder, "trained"));
    const events = readFileSync(join(folder, "trained", name, "events.out.tfevents.seqloss"), "latin1");
    expect(events.match(/train\/loss/g)).toHaveLength(2);
    expect(events).toContain("validation/");
    expect(existsSync(join(folder, "trained", name, "metrics.jsonl"))).toBe(true);
  });
});
