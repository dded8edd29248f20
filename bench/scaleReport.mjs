// docs/scale.md and its two charts, from the newest result of npm run bench:scale.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import * as vega from "vega";
import * as vegaLite from "vega-lite";
import { powerLaw } from "./fit.mjs";

const results = readdirSync("bench/results").filter((name) => name.startsWith("scale-"));
if (results.length === 0) throw new Error("no result in bench/results; run npm run bench:scale first");
const reports = results.map((name) => ({ name, ...JSON.parse(readFileSync(`bench/results/${name}`, "utf8")) }));
const newest = reports.reduce((a, b) => (b.date > a.date ? b : a));
const { name, date, commit, processor, node, rounds, sweeps, checkpoint, memory, capacity, largest } = newest;

const table = (head, rows) =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
const grouped = (x) => x.toLocaleString("en-US");
const rounded = (x) => Number(x.toPrecision(2)).toString();
const size = (bytes) => {
  const power = Math.max(0, Math.min(3, Math.floor(Math.log2(bytes) / 10)));
  return `${Number((bytes / 1024 ** power).toPrecision(3))} ${["B", "KiB", "MiB", "GiB"][power]}`;
};
const sizesText = (sizes) =>
  Object.entries(sizes)
    .map(([axis, value]) => `${axis} = ${grouped(value)}`)
    .join(", ");

const PAPER = "#fcfbf8";
const INK = "#23262d";
const FAINT = "#dcdad3";
const COLOURS = { T: "#1f5fa8", N: "#4a4f5a", B: "#c4561c", V: "#1a7f4b", U: "#8a3fa0", H: "#b0275b", K: "#7a6a00" };
const FONT = "ui-sans-serif, system-ui, sans-serif";

const config = {
  background: PAPER,
  padding: 16,
  font: FONT,
  view: { stroke: FAINT },
  axis: {
    grid: false,
    domainColor: INK,
    tickColor: INK,
    labelColor: INK,
    titleColor: INK,
    titleFontWeight: "normal",
  },
  legend: { labelColor: INK, titleColor: INK, orient: "bottom", direction: "horizontal", symbolOpacity: 1 },
  header: { labelColor: INK, labelFontSize: 13, labelFontWeight: "bold" },
  title: { color: INK, anchor: "start", fontSize: 14, offset: 12 },
};
const log = (field, title, format) => ({
  field,
  type: "quantitative",
  title,
  scale: { type: "log", nice: false, padding: 8 },
  axis: { format, tickCount: 5, labelOverlap: true },
});

/** A point for each size and, through them, the fitted power. */
function layers(x, y, colour) {
  const encoding = { x, color: colour };
  return [
    { mark: { type: "line", strokeWidth: 1.5, opacity: 0.6 }, encoding: { ...encoding, y: { ...y, field: "fitted" } } },
    { mark: { type: "point", filled: true, size: 45, opacity: 1 }, encoding: { ...encoding, y } },
  ];
}

async function draw(file, label, spec) {
  const { spec: compiled } = vegaLite.compile({ ...spec, config });
  const svg = await new vega.View(vega.parse(compiled), { renderer: "none" }).toSVG();
  // one picture with one name, not a tree of named marks
  const bare = svg.replace(/ (?:role|aria-[a-z]+|class)="[^"]*"/g, "");
  writeFileSync(file, `${bare.replace("<svg ", `<svg role="img" aria-label="${label}" `)}\n`);
}

const fitted = (points) => {
  const { at } = powerLaw(points);
  return points.map(({ x, y }) => ({ x, y, fitted: at(x) }));
};
const axes = Object.keys(COLOURS).filter((axis) => sweeps.some((sweep) => sweep.axis === axis));
await draw("docs/scale-time.svg", "Time against each size of a problem, both axes logarithmic", {
  title: "Time against one size, the others held",
  data: { values: sweeps.flatMap(({ subject, axis, points }) => fitted(points).map((p) => ({ ...p, subject, axis }))) },
  facet: { field: "subject", title: null, sort: [...new Set(sweeps.map(({ subject }) => subject))] },
  columns: 3,
  spec: {
    width: 240,
    height: 200,
    layer: layers(log("x", "size", "~s"), log("y", "milliseconds", "~g"), {
      field: "axis",
      title: "what varies",
      scale: { domain: axes, range: axes.map((axis) => COLOURS[axis]) },
    }),
  },
  resolve: { scale: { x: "independent", y: "independent" } },
});

const bytesOf = ({ kernels, arrays }) => kernels + arrays;
await draw("docs/scale-memory.svg", "Memory of an LSTM layer against T, both axes logarithmic", {
  title: `LSTM layer, ${sizesText(memory.fixed)}: kept for the backward pass`,
  width: 520,
  height: 260,
  data: {
    values: memory.series.flatMap(({ name, points }) =>
      fitted(points.map((point) => ({ x: point.T, y: bytesOf(point) / 2 ** 20 }))).map((p) => ({ ...p, kept: name })),
    ),
  },
  layer: layers(log("x", "steps T", "~s"), log("y", "MiB", "~g"), {
    field: "kept",
    title: null,
    scale: { domain: memory.series.map(({ name }) => name), range: [COLOURS.B, COLOURS.T] },
  }),
});

