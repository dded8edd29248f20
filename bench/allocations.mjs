// npm run bench:allocations: bytes that a loss leaves to the garbage collector, and the collector's share of the time, over
// 10,000 calls which all write into one result. With --count only the bytes, as JSON, of the losses that are named or of all.
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { PerformanceObserver } from "node:perf_hooks";
import { steps } from "./allocationSteps.mjs";
import { countBytes } from "./countBytes.mjs";

if (!process.execArgv.includes("--expose-gc")) {
  const flags = ["--expose-gc", "--max-semi-space-size=512", "--min-semi-space-size=512"];
  process.exit(spawnSync(process.execPath, [...flags, ...process.argv.slice(1)], { stdio: "inherit" }).status ?? 1);
}

const CALLS = 10_000;
const results = {};
const [mode, ...names] = process.argv.slice(2);
if (mode === "--count") {
  for (const name of names.length > 0 ? names : Object.keys(steps)) results[name] = countBytes(steps[name]());
  console.log(JSON.stringify(results));
} else {
  for (const [name, make] of Object.entries(steps)) results[name] = await measure(name, make());
  const path = `bench/results/allocations-node${process.versions.node.split(".")[0]}.json`;
  const report = { date: new Date().toISOString(), node: process.version, calls: CALLS, results };
  writeFileSync(path, `${JSON.stringify(report, null, 2)}\n`);
  console.log(`written: ${path}`);
}

async function measure(name, step) {
  const bytes = countBytes(step);
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
  const gradientBytes = step().grad.data.byteLength;
  const share = `${((100 * collected) / milliseconds).toFixed(2)} %`;
  const time = `collector ${share} of ${milliseconds.toFixed(0)} ms`;
  console.log(`${name}: ${bytes} bytes a call, beside a gradient of ${gradientBytes} that is written again; ${time}`);
  return { bytes, gradientBytes, milliseconds, collector: collected / milliseconds };
}
