// npm run bench [-- subject …] [--peer name …] [--threads n] [--rounds n] [--seconds s]: ratios to peers in the same run, and a
// dated JSON of them.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import Table from "cli-table3";
import { useThreads } from "seqloss";
import * as crfLoss from "./crfLoss.mjs";
import * as crossEntropy from "./crossEntropy.mjs";
import * as ctcBeamSearch from "./ctcBeamSearch.mjs";
import * as ctcLoss from "./ctcLoss.mjs";
import { compare } from "./harness.mjs";
import * as lstm from "./lstm.mjs";
import { peerNames, startPeer } from "./peer.mjs";
import * as reader from "./reader.mjs";
import * as structuredHingeLoss from "./structuredHingeLoss.mjs";
import * as transducerLoss from "./transducerLoss.mjs";

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: "string", default: "5" },
    seconds: { type: "string", default: "0.4" },
    threads: { type: "string", default: "1" },
    peer: { type: "string", multiple: true, default: peerNames },
  },
});
const threads = Number(options.threads);

const PINNED = "SEQLOSS_BENCH_PINNED";
if (process.platform === "linux" && process.env[PINNED] === undefined) {
  const cores = Array.from({ length: threads }, (_, core) => core).join(",");
  const pinned = spawnSync("taskset", ["-c", cores, process.execPath, ...process.argv.slice(1)], {
    stdio: "inherit",
    env: { ...process.env, [PINNED]: "1" },
  });
  if (pinned.error === undefined) process.exit(pinned.status ?? 1);
}

const subjects = [
  ctcLoss,
  crossEntropy,
  transducerLoss,
  crfLoss,
  structuredHingeLoss,
  ctcBeamSearch,
  lstm,
  reader,
].filter(({ subject }) => positionals.length === 0 || positionals.includes(subject));
if ((await useThreads(threads)) !== threads) throw new Error(`this engine computes with one thread, not ${threads}`);

const started = new Map();
async function peerNamed(name) {
  if (!started.has(name)) started.set(name, await startPeer(name, threads));
  return started.get(name);
}

const results = [];
const work = subjects.flatMap((bench) =>
  (bench.peers ?? ["torch"]).flatMap((name) =>
    (bench.casesOf?.[name] ?? bench.cases).flatMap((sizes) =>
      (bench.placesOf?.[name] ?? bench.places ?? [""]).map((place) => ({ bench, name, sizes, place })),
    ),
  ),
);
const wanted = work.filter(({ name }) => options.peer.includes(name));
for (const [n, { bench, name, sizes, place }] of wanted.entries()) {
  const peer = await peerNamed(name);
  const step = await bench.prepare(sizes, peer, place);
  const measured = await compare(step, peer, { rounds: Number(options.rounds), seconds: Number(options.seconds) });
  const subject = place === "" ? bench.subject : `${bench.subject}, ${place}`;
  results.push({ subject, axes: bench.axes, sizes, peer: peer?.name ?? null, ...measured });
  const { ours, theirs, ratio } = measured;
  const [milliseconds, peerMilliseconds, times] = [ours, theirs, ratio].map((x) => x?.toPrecision(3) ?? "absent");
  console.log(`${subject} ${sizes}: ${milliseconds} ms; ${peer?.name ?? name} ${peerMilliseconds} ms, ratio ${times}`);
  // a peer that waits may still be busy: it is not kept for longer than it is needed
  if (!wanted.slice(n + 1).some((later) => later.name === name)) peer?.stop();
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
  rounds: options.rounds,
  seconds: options.seconds,
  results,
};
mkdirSync("bench/results", { recursive: true });
const engine = `node${process.versions.node.split(".")[0]}${threads === 1 ? "" : `-threads${threads}`}`;
const file = `bench/results/${report.date.slice(0, 10)}-${report.commit}-${engine}.json`;
writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
console.log(`written: ${file}`);
