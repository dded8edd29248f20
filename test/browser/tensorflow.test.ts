import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import type { Browser } from "playwright-core";
import { rolldown } from "rolldown";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { lossCatalogue, Random } from "../../src/index.js";
import { launchChromium, SOFTWARE_GRAPHICS } from "./chromium.mjs";
import { serve } from "./serve.mjs";

// The page's bundle: TensorFlow.js, the ops, and the library, as an application's bundler would put them together.
const FOLDER = "build/browser-tensorflow";
const PROGRAM = `import * as tf from "@tensorflow/tfjs";
import "@tensorflow/tfjs-backend-webgpu";
export * as tf from "@tensorflow/tfjs";
export * as ops from "../../dist/bundle/tfjs.js";
export { lossCatalogue, Random } from "../../dist/bundle/index.js";

export async function begin(backend) {
  if (!(await tf.setBackend(backend).catch(() => false))) return false;
  if (backend === "webgpu") tf.env().set("WEBGPU_CPU_FORWARD", false); // small tensors too are computed by the device
  await tf.ready();
  return true;
}

export function problem() {
  const model = tf.sequential();
  model.add(tf.layers.dense({ units: 4, inputShape: [5, 3], kernelInitializer: tf.initializers.glorotUniform({ seed: 1 }) }));
  const x = tf.oneHot(tf.tensor2d([[0, 2, 1, 2, 0], [1, 1, 2, 0, 2]], [2, 5], "int32"), 3).cast("float32");
  return { model, x, labels: [[1, 2, 1], [2, 1]], optimizer: tf.train.sgd(0.5) };
}`;

interface Page {
  readonly tf: typeof import("@tensorflow/tfjs");
  readonly ops: typeof import("../../src/tfjs/entry.js");
  readonly lossCatalogue: typeof import("../../src/index.js").lossCatalogue;
  readonly Random: typeof import("../../src/index.js").Random;
  begin(backend: string): Promise<boolean>;
  problem(): {
    readonly model: import("@tensorflow/tfjs").Sequential;
    readonly x: import("@tensorflow/tfjs").Tensor;
    readonly labels: number[][];
    readonly optimizer: import("@tensorflow/tfjs").SGDOptimizer;
  };
}

const built = existsSync("dist/bundle/tfjs.js");
let browser: Browser | undefined;
let reason = built ? "" : "dist/bundle is not built";

