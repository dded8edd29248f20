// npm run bench [-- subject …] [--rounds n] [--seconds s] [--threads n]: ratios to PyTorch or TensorFlow in the same run, and a dated JSON of them.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import Table from "cli-table3";
import * as crfLoss from "./crfLoss.mjs";
import * as crossEntropy from "./crossEntropy.mjs";
import * as ctcBeamSearch from "./ctcBeamSearch.mjs";
import * as ctcLoss from "./ctcLoss.mjs";
import { compare } from "./harness.mjs";
import * as lstm from "./lstm.mjs";
import { startTensorFlow, startTorch } from "./peer.mjs";
import * as structuredHingeLoss from "./structuredHingeLoss.mjs";
import * as transducerLoss from "./transducerLoss.mjs";

const PINNED = "SEQLOSS_BENCH_PINNED";
if (process.platform === "linux" && process.env[PINNED] === undefined) {
  const pinned = spawnSync("taskset", ["-c", "0", process.execPath, ...process.argv.slice(1)], {
    stdio: "inherit",
    env: { ...process.env, [PINNED]: "1" },
  });
  if (pinned.error === undefined) process.exit(pinned.status ?? 1);
}

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: "string", default: "5" }, seconds: { type: "string", default: "0.4" } },
});
const subjects = [ctcLoss, ctcBeamSearch, crossEntropy, transducerLoss, crfLoss, structuredHingeLoss, lstm].filter(
  ({ subject }) => positionals.length === 0 || positionals.includes(subject),
);
/** Peers start when the first subject needs them. */
const peers = new Map();
async function peerOf(library) {
  if (!peers.has(library)) peers.set(library, await { PyTorch: startTorch, TensorFlow: startTensorFlow }[library](1));
  return peers.get(library);
}
const table = new Table({ head: ["subject", "sizes", "ours ms", "peer ms", "ratio", "spread"] });
const results = [];
const work = subjects.flatMap(({ subject, axes, cases, prepare, places = [""], against = "PyTorch" }) =>
  cases.flatMap((sizes) => places.map((place) => ({ subject, axes, sizes, place, against, prepare }))),
);
for (const { subject, axes, sizes, place, against, prepare } of work) {
  const peer = await peerOf(against);
  const step = await prepare(sizes, peer, place);
  const measured = await compare(step, peer, { rounds: Number(options.rounds), seconds: Number(options.seconds) });
  const name = [subject, place, against === "PyTorch" ? "" : `against ${against}`]
    .filter((part) => part !== "")
    .join(", ");
  results.push({ subject: name, axes, sizes, ...measured });
  const { ours, theirs, ratio, spread } = measured;
  const shown = [ours, theirs, ratio].map((x) => x?.toPrecision(3) ?? "absent");
  table.push([
    name,
    `${axes} = ${sizes.join(", ")}`,
    ...shown,
    spread?.map((x) => x.toPrecision(3)).join(" to ") ?? "",
  ]);
  console.log(`${name} ${sizes.join(",")}: ${shown[0]} ms, ratio ${shown[2]}`);
}
const running = [...peers.values()].filter((peer) => peer !== undefined);
for (const peer of running) peer.stop();
console.log(table.toString());

const git = (...args) => execFileSync("git", args, { encoding: "utf8" }).trim();
const report = {
  date: new Date().toISOString(),
  commit: git("rev-parse", "--short", "HEAD"),
  processor: cpus()[0].model,
  node: process.version,
  peer: running.map(({ name }) => name).join(", ") || null,
  threads: 1,
  ...options,
  results,
};
mkdirSync("bench/results", { recursive: true });
const engine = `node${process.versions.node.split(".")[0]}`;
const file = `bench/results/${report.date.slice(0, 10)}-${report.commit}-${engine}.json`;
writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
console.log(`written: ${file}`);
