// npm run bench:size: what a bundler makes of programs that use more and more of the library, compressed, and how long a program
// takes from its first line to its first loss.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { rolldown } from "rolldown";

const STARTS = 15;
const entry = (name) => pathToFileURL(`dist/bundle/${name}.js`).href;
mkdirSync("build", { recursive: true });
/** Within the package, so that its own name means what a bundler finds in an installed one. */
const scratch = mkdtempSync(join("build", "size-"));

/** The names that src/train.ts exports under these headings. */
function exported(headings) {
  const parts = readFileSync("src/train.ts", "utf8").split(/^\/\/ /m);
  const chosen = parts.filter((part) => headings.some((heading) => part.startsWith(heading)));
  if (chosen.length !== headings.length) throw new Error(`src/train.ts has not all of: ${headings.join("; ")}`);
  return chosen.flatMap((part) =>
    [...part.matchAll(/^export \{([^}]*)\}/gm)].flatMap(([, names]) => names.match(/\w+/g)),
  );
}

const LOSSES = ["What goes in", "Losses.", "Losses of your own"];
const TRAINING = [...LOSSES, "Decoding", "Metrics", "Recurrent networks", "Training", "Files"];
const programs = {
  "`ctcLoss`": ["ctcLoss"],
  "`crossEntropy`": ["crossEntropy"],
  "every loss": exported(LOSSES),
  "losses and decoders": exported([...LOSSES, "Decoding"]),
  "losses, decoders, metrics, networks, training": exported(TRAINING),
};
/** Whole entries: what `import *` keeps. */
const entries = {
  "`seqloss/train`: all that programs compute with": "seqloss/train",
  "everything, lessons and quiz included": "seqloss",
};

async function bundled(source) {
  const input = join(scratch, "program.js");
  writeFileSync(input, source);
  const { output } = await (await rolldown({ input, platform: "browser" })).generate({ format: "esm", minify: true });
  const compressed = (bytes) => gzipSync(bytes, { level: 9 }).length;
  const code = output[0].code;
  const module = /["`']([A-Za-z0-9+/=]{400,})["`']/g;
  const modules = [...code.matchAll(module)].map(([, base64]) => compressed(Buffer.from(base64, "base64")));
  return { script: compressed(code.replaceAll(module, '""')), modules: modules.reduce((sum, size) => sum + size, 0) };
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1];

/**
 * Milliseconds from a program's first line to its first loss, Node's own start not among them; and the processor's of them, which
 * other programs on the machine change less.
 */
function coldStart(name) {
  const program = join(scratch, "start.js");
  writeFileSync(
    program,
    `const start = performance.now();
const used = process.cpuUsage();
const { ctcLoss } = await import("${entry(name)}");
ctcLoss({ data: new Float32Array(150 * 29), shape: [1, 150, 29] }, [[1, 2, 3]]);
const milliseconds = performance.now() - start;
const { user, system } = process.cpuUsage(used);
console.log(JSON.stringify([milliseconds, (user + system) / 1000]));`,
  );
  const times = Array.from({ length: STARTS }, () =>
    JSON.parse(spawnSync(process.execPath, [program], { encoding: "utf8" }).stdout),
  );
  const [all, processor] = [0, 1].map((n) => times.map((pair) => pair[n]));
  return { least: Math.min(...all), median: median(all), processor: median(processor) };
}

const shown = ({ least, processor }) => `${least.toFixed(1)} ms at best, ${processor.toFixed(1)} ms of the processor`;

const results = { date: new Date().toISOString(), node: process.version, sizes: {}, starts: {} };
try {
  const wholes = Object.entries(entries).map(([what, entry]) => [what, `export * from "${entry}";\n`]);
  const lines = Object.entries(programs).map(([what, names]) => [
    what,
    `export { ${names.join(", ")} } from "seqloss";\n`,
  ]);
  for (const [what, program] of [...lines, ...wholes]) {
    results.sizes[what] = await bundled(program);
    const { script, modules } = results.sizes[what];
    console.log(`${what}: ${script} bytes of JavaScript, ${modules} of WebAssembly`);
  }
  for (const name of ["ctc", "train", "index"]) {
    results.starts[name] = coldStart(name);
    console.log(`${name}: first loss after ${shown(results.starts[name])}`);
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
const path = `bench/results/size-node${process.versions.node.split(".")[0]}.json`;
writeFileSync(path, `${JSON.stringify(results, null, 2)}\n`);
console.log(`written: ${path}`);
