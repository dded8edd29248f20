// node scripts/picture.mjs <run>: docs/numbers.svg, the README's picture: unseen lines and what the run read in them.
import { writeFileSync } from "node:fs";
import { ctcGreedyDecode, padSequences, Random } from "../dist/src/index.js";
import { RunFolder, restore } from "../dist/src/runs/entry.js";
import { loadDigits } from "../dist/tasks/numbers/digits.js";
import { FEATURES, lineFrames, toText } from "../dist/tasks/numbers/features.js";
import { composeLine, HEIGHT } from "../dist/tasks/numbers/line.js";
import { numbers } from "../dist/tasks/numbers/numbers.js";

const run = RunFolder.open(process.argv[2]);
const task = numbers.open(run.config);
restore(run, task.trainer);
const random = new Random(12);
const { test } = loadDigits();
const lines = Array.from({ length: 6 }, () => composeLine(test, random, { distortion: 0 }));
const readings = task.trainer.withAveragedWeights((model) => {
  const outputs = model.forward(padSequences(lines.map(lineFrames), FEATURES), { training: false });
  return ctcGreedyDecode(outputs, { lengths: outputs.lengths }).map(({ labels }) => toText(labels));
});

/** Ink darker than a third, run by run. */
function strokes({ pixels, width }) {
  let path = "";
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < width; x++) {
      const start = x;
      while (x < width && pixels[y * width + x] > 0.33) x++;
      if (x > start) path += `M${start} ${y}h${x - start}v1h${start - x}z`;
    }
  }
  return path;
}

const [zoom, columnWidth, rowHeight] = [2.6, 400, 116];
const cells = lines.map((line, n) => {
  const [x, y] = [24 + (n % 2) * columnWidth, 20 + Math.floor(n / 2) * rowHeight];
  const right = readings[n] === line.text;
  const verdict = right ? `<tspan class="right">✓</tspan>` : `<tspan class="wrong">✗ is ${line.text}</tspan>`;
  return `<path class="ink" transform="translate(${x} ${y}) scale(${zoom})" d="${strokes(line)}"/>
<text x="${x}" y="${y + HEIGHT * zoom + 26}">reads ${readings[n]} ${verdict}</text>`;
});
const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 824 376" role="img" aria-label="Six lines of handwritten digits and what the network read in each">
<style>
.paper { fill: #fcfbf8 } .ink { fill: #23262d } .right { fill: #1a7f4b } .wrong { fill: #b3261e }
text { font: 17px ui-monospace, Menlo, Consolas, monospace; fill: #4a4f5a }
@media (prefers-color-scheme: dark) { .paper { fill: #16181d } .ink { fill: #eceae4 } text { fill: #a9adb8 } .right { fill: #5dcf97 } .wrong { fill: #f28b82 } }
</style>
<rect class="paper" width="824" height="376" rx="12"/>
${cells.join("\n")}
</svg>
`;
writeFileSync("docs/numbers.svg", svg);
console.log(
  `docs/numbers.svg: ${svg.length} bytes; read ${readings.join(", ")} for ${lines.map(({ text }) => text).join(", ")}`,
);
