import { copyFileSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import type { Browser } from "playwright-core";
import { rolldown } from "rolldown";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchChromium } from "./chromium.mjs";
import { serve } from "./serve.mjs";

// The page's bundle: the library and onnxruntime-web, whose WebAssembly lies beside it.
const FOLDER = "build/browser-onnxruntime";
const PROGRAM = `export * as ort from "onnxruntime-web/wasm";
export * as library from "../../dist/bundle/index.js";`;
const RUNTIME = ["ort-wasm-simd-threaded.mjs", "ort-wasm-simd-threaded.wasm"];

interface Page {
  readonly ort: typeof import("onnxruntime-web");
  readonly library: typeof import("../../src/index.js");
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
  if (browser === undefined) return;
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(`${FOLDER}/program.js`, PROGRAM);
  const bundle = await rolldown({ input: `${FOLDER}/program.js`, platform: "browser" });
  await bundle.write({ file: `${FOLDER}/index.js`, format: "esm", codeSplitting: false });
  const installed = dirname(createRequire(import.meta.url).resolve("onnxruntime-web"));
  for (const name of RUNTIME) copyFileSync(`${installed}/${name}`, `${FOLDER}/${name}`);
}, 60_000);
afterAll(() => browser?.close());

describe("onnxruntime-web in Chromium", () => {
  it("gives the outputs of a model that was trained and exported in the page, within 1e-5", async (context) => {
    if (browser === undefined) {
      console.warn(`NO BROWSER TEST HAS RUN: ${reason}`);
      return context.skip(reason);
    }
    const { address, stop } = await serve(FOLDER);
    const page = await browser.newPage();
    try {
      await page.goto(address);
      const found = await page.evaluate(async () => {
        const { ort, library } = globalThis.seqloss as unknown as Page;
        ort.env.wasm.wasmPaths = new URL("/", location.href).href;
        ort.env.wasm.numThreads = 1;
        const random = new library.Random(4);
        const model = library.sequential({
          rnn: library.lstm({ inputs: 5, hidden: 8, layers: 2, bidirectional: true, random }),
          head: library.dense({ inputs: 16, outputs: 4, random }),
        });
        const frames = [9, 6, 2].map((length) => Float32Array.from({ length: 5 * length }, () => random.normal()));
        const inputs = library.padSequences(frames, 5);
        const labels = [[1, 2, 3], [2], [3]];
        const trainer = new library.Trainer({ model, optimiser: library.adam({ learningRate: 0.01 }) });
        const loss = (outputs: typeof inputs) => library.ctcLoss(outputs, labels, { lengths: outputs.lengths });
        const losses = Array.from({ length: 30 }, () => trainer.step([{ inputs, loss }]).loss);
        const session = await ort.InferenceSession.create(library.toOnnx(model));
        const { output } = await session.run({
          input: new ort.Tensor("float32", inputs.data, inputs.shape),
          lengths: new ort.Tensor("int32", inputs.lengths, [3]),
        });
        const own = model.forward(inputs);
        return {
          losses: [losses[0], losses[29]],
          names: [...session.inputNames, ...session.outputNames],
          shapes: [own.shape, output.dims],
          own: Array.from(own.data),
          there: Array.from(output.data as Float32Array),
        };
      });
      expect(found.losses[1]).toBeLessThan(found.losses[0] / 2);
      expect(found.names).toEqual(["input", "lengths", "output"]);
      expect(found.shapes).toEqual([
        [3, 9, 4],
        [3, 9, 4],
      ]);
      expect(found.own.some((x) => Math.abs(x) > 0.1)).toBe(true);
      found.own.forEach((x, i) => expect(Math.abs(x - found.there[i]), `output ${i}`).toBeLessThan(1e-5));
    } finally {
      await page.close();
      stop();
    }
  });
});
