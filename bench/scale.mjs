// npm run bench:scale: time against each size of a problem, memory against T, the largest problems that 4 GiB hold; a dated JSON of
// them. bench/scaleReport.mjs makes docs/scale.md and its charts of it.
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { setTimeout } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { lstm } from "../dist/src/index.js";
import { heap } from "../dist/src/kernels/memory.js";
import { largestRuns, limits } from "./capacity.mjs";
import { powerLaw } from "./fit.mjs";
import { median } from "./harness.mjs";
import { checkpointed, sweeps } from "./scaleSweeps.mjs";

const ROUNDS = 5;
/** What the calls of one round take at least. */
const SECONDS = 0.03;

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc");

/** Milliseconds of the processor's time for one call: what else runs on the machine does not count. */
function cost(step) {
  const start = process.cpuUsage();
  let calls = 0;
  let spent = 0;
  do {
    step();
    calls++;
    const { user, system } = process.cpuUsage(start);
    spent = (user + system) / 1000;
  } while (spent < 1000 * SECONDS);
  return spent / calls;
}

/** The cost of each step, the steps in turn in every round. */
function inTurn(steps) {
  for (const step of [...steps, ...steps]) cost(step); // warm
  const rounds = Array.from({ length: ROUNDS }, () => steps.map(cost));
  return steps.map((_, n) => rounds.map((round) => round[n]));
}

const fitOf = (points) => {
  const { exponent, residual } = powerLaw(points);
  return { exponent, residual };
};

const measured = [];
for (const { prepare, ...sweep } of sweeps) {
  const { subject, axis, sizes, fixed } = sweep;
  const steps = [];
  for (const size of sizes) steps.push(await prepare({ ...fixed, [axis]: size }));
  const rounds = inTurn(steps);
  const points = sizes.map((x, n) => ({ x, y: median(rounds[n]) }));
  const fit = fitOf(points);
  const exponents = Array.from({ length: ROUNDS }, (_, r) => powerLaw(sizes.map((x, n) => ({ x, y: rounds[n][r] }))));
  const each = exponents.map(({ exponent }) => exponent);
  measured.push({ ...sweep, points, ...fit, spread: [Math.min(...each), Math.max(...each)] });
  console.log(`${subject}, ${axis}: exponent ${fit.exponent.toFixed(2)}, on paper ${sweep.expected}`);
}

const recomputing = checkpointed.sizes.map((T) => {
  const [whole, segments] = inTurn(checkpointed.prepare({ ...checkpointed.fixed, T }));
  const ratio = median(segments.map((milliseconds, round) => milliseconds / whole[round]));
  console.log(`lstm, T = ${T}: checkpoint takes ${ratio.toFixed(2)} of the time`);
  return { T, whole: median(whole), segments: median(segments), ratio };
});

const held = {};

/** Bytes of array buffers that are in use, once the others are collected. */
async function arrayBytes() {
  for (let n = 0; n < 3; n++) {
    collect();
    await setTimeout(10);
  }
  return process.memoryUsage().arrayBuffers;
}

/** What a layer keeps between its forward and its backward pass: kernels' memory, and arrays beside its input and output. */
async function kept(T, options) {
  const [B, H] = [8, 64];
  const before = { kernels: heap().reservedBytes, arrays: await arrayBytes() };
  held.layer = lstm({ inputs: H, hidden: H, seed: 1, ...options });
  const parameters = held.layer.parameters.reduce((sum, { data }) => sum + 2 * data.byteLength, 0);
  held.input = { data: new Float32Array(B * T * H), shape: [B, T, H], lengths: new Int32Array(B).fill(T) };
  held.output = held.layer.forward(held.input, { training: true });
  const given = held.input.data.byteLength + held.output.data.byteLength + parameters;
  const kernels = heap().reservedBytes - before.kernels;
  const arrays = Math.max(0, (await arrayBytes()) - before.arrays - given);
  held.layer.dispose();
  for (const name of Object.keys(held)) delete held[name];
  return { T, kernels, arrays };
}

const memory = { fixed: { B: 8, I: 64, H: 64 }, series: [] };
for (const [name, options, expected] of [
  ["whole", {}, 1],
  ['checkpoint: "sqrt"', { checkpoint: "sqrt" }, 0.5],
]) {
  const points = [];
  for (const T of [1024, 4096, 16_384, 65_536]) points.push(await kept(T, options));
  const fit = fitOf(points.map(({ T, kernels, arrays }) => ({ x: T, y: kernels + arrays })));
  memory.series.push({ name, expected, points, ...fit });
  console.log(`lstm's memory, ${name}: exponent ${fit.exponent.toFixed(2)}, on paper ${expected}`);
}

const largest = [];
for (const [subject, run] of Object.entries(largestRuns)) {
  const found = run();
  collect();
  largest.push({ subject, ...found });
  console.log(`${subject}: the largest ran in ${found.seconds.toFixed(1)} s; beyond: ${found.beyond}`);
}

const commit = execFileSync("git", ["rev-parse", "--short", "HEAD"], { encoding: "utf8" }).trim();
const report = {
  date: new Date().toISOString(),
  commit,
  processor: cpus()[0].model,
  node: process.version,
  rounds: ROUNDS,
  seconds: SECONDS,
  sweeps: measured,
  checkpoint: { fixed: checkpointed.fixed, points: recomputing },
  memory,
  capacity: limits,
  largest,
};
mkdirSync("bench/results", { recursive: true });
const engine = `node${process.versions.node.split(".")[0]}`;
const file = `bench/results/scale-${report.date.slice(0, 10)}-${commit}-${engine}.json`;
writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
console.log(`written: ${file}`);
