// Measures one subject against its peers and sends the results to the process that asked, bench/run.mjs. Each subject has a process
// of its own: what one leaves behind, in the engine, in memory, and peers that wait, changed the times of the next by a fifth.
import { useThreads } from "seqloss";
import { compare } from "./harness.mjs";
import { startPeer } from "./peer.mjs";

const [file, settings] = process.argv.slice(2);
const { peers, threads, rounds, seconds } = JSON.parse(settings);
const bench = await import(file);
if ((await useThreads(threads)) !== threads) throw new Error(`this engine computes with one thread, not ${threads}`);

const results = [];
for (const name of (bench.peers ?? ["torch"]).filter((name) => peers.includes(name))) {
  const peer = await startPeer(name, threads);
  for (const sizes of bench.casesOf?.[name] ?? bench.cases) {
    for (const place of bench.placesOf?.[name] ?? bench.places ?? [""]) {
      const step = await bench.prepare(sizes, peer, place);
      const measured = await compare(step, peer, { rounds, seconds });
      const subject = place === "" ? bench.subject : `${bench.subject}, ${place}`;
      results.push({ subject, axes: bench.axes, sizes, peer: peer?.name ?? null, ...measured });
      const { ours, theirs, ratio } = measured;
      const [own, others, times] = [ours, theirs, ratio].map((x) => x?.toPrecision(3) ?? "absent");
      console.log(`${subject} ${sizes}: ${own} ms; ${peer?.name ?? name} ${others} ms, ratio ${times}`);
    }
  }
  peer?.stop();
}
process.send(results, () => process.exit());
