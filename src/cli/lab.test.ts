import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const program = fileURLToPath(new URL("../../dist/src/cli/main.js", import.meta.url));

describe("seqloss lab", () => {
  it("names its address, answers there, and ends when it is interrupted", async () => {
    const child = spawn(process.execPath, [program, "lab", "--port", "0"]);
    const [text] = await once(child.stdout, "data");
    const address = /http:\/\/localhost:\d+\//.exec(String(text))?.[0] ?? "";
    const page = await fetch(`${address}ctc/`);
    expect([page.status, (await page.text()).includes("CTC lattice")]).toEqual([200, true]);
    expect(await (await fetch(`${address}api/runs`)).json()).toEqual(expect.any(Array));
    const taken = spawn(process.execPath, [program, "lab", "--port", new URL(address).port]);
    const [complaint] = await once(taken.stderr, "data");
    expect(String(complaint)).toContain("is taken");
    expect((await once(taken, "exit"))[0]).toBe(64);
    child.kill("SIGINT");
    expect((await once(child, "exit"))[0]).toBe(0);
  });
});
