import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { lossCatalogue } from "../../../src/index.js";
import { breaking } from "./lossBreaking.js";
import { atRest, type LossAnswer, lossScreen } from "./losses.js";

const python = process.env.SEQLOSS_BENCH_TORCH;

/** Each loss as it stands, summed, and with its first parameters elsewhere. */
const cases = [...lossCatalogue.keys()].flatMap((name) => [
  [name, "at rest", lossScreen(name, atRest)] as const,
  [name, "summed, another seed", lossScreen(name, { ...atRest, seed: 3, reduction: "sum" })] as const,
  [
    name,
    "turned",
    lossScreen(name, {
      ...atRest,
      seed: 2,
      parameters: [
        [0, 0.4],
        [1, 1],
        [2, 0.3],
      ],
    }),
  ] as const,
]);

describe("the textbook's form of a loss", () => {
  it.each([...lossCatalogue.keys()])("%s: agrees while numbers are small, and breaks when they are not", (name) => {
    const broken = breaking(name);
    const [small] = broken.rows;
    expect(Math.abs(small.naive - small.stable)).toBeLessThan(1e-5 * (1 + Math.abs(small.stable)));
    expect(broken.rows.every(({ stable }) => Number.isFinite(stable))).toBe(true);
    expect(broken.rows.some(({ naive }) => !Number.isFinite(naive))).toBe(true);
  });
});

describe("the code of each loss", () => {
  it.each(cases)("%s has it in TypeScript and PyTorch: %s", (name, _, { typescript, python: code }) => {
    expect(typescript).toContain(`import { ${name} } from "seqloss"`);
    expect(code).toContain("loss.backward()");
    expect(code).not.toMatch(/undefined|NaN|null|\btrue\b|\bfalse\b/);
  });

  it.skipIf(python === undefined)("gives the same loss and gradient where PyTorch runs it", () => {
    const script = cases
      .map(([, , answer]) => `${answer.python}\nprint(json.dumps([loss.item(), x.grad.flatten().tolist()]))`)
      .join("\n");
    const { stdout, stderr } = spawnSync(python as string, ["-"], {
      input: `import json\n${script}\n`,
      encoding: "utf8",
    });
    const said = stdout.trim().split("\n");
    expect([stderr, said.length]).toEqual(["", cases.length]);
    cases.forEach(([name, which, { value, gradient }]: readonly [string, string, LossAnswer], i) => {
      const [loss, grad] = JSON.parse(said[i]) as [number, number[]];
      expect(Math.abs(loss - value), `${name}, ${which}: ${loss} for ${value}`).toBeLessThan(
        1e-5 * (1 + Math.abs(value)),
      );
      grad.forEach((slope, k) =>
        expect(
          Math.abs(slope - gradient[k]),
          `${name}, ${which}, slope ${k}: ${slope} for ${gradient[k]}`,
        ).toBeLessThan(1e-4),
      );
    });
  });
});
