import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const program = resolve("dist/src/cli/main.js");
let parent = "";
beforeAll(() => {
  parent = mkdtempSync(join(tmpdir(), "seqloss-init-"));
});
afterAll(() => rmSync(parent, { recursive: true, force: true }));

const run = (command: string, args: readonly string[], cwd = parent) =>
  spawnSync(command, args, { cwd, encoding: "utf8" });
const init = (...args: readonly string[]) => run(process.execPath, [program, "init", ...args]);

/** What npm install would put there: the package as it is built, TypeScript, Node's types. */
function install(project: string): void {
  const modules = join(project, "node_modules");
  mkdirSync(join(modules, "@types"), { recursive: true });
  mkdirSync(join(modules, ".bin"));
  symlinkSync(resolve("."), join(modules, "seqloss"));
  for (const name of ["typescript", "@types/node", "undici-types"]) {
    symlinkSync(resolve("node_modules", name), join(modules, name));
  }
  symlinkSync(resolve("node_modules/typescript/bin/tsc"), join(modules, ".bin", "tsc"));
}

describe("seqloss init", () => {
  it.each(["ctc", "classify"])("%s: a project that type-checks, learns at once, and passes its tests", (template) => {
    const { status, stdout } = init(`My ${template}`, "--template", template);
    expect({ status, next: stdout.includes("npm install\n  npm start\n  npm test\n") }).toEqual({
      status: 0,
      next: true,
    });
    const project = join(parent, `My ${template}`);
    install(project);
    const { name, dependencies } = JSON.parse(readFileSync(join(project, "package.json"), "utf8"));
    const { version } = JSON.parse(readFileSync("package.json", "utf8"));
    expect({ name, dependencies }).toEqual({ name: `my-${template}`, dependencies: { seqloss: `^${version}` } });
    const started = run("npm", ["start"], project);
    expect(started.status, started.stdout + started.stderr).toBe(0);
    const [before, after] = [...started.stdout.matchAll(/wrong (?:before|after) training: +([\d.]+) %/g)].map(([, x]) =>
      Number(x),
    );
    expect(before).toBeGreaterThan(50);
    expect(after).toBeLessThan(10);
    expect(existsSync(join(project, "model.safetensors"))).toBe(true);
    const tested = run("npm", ["test"], project);
    expect(tested.status, tested.stdout + tested.stderr).toBe(0);
    expect(tested.stdout).toMatch(/pass 2\b/);
  });

  it("refuses a folder that is not empty, a file, and a template that there is not; and writes nothing there", () => {
    const full = join(parent, "full");
    mkdirSync(full);
    writeFileSync(join(full, "mine.txt"), "");
    expect(init("full")).toMatchObject({
      status: 64,
      stderr: expect.stringContaining("full: there is mine.txt in it already"),
    });
    expect(readdirSync(full)).toEqual(["mine.txt"]);
    expect(init("full/mine.txt")).toMatchObject({ status: 64, stderr: expect.stringContaining("expected a folder") });
    expect(init("new", "--template", "ctcc")).toMatchObject({
      status: 64,
      stderr: expect.stringContaining("Did you mean ctc?"),
    });
    expect(existsSync(join(parent, "new"))).toBe(false);
  });

  it("writes into an empty folder that git has begun in, and says what as JSON", () => {
    mkdirSync(join(parent, "begun", ".git"), { recursive: true });
    const { stdout } = init("begun", "--json");
    const { files } = JSON.parse(stdout);
    expect(files).toContain("src/data.ts");
    for (const file of files) expect(existsSync(join(parent, "begun", file)), file).toBe(true);
  });
});
