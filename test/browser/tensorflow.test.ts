import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import type { Browser } from "playwright-core";
import { rolldown } from "rolldown";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { lossCatalogue, Random } from "../../src/index.js";
import { launchChromium, SOFTWARE_WEBGL } from "./chromium.mjs";
import { serve } from "./serve.mjs";

// The page's bundle: TensorFlow.js, the ops, and the library, as an application's bundler would put them together.
const FOLDER = "build/browser-tensorflow";
const PROGRAM = `export * as tf from "@tensorflow/tfjs";
export * as ops from "../../dist/bundle/tfjs.js";
export { lossCatalogue, Random } from "../../dist/bundle/index.js";`;

interface Page {
  readonly tf: typeof import("@tensorflow/tfjs");
  readonly ops: typeof import("../../src/tfjs/entry.js");
  readonly lossCatalogue: typeof import("../../src/index.js").lossCatalogue;
  readonly Random: typeof import("../../src/index.js").Random;
}

const built = existsSync("dist/bundle/tfjs.js");
let browser: Browser | undefined;
let reason = built ? "" : "dist/bundle is not built";

beforeAll(async () => {
  if (!built) return;
  browser = await launchChromium(SOFTWARE_WEBGL).catch((error: Error) => {
    reason = error.message.split("\n")[0];
    return undefined;
  });
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(`${FOLDER}/program.js`, PROGRAM);
  const bundle = await rolldown({ input: `${FOLDER}/program.js`, platform: "browser" });
  await bundle.write({ file: `${FOLDER}/index.js`, format: "esm", codeSplitting: false });
}, 60_000);
afterAll(() => browser?.close());

describe("TensorFlow.js in Chromium", () => {
  it("each loss is the library's on webgl, value and gradient, and leaves nothing allocated", async (context) => {
    if (browser === undefined) {
      console.warn(`NO BROWSER TEST HAS RUN: ${reason}`);
      return context.skip(reason);
    }
    const { address, stop } = await serve(FOLDER);
    const page = await browser.newPage();
    try {
      await page.goto(address);
      const found = await page.evaluate(async () => {
        const { tf, ops, lossCatalogue, Random } = globalThis.seqloss as unknown as Page;
        if (!(await tf.setBackend("webgl"))) return undefined;
        await tf.ready();
        const results = [...lossCatalogue].map(([name, { example }]) => {
          const { outputs, targets, options } = example(new Random(7));
          const op = (ops as never as Record<string, (...args: unknown[]) => import("@tensorflow/tfjs").Scalar>)[name];
          const x = tf.tensor(outputs as number[]);
          const before = tf.memory().numTensors;
          // the outputs are computed on the device, so that they have to be read back
          const both = tf.valueAndGrad((point) => op(point.mul(1), targets, options))(x);
          const result = { name, value: both.value.dataSync()[0], grad: Array.from(both.grad.dataSync()) };
          tf.dispose(both as never);
          return { ...result, leaked: tf.memory().numTensors - before };
        });
        const w = tf.variable(tf.zeros([1, 3, 4]));
        w.dataSync = () => {
          throw new Error("read synchronously");
        };
        const ctcLoss = lossCatalogue.get("ctcLoss")!.compute;
        const { value, grads } = await ops.asyncVariableGrads(
          () => w.mul(2),
          (logits) => ctcLoss(logits, [[1, 2]]),
        );
        return {
          backend: tf.getBackend(),
          results,
          later: [value.dataSync()[0], ...grads[w.name].dataSync()],
        };
      });
      if (found === undefined) return context.skip("this Chromium has no WebGL");
      expect(found.backend).toBe("webgl");
      expect(found.results.length).toBe(lossCatalogue.size);
      for (const { name, value, grad, leaked } of found.results) {
        const { compute, example } = lossCatalogue.get(name)!;
        const { outputs, targets, options } = example(new Random(7));
        const own = compute(outputs, targets, options);
        expect(value, name).toBeCloseTo(own.value, 4);
        grad.forEach((g, i) => expect(g, `${name} ${i}`).toBeCloseTo(own.grad.data[i], 4));
        expect(leaked, name).toBe(0);
      }
      const zeros = { data: new Float32Array(12), shape: [1, 3, 4] };
      const later = lossCatalogue.get("ctcLoss")!.compute(zeros, [[1, 2]]);
      expect(found.later[0]).toBeCloseTo(later.value, 5);
      later.grad.data.forEach((g, i) => expect(found.later[i + 1]).toBeCloseTo(2 * g, 5));
    } finally {
      await page.close();
      stop();
    }
  });
});
