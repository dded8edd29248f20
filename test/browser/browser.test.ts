import { existsSync } from "node:fs";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ctcLoss, Random, useThreads } from "../../src/index.js";
import { launchChromium } from "./chromium.mjs";
import { serve } from "./serve.mjs";

declare global {
  var seqloss: typeof import("../../src/index.js");
}

const built = existsSync("dist/bundle/index.js");
let browser: Browser | undefined;
let reason = built ? "" : "dist/bundle is not built";

beforeAll(async () => {
  if (!built) return;
  browser = await launchChromium().catch((error: Error) => {
    reason = error.message.split("\n")[0];
    return undefined;
  });
}, 60_000);
afterAll(() => browser?.close());

/** Runs `work` in a page that has loaded the bundle; skips, saying why, where no Chromium starts. */
async function inPage<Result>(
  context: { skip(note: string): never },
  isolated: boolean,
  work: () => Promise<Result>,
): Promise<Result> {
  if (browser === undefined) {
    console.warn(`NO BROWSER TEST HAS RUN: ${reason}`);
    return context.skip(reason);
  }
  const { address, stop } = await serve("dist/bundle", { isolated });
  try {
    const page = await browser.newPage();
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(error.message));
    await page.goto(address);
    const result = await page.evaluate(work);
    expect(errors).toEqual([]);
    await page.close();
    return result;
  } finally {
    stop();
  }
}

const SHAPE = [6, 20, 9];
const logits = () => {
  const random = new Random(1);
  return Float32Array.from({ length: 6 * 20 * 9 }, () => random.normal());
};
const labels = [[1, 2], [3, 3, 4], [], [8], [5, 6, 7], [1]];

describe("in Chromium", () => {
  it("a loss is what it is in Node, to the last bits", async (context) => {
    const numbers = await inPage(context, false, async () => {
      const { ctcLoss, Random } = globalThis.seqloss;
      const random = new Random(1);
      const data = Float32Array.from({ length: 6 * 20 * 9 }, () => random.normal());
      const { value, grad } = ctcLoss({ data, shape: [6, 20, 9] }, [[1, 2], [3, 3, 4], [], [8], [5, 6, 7], [1]]);
      return [value, ...grad.data];
    });
    const { value, grad } = ctcLoss({ data: logits(), shape: SHAPE }, labels);
    expect(numbers[0]).toBeCloseTo(value, 5);
    for (let i = 0; i < grad.data.length; i++) expect(numbers[i + 1]).toBeCloseTo(grad.data[i], 6);
  });

  it("threads start where the page is cross-origin isolated, give the same bits, and do not start elsewhere", async (context) => {
    const count = () => globalThis.seqloss.useThreads(2);
    expect(await inPage(context, false, count)).toBe(1);
    const [threads, alone, together] = await inPage(context, true, async () => {
      const { ctcLoss, Random, useThreads } = globalThis.seqloss;
      const random = new Random(1);
      const data = Float32Array.from({ length: 6 * 20 * 9 }, () => random.normal());
      const run = () => {
        const { value, grad } = ctcLoss({ data, shape: [6, 20, 9] }, [[1, 2], [3, 3, 4], [], [8], [5, 6, 7], [1]]);
        return [value, ...grad.data];
      };
      const before = run();
      const started = await useThreads(2);
      return [started, before, run()];
    });
    expect(threads).toBe(2);
    expect(together).toEqual(alone);
    await useThreads(1);
  });

  it("a network learns", async (context) => {
    const [first, last] = await inPage(context, false, async () => {
      const { adam, crossEntropy, dense, lstm, sequential, zeroGrad } = globalThis.seqloss;
      const rnn = lstm({ inputs: 2, hidden: 8, seed: 1 });
      const model = sequential({ rnn, head: dense({ inputs: 8, outputs: 2, seed: 2 }) });
      const optimiser = adam({ learningRate: 0.02 });
      // say at each step what the step before was
      const ids = Array.from({ length: 40 }, (_, t) => Math.floor(t * t * 0.37) % 2);
      const data = Float32Array.from(ids.flatMap((id) => [id, 1 - id]));
      const targets = [ids.map((_, t) => ids[Math.max(t - 1, 0)])];
      const inputs = { data, shape: [1, 40, 2], lengths: Int32Array.of(40) };
      const losses = [];
      for (let step = 0; step < 200; step++) {
        zeroGrad(model.parameters);
        const { value, grad } = crossEntropy(model.forward(inputs, { training: true }), targets);
        model.backward(grad);
        optimiser.step(model.parameters);
        losses.push(value);
      }
      return [losses[0], losses[losses.length - 1]];
    });
    expect(first).toBeGreaterThan(0.5);
    expect(last).toBeLessThan(0.1);
  });
});
