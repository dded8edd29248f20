// npm run bench:report: docs/performance.md and README's table, from the newest result of each engine in bench/results.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";

const folder = "bench/results";
const newest = new Map();
for (const name of readdirSync(folder).filter((name) => !name.startsWith("scale-"))) {
  const report = JSON.parse(readFileSync(`${folder}/${name}`, "utf8"));
  const engine = report.node.split(".")[0];
  if (!newest.has(engine) || newest.get(engine).date < report.date) newest.set(engine, { ...report, name });
}
const engines = [...newest.keys()].toSorted();
const [first] = engines.map((engine) => newest.get(engine));

const number = (x) => (x === null || x === undefined ? "absent" : Number(x.toPrecision(2)).toString());
const table = (head, rows) =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");

/** One row for each subject and size, one ratio for each engine. */
const summary = table(
  ["subject", "sizes", ...engines.map((engine) => `Node ${engine.slice(1)}`)],
  first.results.map(({ subject, axes, sizes }) => [
    subject,
    `${axes} = ${sizes.join(", ")}`,
    ...engines.map((engine) => {
      const found = newest.get(engine).results.find((r) => r.subject === subject && `${r.sizes}` === `${sizes}`);
      return number(found?.ratio);
    }),
  ]),
);

const details = engines.map((engine) => {
  const { date, commit, processor, node, peer, rounds, seconds, name, results } = newest.get(engine);
  const rows = results.map(({ subject, axes, sizes, ours, theirs, ratio, spread }) => [
    subject,
    `${axes} = ${sizes.join(", ")}`,
    number(ours),
    number(theirs),
    number(ratio),
    spread ? spread.map(number).join(" to ") : "",
  ]);
  return `## Node ${node.slice(1)}

${peer ?? "No peer"}, ${processor}, one thread, both on one core; ${rounds} interleaved rounds of ${seconds} s, medians. ${date.slice(0, 10)}, commit ${commit}, [the result](../bench/results/${name}).

${table(["subject", "sizes", "ours, ms", "peer, ms", "ratio", "rounds"], rows)}`;
});

writeFileSync(
  "docs/performance.md",
  `# Performance

Written by \`npm run bench:report\` from the results of \`npm run bench\`, which checks that values and gradients agree before it times. A ratio above 1 means that seqloss is faster than PyTorch on the CPU; "in place" are tensors from \`kernelTensors\`, which need no copy into the kernels' memory. Node 20 runs the SIMD build, Node 22 and newer the relaxed one. The machine is shared, and its speed changes by half from minute to minute: ratios within a run are what counts, and their spread over the rounds is shown.

${details.join("\n\n")}

## What holds it back

- **Matrix products** (\`lstm\`): WebAssembly's vectors are 128 bits wide, PyTorch's AVX-512 ones 512. A tile reaches 34 GFLOP/s here with SIMD and 45 with relaxed SIMD, PyTorch's product 164.
- **Small rows** (\`crossEntropy\` of 64 classes): 0.3 ms of 0.7 are the exponentials; the rest are checks, weights and exact sums in JavaScript.
- **Large alphabets**: copying logits in and gradients out takes half of the time; \`kernelTensors\` saves it.
`,
);

const readme = readFileSync("README.md", "utf8");
const [start, end] = ["<!-- bench -->", "<!-- /bench -->"];
const [before, rest] = readme.split(start);
const after = rest.split(end)[1];
writeFileSync("README.md", `${before}${start}\n${summary}\n${end}${after}`);
console.log(`docs/performance.md and README.md: ${engines.join(", ")}`);
