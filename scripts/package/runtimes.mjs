// The installed package in Node 20, 22 and 24, Deno and Bun: the same program prints the same numbers. A runtime comes through
// npm; one that does not install is left out, loudly.
import { writeFileSync } from "node:fs";
import { join } from "node:path";

const RUNTIMES = [
  ["Node 20", "node@20"],
  ["Node 22", "node@22"],
  ["Node 24", "node@24"],
  ["Deno", "deno@2", "run", "--allow-all", "--no-remote"],
  ["Bun", "bun@1", "run"],
];

const PROGRAM = `import * as seqloss from "seqloss";
import { ctcLoss } from "seqloss/ctc";

const random = new seqloss.Random(1);
const data = Float32Array.from({ length: 6 * 20 * 9 }, () => random.normal());
const logits = { data, shape: [6, 20, 9] };
const labels = [[1, 2], [3, 3, 4], [], [8], [5, 6, 7], [1]];
const { value, grad } = ctcLoss(logits, labels);
const network = seqloss.lstm({ inputs: 9, hidden: 8, seed: 1 });
const states = network.forward({ ...logits, lengths: new Int32Array(6).fill(20) });
const threads = await seqloss.useThreads(2);
const threaded = seqloss.ctcLoss(logits, labels).value;
console.log(JSON.stringify({
  value,
  equal: threaded === seqloss.ctcLoss(logits, labels).value,
  gradient: Math.hypot(...grad.data),
  states: Math.hypot(...states.data),
  reference: seqloss.crossEntropy([[0, 1, 2]], [1]).value,
  read: seqloss.ctcGreedyDecode(logits).map(({ labels }) => [...labels].join("")).join(" "),
  threads,
}));
await seqloss.useThreads(1);
`;

export function check({ scratch, run, expect }) {
  writeFileSync(join(scratch, "runtime.js"), PROGRAM);
  const wanted = JSON.parse(run("node", ["runtime.js"]));
  for (const [name, specifier, ...args] of RUNTIMES) {
    const npx = (...rest) => run("npx", ["--yes", specifier, ...rest], { stdio: "pipe", timeout: 120_000 });
    let version;
    try {
      version = npx("--version").trim().split("\n")[0];
    } catch (error) {
      console.warn(`package: ${name} HAS NOT BEEN CHECKED, it does not install here: ${error.message.split("\n")[0]}`);
      continue;
    }
    const found = JSON.parse(npx(...args, "runtime.js"));
    expect(`computes the same in ${name} (${version}), threads included`, agree(found, wanted));
  }
}

/** Numbers within 1e-6 of each other, for the relaxed build rounds otherwise; all else equal. */
function agree(found, wanted) {
  return Object.entries(wanted).every(([key, value]) =>
    typeof value === "number" ? Math.abs(found[key] - value) <= 1e-6 * Math.abs(value) : found[key] === value,
  );
}
