// npm run bench:browser: milliseconds in a real Chromium, with one thread and with two, beside Node in the same run.
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import * as seqloss from "seqloss";
import { launchChromium } from "../test/browser/chromium.mjs";
import { serve } from "../test/browser/serve.mjs";

const cases = [
  ["ctcLoss", [150, 32, 29, 20]],
  ["ctcLoss", [1000, 8, 29, 150]],
  ["ctcLoss", [150, 32, 1000, 30]],
  ["crossEntropy", [3200, 64]],
  ["crossEntropy", [3200, 1000]],
  ["lstm", [50, 32, 32, 64]],
  ["lstm", [100, 32, 64, 128]],
];
const AXES = { ctcLoss: "T, B, V, U", crossEntropy: "N, V", lstm: "T, B, I, H" };

/** Median milliseconds of a case in this engine. It runs in the page too, and so refers to nothing outside. */
async function measure({ subject, sizes, threads, seconds }) {
  const { adam, crossEntropy, ctcLoss, dense, kernelTensors, lstm, Random, sequential, useThreads, zeroGrad } =
    globalThis.seqloss;
  await useThreads(threads);
  const random = new Random(1);
  const fill = (data) => {
    for (let i = 0; i < data.length; i++) data[i] = random.normal();
    return data;
  };
  const makers = {
    ctcLoss([T, B, V, U]) {
      const [logits, into] = kernelTensors([B, T, V], 2);
      fill(logits.data);
      const labels = Int32Array.from({ length: B * U }, () => 1 + random.integer(V - 1));
      const labelLengths = new Array(B).fill(U);
      return () => ctcLoss(logits, labels, { labelLengths, into: into.data });
    },
    crossEntropy([N, V]) {
      const [logits, into] = kernelTensors([N, V], 2);
      fill(logits.data);
      const labels = Int32Array.from({ length: N }, () => random.integer(V));
      return () => crossEntropy(logits, labels, { into: into.data });
    },
    lstm([T, B, I, H]) {
      const data = fill(new Float32Array(B * T * I));
      const labels = Int32Array.from({ length: B * T }, () => random.integer(32));
      const rnn = lstm({ inputs: I, hidden: H, random });
      const model = sequential({ rnn, head: dense({ inputs: H, outputs: 32, random }) });
      const optimiser = adam({ learningRate: 1e-3 });
      const inputs = { data, shape: [B, T, I], lengths: new Int32Array(B).fill(T) };
      return () => {
        zeroGrad(model.parameters);
        model.backward(crossEntropy(model.forward(inputs, { training: true }), labels).grad);
        optimiser.step(model.parameters);
      };
    },
  };
  const step = makers[subject](sizes);
  const times = [];
  for (const warm of [true, false]) {
    times.length = 0;
    const end = performance.now() + (warm ? 0.5 : 1) * 1000 * seconds;
    while (performance.now() < end || times.length < 3) {
      const start = performance.now();
      for (let n = 0; n < 4; n++) step(); // a page's clock is coarse
      times.push((performance.now() - start) / 4);
    }
  }
  return times.sort((a, b) => a - b)[times.length >> 1];
}

globalThis.seqloss = seqloss;
const browser = await launchChromium();
const { address, stop } = await serve("dist/bundle");
const page = await browser.newPage();
await page.goto(address);
const results = [];
for (const [subject, sizes] of cases) {
  const run = { subject, sizes, threads: 1, seconds: 1 };
  const [node, one, two] = [
    await measure(run),
    await page.evaluate(measure, run),
    await page.evaluate(measure, { ...run, threads: 2 }),
  ];
  results.push({ subject, axes: AXES[subject], sizes, node, one, two });
  const shown = [one, two, node].map((x) => x.toPrecision(3));
  console.log(`${subject} ${sizes}: Chromium ${shown[0]} ms, two threads ${shown[1]} ms; Node ${shown[2]} ms`);
}
const version = browser.version();
await browser.close();
stop();
const report = { date: new Date().toISOString(), processor: cpus()[0].model, node: process.version, chromium: version };
mkdirSync("bench/results", { recursive: true });
writeFileSync("bench/results/browser.json", `${JSON.stringify({ ...report, results }, null, 2)}\n`);
console.log("written: bench/results/browser.json");
