// npm run bench:report: docs/performance.md and README's table, from the newest results of each kind in bench/results.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { goals } from "./goals.mjs";

const folder = "bench/results";
const read = (name) => ({ ...JSON.parse(readFileSync(`${folder}/${name}`, "utf8")), name });
const all = readdirSync(folder)
  .filter((name) => name.endsWith(".json"))
  .map(read);
const engineOf = ({ node }) => node.split(".")[0].slice(1);

/** The newest of each key, the keys in order. */
function newest(reports, key) {
  const found = new Map();
  for (const report of reports) {
    const held = found.get(key(report));
    if (held === undefined || held.date < report.date) found.set(key(report), report);
  }
  return new Map([...found].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

const runs = all.filter(({ results, threads }) => Array.isArray(results) && threads !== undefined);
const byEngine = newest(runs, (run) => `${run.threads} ${engineOf(run)}`);
/**
 * Of each engine the newest result of each subject, size and peer, as a run of one subject brings only its own up to date; on the
 * processor of the newest run alone.
 */
for (const [key, run] of byEngine) {
  const found = new Map();
  const same = runs.filter((other) => {
    return `${other.threads} ${engineOf(other)}` === key && other.processor === run.processor;
  });
  for (const { results } of same.toSorted((a, b) => (a.date < b.date ? -1 : 1))) {
    for (const result of results) found.set(`${result.subject} ${result.sizes} ${result.peer}`, result);
  }
  byEngine.set(key, { ...run, results: [...found.values()] });
}

const rooflines = newest(
  all.filter(({ limits }) => limits !== undefined),
  engineOf,
);
const allocations = newest(
  all.filter(({ calls }) => calls !== undefined),
  engineOf,
);

const number = (x) => (x === null || x === undefined ? "absent" : Number(x.toPrecision(2)).toString());
const table = (head, rows) =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
const sizesOf = ({ axes, sizes }) => `${axes} = ${sizes.join(", ")}`;
const same = (a) => (b) => a.subject === b.subject && `${a.sizes}` === `${b.sizes}`;

/** One row for each subject and size, one ratio for each engine and number of threads; native peers only. */
const native = ({ peer }) => peer !== null && /^(PyTorch|TensorFlow) /.test(peer);
const columns = [...byEngine.values()];
const rows = [];
for (const { results } of columns) {
  for (const result of results.filter(native)) if (!rows.some(same(result))) rows.push(result);
}
const summary = table(
  [
    "subject",
    "sizes",
    "peer",
    ...columns.map(
      ({ node, threads }) => `Node ${node.split(".")[0].slice(1)}${threads === 1 ? "" : `, ${threads} threads`}`,
    ),
  ],
  rows.map((row) => [
    row.subject,
    sizesOf(row),
    row.peer.split(" ")[0],
    ...columns.map(({ results }) => {
      const found = results.filter(native).find(same(row));
      return found === undefined ? "" : number(found.ratio);
    }),
  ]),
);

const details = columns.map(({ date, commit, processor, node, threads, rounds, seconds, name, results }) => {
  const body = results.map(({ ours, peer, theirs, ratio, spread, ...row }) => [
    ...[row.subject, sizesOf(row), number(ours), peer ?? "absent", number(theirs), number(ratio)],
    spread ? spread.map(number).join(" to ") : "",
  ]);
  const cores = threads === 1 ? "one thread, both on one core" : `${threads} threads on ${threads} cores, both`;
  return `## Node ${node.slice(1)}${threads === 1 ? "" : `, ${threads} threads`}

${processor}, ${cores}; ${rounds} interleaved rounds of ${seconds} s, medians. ${date.slice(0, 10)}, commit ${commit}, [the result](../bench/results/${name}).

${table(["subject", "sizes", "ours, ms", "peer", "peer, ms", "ratio", "rounds"], body)}`;
});

/** The ratio to PyTorch that was measured, in place where that was, of a subject of these sizes. */
function ratioTo(node, name, sizes) {
  const results = byEngine.get(`1 ${engineOf({ node })}`)?.results ?? [];
  const same = results.filter(
    (row) =>
      row.subject.split(",")[0] === name.split(",")[0] && sizesOf(row) === sizes && row.peer?.startsWith("PyTorch"),
  );
  return (same.find(({ subject }) => subject.endsWith("in place")) ?? same[0])?.ratio;
}

/** What was measured for a goal by an engine, in place where the loss has tensors there. */
function reached({ subject, sizes, peer, least }, engine, threads) {
  const results = byEngine.get(`${threads} ${engine}`)?.results ?? [];
  const found = results.filter((row) => {
    return (
      row.subject.replace(", in place", "") === subject && `${row.sizes}` === `${sizes}` && row.peer?.startsWith(peer)
    );
  });
  const ratio = (found.find((row) => row.subject.endsWith("in place")) ?? found[0])?.ratio;
  return ratio === undefined ? "" : ratio >= least ? `**${number(ratio)}**` : number(ratio);
}

/** The largest ratio to PyTorch that 128-bit vectors allow in either engine, where the roofline knows of it. */
function allowed({ subject, sizes, peer, threads }) {
  if (peer !== "PyTorch" || threads !== 1) return "";
  const ratios = [...rooflines.values()].flatMap(({ node, shares }) =>
    shares
      .filter((row) => row.name === subject && row.sizes.split(" = ")[1] === sizes.join(", "))
      .map((row) => ratioTo(node, row.name, row.sizes) / row.share),
  );
  return ratios.length === 0 ? "" : number(Math.max(...ratios));
}

const engines = [...new Set(columns.map(engineOf))];
const aims = goals.map((goal) => [
  ...[goal.subject, goal.sizes.join(", "), goal.peer, goal.threads, goal.least, goal.aim],
  ...engines.map((engine) => reached(goal, engine, goal.threads)),
  allowed(goal),
]);

const roofs = [...rooflines.values()].map(({ node, build, limits, shares }) => {
  const reached = shares.map(({ name, sizes, milliseconds, least, bound, share }) => {
    const ratio = ratioTo(node, name, sizes);
    const measured = [number(milliseconds), number(least), bound, `${Math.round(100 * share)} %`];
    return [name, sizes, ...measured, number(ratio), number(ratio === undefined ? undefined : ratio / share)];
  });
  return `### Node ${node.slice(1)}, ${build}

${limits.map(({ what, rate }) => `- ${what}: ${number(rate)}`).join("\n")}

${table(["subject", "sizes", "ms", "least, ms", "by", "reached", "ratio to PyTorch", "at the limit"], reached)}`;
});

const collector = [...allocations.values()].map(({ node, calls, results }) => {
  const body = Object.entries(results).map(([loss, { bytes, gradientBytes, collector: share }]) => [
    ...[loss, bytes, gradientBytes, `${(100 * share).toFixed(1)} %`],
  ]);
  return `### Node ${node.slice(1)}

${table(["loss", "bytes a call", "gradient's bytes", `collector's share of ${calls} calls`], body)}`;
});

const pages = all.filter(({ chromium }) => chromium !== undefined);
const inBrowser = pages.map(({ chromium, processor, date, node, results }) => {
  const body = results.map((row) => [
    ...[row.subject, sizesOf(row), number(row.one), number(row.two), number(row.one / row.two), number(row.node)],
  ]);
  return `Chromium ${chromium}, headless, ${processor}, ${date.slice(0, 10)}; tensors in place.

${table(["subject", "sizes", "ms", "two threads, ms", "ratio", `Node ${node.slice(1)}, ms`], body)}`;
});

const sizes = newest(
  all.filter(({ starts }) => starts !== undefined),
  engineOf,
);
const [programs] = [...sizes.values()].map(({ sizes }) =>
  Object.entries(sizes).map(([what, { script, modules }]) => [what, number(script / 1024), number(modules / 1024)]),
);
const starts = [...sizes.values()].flatMap(({ node, starts }) =>
  Object.entries(starts).map(([name, { least, median, processor }]) => [
    ...[
      name === "index" ? "`seqloss`" : `\`seqloss/${name}\``,
      node.slice(1),
      number(least),
      number(median),
      number(processor),
    ],
  ]),
);

writeFileSync(
  "docs/performance.md",
  `# Performance

Written by \`npm run bench:report\` from the results of \`npm run bench\`, \`npm run bench:roofline\`, \`npm run bench:browser\`, \`npm run bench:allocations\` and \`npm run bench:size\`. A benchmark checks that values and gradients agree before it times. A ratio above 1 means that seqloss is the faster; "in place" are tensors from \`kernelTensors\`, which need no copy into the kernels' memory. Node 20 runs the SIMD build, Node 22 and newer the relaxed one. The machine is shared, and its speed changes by half from minute to minute: ratios within a run are what counts, and their spread over the rounds is shown.

## Goals

Ratios that we mean to reach at least, and would like to; those that are reached are in bold. The last column is what the processor's 128-bit vectors would allow, which is all that WebAssembly has: see [below](#what-the-processor-could-do).

${table(["subject", "sizes", "peer", "threads", "at least", "aim", ...engines.map((engine) => `Node ${engine}`), "128 bits allow"], aims)}

${details.join("\n\n")}

## What the processor could do

The multiply-adds, exponentials and copies that 128-bit vectors reach on this processor in loops that do nothing else, and what share of them the kernels reach: the least time is the largest of the operations that a kernel cannot do without, each at its own limit. The last column is the ratio to PyTorch that a kernel at its limit would have: what 128-bit vectors allow beside the 512-bit ones that PyTorch uses here. (For \`lstm\` the time is that of a whole training step, gates, loss and Adam included; the multiply-adds are those of its matrix products.)

${roofs.join("\n\n")}

## In a browser

${inBrowser.join("\n\n")}

## What is left to the garbage collector

Written into an earlier result (\`into\`), on batches of a small training: what a call allocates once the engine has optimised it, what counting takes left out, and the collector's share of the time. The earlier result is written again and returned, so that there is nothing to allocate; 16 bytes are a number that the engine has put into an object.

${collector.join("\n\n")}

## Size and start

What a bundler makes of programs that export so much of the library, minified and compressed with gzip. The WebAssembly is the build for SIMD, and what the one for relaxed SIMD has otherwise.

${table(["program", "JavaScript, KB", "WebAssembly, KB"], programs)}

From a program's first line to its first \`ctcLoss\`, Node's own start not among it:

${table(["entry", "Node", "least, ms", "median, ms", "of the processor, ms"], starts)}

## What holds it back

- **Matrix products** (\`lstm\`): WebAssembly's vectors are 128 bits wide, PyTorch's AVX-512 ones 512. Weights are laid out once a pass, the input's products of all steps are one product, and so are the weights' gradients; tiles keep their sums in registers. What is left to 100 % are the gates, between the steps' products, and tiles at the edges. At 100 % the ratio would be that of the table's last column.
- **Small rows** (\`crossEntropy\` of 64 classes): two fifths of the time are exponentials at the speed of the roofline, another two the rest of a row (a maximum and a sum across a vector, a division, the second pass that scales the gradient), and one checks, masks and sums in JavaScript.
- **Exponentials** (\`crossEntropy\` of 1,000 classes): a power of 2 instead of e, the next vector's power while this one's polynomial waits for itself, and no instruction for NaN or for what underflows. A polynomial of a lower degree would miss the accuracy that the gradients promise. Scaling the row before in the same loop, and maxima as whole numbers, gained nothing.
- **Recurrent networks of one length** (\`reader\`): PyTorch has a fused path for them, and none for sequences of different lengths, which it takes step by step.
- **Large alphabets**: memory. Copying logits in and gradients out takes up to a third of the time; \`kernelTensors\` saves it. With two threads the copies are made by the one that asks.
`,
);

const readme = readFileSync("README.md", "utf8");
const [start, end] = ["<!-- bench -->", "<!-- /bench -->"];
const [before, rest] = readme.split(start);
const after = rest.split(end)[1];
const machines = [...new Set(columns.map(({ processor }) => processor))].join(" and ");
const measured = `Measured on ${/^[AEIOU]/.test(machines) ? "an" : "a"} ${machines}, shared with other work.`;
writeFileSync("README.md", `${before}${start}\n${measured}\n\n${summary}\n${end}${after}`);
console.log(`docs/performance.md and README.md: ${columns.map(({ name }) => name).join(", ")}`);