const exponents = table(
  ["", "on paper", "varied, the rest held", "on paper", "fitted", "over the rounds", "off the line by"],
  sweeps.map(({ subject, formula, axis, sizes, fixed, expected, exponent, residual, spread }) => [
    subject,
    formula,
    `${axis} = ${grouped(sizes[0])} to ${grouped(sizes.at(-1))}; ${sizesText(fixed)}`,
    `${axis}${expected === 1 ? "" : "²"}`,
    `${axis}^${exponent.toFixed(2)}`,
    spread.map((x) => x.toFixed(2)).join(" to "),
    `${Math.round(100 * residual)} %`,
  ]),
);

const [whole, segments] = memory.series;
const kept = table(
  ["T", "whole", "checkpoint: kernels", "checkpoint: states", "saved"],
  whole.points.map((point, n) => [
    grouped(point.T),
    size(bytesOf(point)),
    size(segments.points[n].kernels),
    size(segments.points[n].arrays),
    `${rounded(bytesOf(point) / bytesOf(segments.points[n]))}×`,
  ]),
);
const recomputed = table(
  ["T", "whole, ms", "checkpoint, ms", "ratio"],
  checkpoint.points.map(({ T, whole, segments, ratio }) => [
    grouped(T),
    rounded(whole),
    rounded(segments),
    rounded(ratio),
  ]),
);
const most = table(
  ["", "sizes held", "largest", "bytes", 'with `checkpoint: "sqrt"`'],
  capacity.map(({ subject, axis, fixed, most, bytes, withCheckpoint }) => [
    subject,
    sizesText(fixed),
    `${axis} = ${grouped(most)}`,
    size(bytes),
    withCheckpoint === undefined || withCheckpoint === null ? "" : size(withCheckpoint),
  ]),
);
const ran = table(
  ["", "sizes", "bytes", "seconds by the clock"],
  largest.map(({ subject, sizes, bytes, seconds }) => [subject, sizesText(sizes), size(bytes), rounded(seconds)]),
);

writeFileSync(
  "docs/scale.md",
  `# Scale

Written by \`npm run bench:scale\`. ${processor}, Node ${node.slice(1)}, one thread, ${date.slice(0, 10)}, commit ${commit}, [the result](../bench/results/${name}). Times are the processor's time of the process, the sizes of a row in turn in each of ${rounds} rounds, medians.

## Time

![Time against each size](scale-time.svg)

An exponent is the slope of a straight line through the logarithms (least squares); the residual is the root of the mean squared distance from it. One size varies over the range where the formula's other terms are small beside it: V with few labels, U with few classes. What does not grow with it (a call's checks, a recurrent layer's laying out of its weights) makes the line flatter; data that leaves the processor's caches makes it steeper.

${exponents}

## Memory

![Memory against T](scale-memory.svg)

What an LSTM layer (${sizesText(memory.fixed)}) keeps between its forward and its backward pass, beside its input and output: the tape of every step, or with \`checkpoint: "sqrt"\` the tape of ⌈√T⌉ steps and the states at every ⌈√T⌉-th. Fitted: T^${whole.exponent.toFixed(2)} (on paper T) and T^${segments.exponent.toFixed(2)} (on paper √T; the weights' copies, which do not grow, are in it).

${kept}

The states' bytes include what the layer holds of the lengths. The price is one more forward pass, and each segment lays the weights out anew, which short ones feel most (B = ${checkpoint.fixed.B}, I = H = ${checkpoint.fixed.H}):

${recomputed}

Gradients of inputs and states are the same to the bit, those of weights within float32 rounding, being sums over steps that are added up segment by segment ([Chen et al. 2016](https://arxiv.org/abs/1604.06174), [Gruslys et al. 2016](https://arxiv.org/abs/1606.03401)).

## The largest problem

Kernels reach 4 GiB less a page with their 32-bit addresses. From the library's own plans of that memory:

${most}

\`ctcLoss\` and \`crossEntropy\` of ordinary tensors go through the kernels in groups, so that their batch is limited by JavaScript's arrays alone. With \`checkpoint\` a layer's input and output are its limit long before the kernels' memory is.

These ran at their largest, loss and gradient of the last sequence compared to the bit with those of the same one alone (of the LSTM: outputs and the gradient of the input):

${ran}

Beyond it, a \`SeqlossError\` with the code \`MEMORY\`, before anything is computed:

${largest.map(({ beyond }) => `> ${beyond}`).join("\n\n")}
`,
);
console.log(`docs/scale.md and its charts: ${name}`);
