// npm run bench:roofline: what this processor can do at most through the engine's 128-bit vectors (multiply-adds, copies,
// exponentials), and what share of it the kernels reach.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import asc from "assemblyscript/asc";
import { crossEntropy, ctcLoss, kernelTensors, Random } from "seqloss";
import * as crfLoss from "./crfLoss.mjs";
import { time } from "./harness.mjs";
import * as lstm from "./lstm.mjs";
import * as structuredHingeLoss from "./structuredHingeLoss.mjs";
import * as transducerLoss from "./transducerLoss.mjs";

const relaxed = !WebAssembly.validate(readFileSync("build/probe.relaxed.wasm")) ? "" : ",relaxed-simd";
mkdirSync("build", { recursive: true });
const folder = mkdtempSync("build/roofline-");
try {
  const file = join(folder, "roofline.wasm");
  const options = ["-O3", "--noAssert", "--runtime", "stub", "--use", "abort=", "--initialMemory", "4096"];
  const { error, stderr } = await asc.main([
    "assembly/roofline.ts",
    ...["--outFile", file, ...options, "--enable", `simd,bulk-memory${relaxed}`],
  ]);
  if (error) throw new Error(stderr.toString());
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(file)));
  await report(exports);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function report(kernels) {
  const at = 1 << 20;
  // short calls: an engine that starts with quick code changes to fast code between calls
  const best = (work, run) => work / (1e6 * Math.min(...Array.from({ length: 5 }, () => time(run, 0.2))));
  const peak = best(2e4 * 12 * 8, () => kernels.multiplyAdds(2e4, at));
  const sums = best(2e4 * 12 * 8, () => kernels.largestSums(2e4, at));
  const exps = best(1e5, () => kernels.exponentials(50, 2000, at));
  const copies = [18, 22, 26].map((power) => {
    const bytes = 2 ** power;
    const repeats = Math.max(1, 2 ** 26 / bytes);
    return { bytes, rate: best(2 * bytes * repeats, () => kernels.copies(repeats, bytes, at, at + bytes)) };
  });
  const memory = copies.at(-1).rate;
  const limits = [
    ["multiply-adds, GFLOP/s", peak],
    ["sums and maxima of whole numbers, 10⁹/s", sums],
    ["exponentials, 10⁹/s", exps],
    ...copies.map(({ bytes, rate }) => [`copy of ${bytes / 2 ** 20} MB, GB/s read and written`, rate]),
  ];

  const random = new Random(1);
  const fill = (data) => {
    for (let i = 0; i < data.length; i++) data[i] = random.normal();
  };
  const shares = [];
  const measure = (name, sizes, { flops = 0, wholes = 0, exponentials = 0, bytes = 0 }, step) => {
    const times = {
      "multiply-adds": flops / peak,
      "whole numbers": wholes / sums,
      exponentials: exponentials / exps,
      memory: bytes / memory,
    };
    const [bound, least] = Object.entries(times).toSorted(([, a], [, b]) => b - a)[0];
    const milliseconds = time(step, 1);
    shares.push([name, sizes, milliseconds, least / 1e6, bound, least / 1e6 / milliseconds]);
  };
  for (const [N, V] of [
    [3200, 64],
    [3200, 1000],
    [3200, 5000],
  ]) {
    const [logits, into] = kernelTensors([N, V], 2);
    fill(logits.data);
    const labels = Int32Array.from({ length: N }, () => random.integer(V));
    // logits are read and the gradient is written, once each, when neither stays in the cache
    const bytes = N * V * 8 > 2 ** 23 ? N * V * 8 : 0;
    measure("crossEntropy", `N, V = ${N}, ${V}`, { exponentials: N * V, bytes }, () =>
      crossEntropy(logits, labels, { into: into.data }),
    );
  }
  for (const [T, B, V, U] of [
    [150, 32, 29, 20],
    [1000, 8, 29, 150],
    [150, 32, 1000, 30],
  ]) {
    const [logits, into] = kernelTensors([B, T, V], 2);
    fill(logits.data);
    const labels = Int32Array.from({ length: B * U }, () => 1 + random.integer(V - 1));
    const labelLengths = new Array(B).fill(U);
    // an exponential for each class and each label; 12 and 19 vector operations for each four states, forward and backward
    const states = T * B * (U + 1);
    const work = { exponentials: T * B * (V + U + 1), flops: states * 31, bytes: T * B * V * 8 };
    measure("ctcLoss", `T, B, V, U = ${T}, ${B}, ${V}, ${U}`, work, () =>
      ctcLoss(logits, labels, { labelLengths, into: into.data }),
    );
  }
  for (const sizes of transducerLoss.cases) {
    const [T, U, V, B] = sizes;
    const numbers = B * T * (U + 1) * V;
    // logits are read, the gradient is written, read and written, when it does not stay in the cache
    const work = { exponentials: numbers, bytes: numbers * 4 > 2 ** 23 ? numbers * 16 : 0 };
    const name = `${transducerLoss.axes} = ${sizes.join(", ")}`;
    measure("transducerLoss", name, work, await transducerLoss.prepare(sizes, undefined, "in place"));
  }
  {
    const sizes = [32, 50, 72];
    const [B, T, K] = sizes;
    const name = `${crfLoss.axes} = ${sizes.join(", ")}`;
    // a product forward, one backward, and one that counts transitions
    measure("crfLoss", name, { flops: 6 * B * T * K * K, exponentials: B * T * K }, await crfLoss.prepare(sizes));
    measure("structuredHingeLoss", name, { wholes: 2 * B * T * K * K }, await structuredHingeLoss.prepare(sizes));
  }
  for (const sizes of lstm.cases) {
    const [T, B, I, H] = sizes;
    // the products of a training step: gates from input and state, forward; the gradients of both weights and of the state,
    // backward; and the head's three
    const cell = 4 * H * (I + H) + 4 * H * (I + H) + 4 * H * H;
    const flops = 2 * T * B * (cell + 3 * H * lstm.CLASSES);
    measure("lstm", `${lstm.axes} = ${sizes.join(", ")}`, { flops }, await lstm.prepare(sizes));
  }

  const result = {
    date: new Date().toISOString(),
    processor: cpus()[0].model,
    node: process.version,
    build: relaxed === "" ? "SIMD" : "relaxed SIMD",
    limits: limits.map(([what, rate]) => ({ what, rate })),
    shares: shares.map(([name, sizes, milliseconds, least, bound, share]) => ({
      ...{ name, sizes, milliseconds, least, bound, share },
    })),
  };
  mkdirSync("bench/results", { recursive: true });
  const path = `bench/results/roofline-node${process.versions.node.split(".")[0]}.json`;
  writeFileSync(path, `${JSON.stringify(result, null, 2)}\n`);
  for (const [what, rate] of limits) console.log(`${what}: ${rate.toPrecision(3)}`);
  for (const [name, sizes, milliseconds, least, bound, share] of shares) {
    const percent = `${(100 * share).toFixed(0)} %`;
    console.log(
      `${name} ${sizes}: ${milliseconds.toPrecision(3)} ms, ${percent} of its limit of ${bound}, ${least.toPrecision(3)} ms`,
    );
  }
  console.log(`written: ${path}`);
}
