// npm run bench:allocations: bytes that a loss leaves to the garbage collector, and the collector's share of the time, over
// 10,000 calls which all write into one result. Counted with a young generation so large that nothing is collected while they are counted.
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { PerformanceObserver } from "node:perf_hooks";
import { getHeapStatistics } from "node:v8";
import { steps } from "./allocationSteps.mjs";

const ROOM = "--max-semi-space-size=512";
if (!process.execArgv.includes("--expose-gc")) {
  const flags = ["--expose-gc", ROOM, "--min-semi-space-size=512"];
  process.exit(spawnSync(process.execPath, [...flags, ...process.argv.slice(1)], { stdio: "inherit" }).status ?? 1);
}

const CALLS = 10_000;
const COUNTED = 1000;

const bytesNow = () => getHeapStatistics().used_heap_size + process.memoryUsage().arrayBuffers;

const results = {};
for (const [name, make] of Object.entries(steps)) {
  const step = make();
  for (let n = 0; n < 3000; n++) step();
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
    `${name}: ${bytes} bytes a call, none of them the gradient's ${outputs}; collector ${share} of ${milliseconds.toFixed(0)} ms`,
  );
}
const path = `bench/results/allocations-node${process.versions.node.split(".")[0]}.json`;
writeFileSync(
  path,
  `${JSON.stringify({ date: new Date().toISOString(), node: process.version, calls: CALLS, results }, null, 2)}\n`,
);
console.log(`written: ${path}`);
