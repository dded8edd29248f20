import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { lossCatalogue } from "../src/index.js";

// The commands of README's table of the lecture, as the built program runs them; training is cut short.

const [, table] = readFileSync("README.md", "utf8").split("## The lecture, item by item");
const rows = table.split("\n## ")[0];
const commands = [...new Set([...rows.matchAll(/`seqloss ([^`]+)`/g)].map(([, command]) => command))];
const program = resolve("dist/src/cli/main.js");

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "seqloss-readme-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("README's table of the lecture", () => {
  it.each(commands)("seqloss %s", (command) => {
    const args = command.split(" ");
    if (/^(train|compare)/.test(command)) args.push("--steps", "2");
    const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
      cwd: folder,
      encoding: "utf8",
    });
    expect(status, stderr).toBe(0);
    expect(stdout.split("\n").length).toBeGreaterThan(1);
  });

  it("names every loss of the lecture, its three problems and files that exist", () => {
    const named = new Set([...rows.matchAll(/explain (\w+)/g)].map(([, name]) => name));
    for (const name of named) expect(name === "backpropagation" || lossCatalogue.has(name), name).toBe(true);
    expect(named.size).toBeGreaterThan(14);
    for (const problem of ["hello", "deep", "123", "hinge"]) expect(commands).toContain(`solve ${problem}`);
    for (const [, path] of rows.matchAll(/\]\(([^)]+)\)/g)) expect(existsSync(path), path).toBe(true);
  });
});