beforeAll(async () => {
  if (!built) return;
  browser = await launchChromium(SOFTWARE_GRAPHICS).catch((error: Error) => {
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
  it.each(["webgl", "webgpu"])(
    "each loss is the library's on %s, value and gradient, and leaves nothing allocated",
    async (backend) => {
      const found = await inPage(onEachLoss, backend);
      if (found === undefined) return;
      expect(found.backend).toBe(backend);
      expect(found.results.length).toBe(lossCatalogue.size);
      for (const { name, ways, leaked } of found.results) {
        const { compute, example } = lossCatalogue.get(name)!;
        const { outputs, targets, options } = example(new Random(7));
        const own = compute(outputs, targets, options);
        for (const { value, grad } of ways) {
          expect(value, name).toBeCloseTo(own.value, 4);
          expect(grad.length, name).toBe(own.grad.data.length);
          grad.forEach((g, i) => expect(g, `${name} ${i}`).toBeCloseTo(own.grad.data[i], 4));
        }
        expect(leaked, name).toBe(0);
      }
    },
  );

  it("a layers model learns by CTC on webgl", async () => {
    const losses = await inPage(fitted, "webgl");
    if (losses !== undefined) expect(losses[losses.length - 1]).toBeLessThan(0.8 * losses[0]);
  });

  it("on webgpu the same model learns asynchronously, and what cannot be read at once is refused", async () => {
    const found = await inPage(awaited, "webgpu");
    if (found === undefined) return;
    expect(found.losses[found.losses.length - 1]).toBeLessThan(0.8 * found.losses[0]);
    if (found.atOnce === found.losses[0]) return; // this browser reads synchronously
    expect(found.atOnce).toMatch(/^ctcLoss: the backend is "webgpu.*Train with asyncVariableGrads/);
  });
});

/** What the function gives in a page; undefined, loudly, where there is no browser, or the browser has not this backend. */
async function inPage<Result>(
  work: (backend: string) => Promise<Result>,
  backend: string,
): Promise<Result | undefined> {
  if (browser === undefined) {
    console.warn(`NO BROWSER TEST HAS RUN: ${reason}`);
    return undefined;
  }
  const { address, stop } = await serve(FOLDER);
  const page = await browser.newPage();
  try {
    await page.goto(address);
    const has = await page.evaluate((name) => (globalThis.seqloss as unknown as Page).begin(name), backend);
    if (has) return await page.evaluate(work, backend);
    console.warn(`NOTHING HAS RUN ON ${backend}: this Chromium has none`);
    return undefined;
  } finally {
    await page.close();
    stop();
  }
}

/** Each loss as an op, and by `asyncVariableGrads`. */
async function onEachLoss(backend: string) {
  const { tf, ops, lossCatalogue, Random } = globalThis.seqloss as unknown as Page;
  const results = [];
  for (const [name, { compute, example }] of lossCatalogue) {
    const { outputs, targets, options } = example(new Random(7));
    const op = (ops as never as Record<string, (...args: unknown[]) => import("@tensorflow/tfjs").Scalar>)[name];
    const x = tf.variable(tf.tensor(outputs as number[]));
    const ways = [];
    const before = tf.memory().numTensors;
    if (backend === "webgl") {
      // the outputs are computed on the device, so that they have to be read back
      const { value, grad } = tf.valueAndGrad((point) => op(point.mul(1), targets, options))(x);
      ways.push({ value: value.dataSync()[0], grad: Array.from(grad.dataSync()) });
      tf.dispose([value, grad]);
    }
    x.dataSync = () => {
      throw new Error("read synchronously");
    };
    const { value, grads } = await ops.asyncVariableGrads(
      () => x.mul(1),
      (host) => compute(host, targets, options),
    );
    ways.push({ value: (await value.data())[0], grad: Array.from(await grads[x.name].data()) });
    tf.dispose([value, grads[x.name]]);
    results.push({ name, ways, leaked: tf.memory().numTensors - before });
    x.dispose();
  }
  return { backend: tf.getBackend(), results };
}

async function fitted() {
  const { ops, problem } = globalThis.seqloss as unknown as Page;
  const { model, x, labels, optimizer } = problem();
  model.compile({ optimizer, loss: ops.layersLoss(ops.ctcLoss) });
  const y = ops.packLabels(labels, model.outputShape);
  const { history } = await model.fit(x, y, { epochs: 8, verbose: 0 });
  return history.loss as number[];
}

async function awaited() {
  const { tf, ops, lossCatalogue, problem } = globalThis.seqloss as unknown as Page;
  const { model, x, labels, optimizer } = problem();
  const ctcLoss = lossCatalogue.get("ctcLoss")!.compute;
  const losses: number[] = [];
  for (let step = 0; step < 8; step++) {
    const { value, grads } = await ops.asyncVariableGrads(
      () => model.apply(x) as import("@tensorflow/tfjs").Tensor,
      (logits) => ctcLoss(logits, labels),
    );
    optimizer.applyGradients(grads as never);
    losses.push((await value.data())[0]);
    tf.dispose([value, ...Object.values(grads)]);
  }
  const fresh = problem();
  try {
    const { value } = tf.variableGrads(() =>
      ops.ctcLoss(fresh.model.apply(fresh.x) as import("@tensorflow/tfjs").Tensor, labels),
    );
    return { losses, atOnce: (await value.data())[0] };
  } catch (error) {
    return { losses, atOnce: (error as Error).message };
  }
}
