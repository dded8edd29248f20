// npm run bench:allocations: bytes that a loss leaves to the garbage collector, and the collector's share of the time, over
// 10,000 calls with `into` given. Counted with a young generation so large that nothing is collected while they are counted.
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { PerformanceObserver } from "node:perf_hooks";
import { getHeapStatistics } from "node:v8";
import * as seqloss from "seqloss";

const ROOM = "--max-semi-space-size=512";
if (!process.execArgv.includes("--expose-gc")) {
  const flags = ["--expose-gc", ROOM, "--min-semi-space-size=512"];
  process.exit(spawnSync(process.execPath, [...flags, ...process.argv.slice(1)], { stdio: "inherit" }).status ?? 1);
}

const CALLS = 10_000;
const COUNTED = 200;
const random = new seqloss.Random(1);
const drawn = (count) => Float32Array.from({ length: count }, () => random.normal());
const ids = (count, classes, first = 0) =>
  Int32Array.from({ length: count }, () => first + random.integer(classes - first));

/** A step of each loss on a batch of the size of a small training. */
const steps = {
  meanSquaredError: () => {
    const [outputs, targets] = [drawn(3200), drawn(3200)].map((data) => ({ data, shape: [32, 50, 2] }));
    const into = new Float32Array(3200);
    return () => seqloss.meanSquaredError(outputs, targets, { into });
  },
  crossEntropy: () => {
    const logits = { data: drawn(3200 * 32), shape: [32, 100, 32] };
    const labels = ids(3200, 32);
    const into = new Float32Array(logits.data.length);
    return () => seqloss.crossEntropy(logits, labels, { into });
  },
  ctcLoss: () => {
    const logits = { data: drawn(16 * 60 * 29), shape: [16, 60, 29] };
    const labels = ids(16 * 10, 29, 1);
    const labelLengths = new Array(16).fill(10);
    const into = new Float32Array(logits.data.length);
    return () => seqloss.ctcLoss(logits, labels, { labelLengths, into });
  },
  transducerLoss: () => {
    const logits = { data: drawn(4 * 20 * 6 * 16), shape: [4, 20, 6, 16] };
    const labels = ids(4 * 5, 16, 1);
    const labelLengths = new Array(4).fill(5);
    const into = new Float32Array(logits.data.length);
    return () => seqloss.transducerLoss(logits, labels, { labelLengths, into });
  },
  crfLoss: () => {
    const emissions = { data: drawn(16 * 20 * 9), shape: [16, 20, 9] };
    const tags = ids(16 * 20, 9);
    const transitions = { data: drawn(81), shape: [9, 9] };
    const into = new Float32Array(emissions.data.length);
    return () => seqloss.crfLoss(emissions, tags, { transitions, into });
  },
};

const bytesNow = () => getHeapStatistics().used_heap_size + process.memoryUsage().arrayBuffers;

const results = {};
for (const [name, make] of Object.entries(steps)) {
  const step = make();
  for (let n = 0; n < 2000; n++) step();
  globalThis.gc();
  const before = bytesNow();
  for (let n = 0; n < COUNTED; n++) step();
  const bytes = Math.round((bytesNow() - before) / COUNTED);

  let collected = 0;
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) collected += duration;
  });
  observer.observe({ entryTypes: ["gc"] });
  const start = performance.now();
  for (let n = 0; n < CALLS; n++) step();
  const milliseconds = performance.now() - start;
  await new Promise((resolve) => setTimeout(resolve, 50));
  observer.disconnect();
  const outputs = step().grad.data.byteLength;
  results[name] = { bytes, gradientBytes: outputs, milliseconds, collector: collected / milliseconds };
  const share = `${((100 * collected) / milliseconds).toFixed(2)} %`;
  console.log(
    `${name}: ${bytes} bytes a call beside a gradient of ${outputs}; collector ${share} of ${milliseconds.toFixed(0)} ms`,
  );
}
const path = `bench/results/allocations-node${process.versions.node.split(".")[0]}.json`;
writeFileSync(
  path,
  `${JSON.stringify({ date: new Date().toISOString(), node: process.version, calls: CALLS, results }, null, 2)}\n`,
);
console.log(`written: ${path}`);
