// npm run bench [-- subject …] [--peer name …] [--threads n] [--rounds n] [--seconds s]: ratios to peers in the same run, and a
// dated JSON of them.
import { execFileSync, fork, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import Table from "cli-table3";
import { peerNames } from "./peer.mjs";

/** Files of this folder, and what they measure. */
const SUBJECTS = [
  "ctcLoss",
  "crossEntropy",
  "transducerLoss",
  "crfLoss",
  "structuredHingeLoss",
  "ctcBeamSearch",
  "lstm",
  "reader",
];

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: "string", default: "5" },
    seconds: { type: "string", default: "0.4" },
    threads: { type: "string", default: "1" },
    peer: { type: "string", multiple: true, default: peerNames },
  },
});
const [threads, rounds, seconds] = [options.threads, options.rounds, options.seconds].map(Number);
const unknown = positionals.find((name) => !SUBJECTS.includes(name));
if (unknown !== undefined) throw new Error(`no subject is called ${unknown}: there are ${SUBJECTS.join(", ")}`);

const PINNED = "SEQLOSS_BENCH_PINNED";
if (process.platform === "linux" && process.env[PINNED] === undefined) {
  const cores = Array.from({ length: threads }, (_, core) => core).join(",");
  const pinned = spawnSync("taskset", ["-c", cores, process.execPath, ...process.argv.slice(1)], {
    stdio: "inherit",
    env: { ...process.env, [PINNED]: "1" },
  });
  if (pinned.error === undefined) process.exit(pinned.status ?? 1);
}

const settings = JSON.stringify({ peers: options.peer, threads, rounds, seconds });
const results = [];
for (const subject of SUBJECTS.filter((name) => positionals.length === 0 || positionals.includes(name))) {
  const child = fork(fileURLToPath(new URL("subject.mjs", import.meta.url)), [`./${subject}.mjs`, settings]);
  const [[measured]] = await Promise.race([
    once(child, "message").then((message) => [message]),
    once(child, "exit").then(() => [[undefined]]),
  ]);
  if (measured === undefined) process.exit(1); // its message is above
  results.push(...measured);
}

const table = new Table({ head: ["subject", "sizes", "ours ms", "peer", "peer ms", "ratio", "spread"] });
for (const { subject, axes, sizes, peer, ours, theirs, ratio, spread } of results) {
  const shown = (x) => x?.toPrecision(3) ?? "absent";
  table.push([
    ...[subject, `${axes} = ${sizes.join(", ")}`, shown(ours), peer ?? "absent", shown(theirs), shown(ratio)],
    spread?.map(shown).join(" to ") ?? "",
  ]);
}
console.log(table.toString());

const git = (...args) => execFileSync("git", args, { encoding: "utf8" }).trim();
const report = {
  date: new Date().toISOString(),
  commit: git("rev-parse", "--short", "HEAD"),
  processor: cpus()[0].model,
  node: process.version,
  threads,
  rounds,
  seconds,
  results,
};
mkdirSync("bench/results", { recursive: true });
const engine = `node${process.versions.node.split(".")[0]}${threads === 1 ? "" : `-threads${threads}`}`;
const part = positionals.map((name) => `-${name}`).join("");
const file = `bench/results/${report.date.slice(0, 10)}-${report.commit}-${engine}${part}.json`;
writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
console.log(`written: ${file}`);
