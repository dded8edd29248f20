import { ctc } from "./ctc.js";
import type { Template } from "./template.js";

const index = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>A network that learns in this page</title>
    <link rel="stylesheet" href="/src/style.css" />
  </head>
  <body>
    <main>
      <h1>A network that learns in this page</h1>
      <p id="state" role="status">starting</p>
      <svg id="loss" viewBox="0 0 150 60" preserveAspectRatio="none" role="img" aria-label="loss by step">
        <polyline vector-effect="non-scaling-stroke" />
      </svg>
      <table>
        <thead>
          <tr><th scope="col">unseen</th><th scope="col">read as</th></tr>
        </thead>
        <tbody></tbody>
      </table>
    </main>
    <script type="module" src="/src/main.ts"></script>
  </body>
</html>
`;

const style = `:root {
  color-scheme: light dark;
  font: 16px/1.5 system-ui, sans-serif;
}

main {
  max-width: 40rem;
  margin: 2rem auto;
  padding: 0 1rem;
}

#loss {
  width: 100%;
  height: 8rem;
  border-block-end: 1px solid;
}

#loss polyline {
  fill: none;
  stroke: LinkText;
  stroke-width: 2;
}

table {
  margin-block-start: 1rem;
  border-spacing: 0;
}

th,
td {
  padding-inline-end: 2rem;
  text-align: start;
  font-variant-numeric: tabular-nums;
}

.wrong {
  text-decoration: underline wavy;
}
`;

const worker = `import { drawExamples } from "./data.js";
import { buildModel, errorRate, read, train } from "./model.js";

/** What the page is told after each step; every 25 steps, how well unseen data are read. */
export interface Progress {
  readonly step: number;
  readonly steps: number;
  readonly loss: number;
  readonly unseen?: {
    /** The share of labels that are wrong. */
    readonly wrong: number;
    readonly readings: readonly { readonly labels: readonly number[]; readonly read: readonly number[] }[];
  };
}

const STEPS = 150;
const unseen = drawExamples(100, 1_000_000);
const shown = unseen.slice(0, 6);
const model = buildModel(1);

const readUnseen = () => {
  const found = read(model, shown);
  const readings = shown.map(({ labels }, n) => ({ labels, read: found[n] }));
  return { wrong: errorRate(model, unseen), readings };
};

const tell = (progress: Progress) => postMessage(progress);

train(model, STEPS, (step, loss) => {
  tell({ step, steps: STEPS, loss, ...(step % 25 === 0 && { unseen: readUnseen() }) });
});
`;

const main = `import type { Progress } from "./worker.js";

const find = (selector: string): Element => {
  const element = document.querySelector(selector);
  if (element === null) throw new Error("index.html has no " + selector);
  return element;
};
const state = find("#state");
const curve = find("#loss polyline");
const rows = find("tbody");

// training runs beside the page, which stays responsive
const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
const losses: number[] = [];

worker.onmessage = ({ data }: MessageEvent<Progress>) => {
  losses.push(data.loss);
  const top = Math.max(...losses);
  const points = losses.map((loss, step) => [(step / data.steps) * 150, 60 - (loss / top) * 58].join(","));
  curve.setAttribute("points", points.join(" "));
  state.textContent = \`step \${data.step} of \${data.steps}, loss \${data.loss.toFixed(3)}\`;
  if (data.unseen === undefined) return;
  state.textContent += \`; labels wrong, of unseen data: \${(100 * data.unseen.wrong).toFixed(1)} %\`;
  rows.replaceChildren(...data.unseen.readings.map(row));
};
worker.onerror = ({ message }) => {
  state.textContent = message;
};

function row({ labels, read }: { labels: readonly number[]; read: readonly number[] }): Element {
  const element = document.createElement("tr");
  for (const text of [labels.join(" "), read.join(" ")]) {
    const cell = document.createElement("td");
    cell.textContent = text;
    element.append(cell);
  }
  element.lastElementChild?.classList.toggle("wrong", read.join() !== labels.join());
  return element;
}
`;

export const page: Template = {
  summary: "a page that trains a network in a worker: labels without positions, an LSTM, CTC",
  does: "shows a page on this machine; the network in it learns as you look",
  scripts: { start: "vite", build: "vite build --outDir site" },
  devDependencies: ["vite"],
  ignored: ["site/"],
  more: [
    "`src/worker.ts`: how long it trains; it runs beside the page. `src/main.ts`: what is shown.",
    "`npm run build`: the page as files for any web server, in `site/`.",
  ],
  files: {
    "index.html": index,
    "src/data.ts": ctc.files["src/data.ts"],
    "src/model.ts": ctc.files["src/model.ts"],
    "src/worker.ts": worker,
    "src/main.ts": main,
    "src/style.css": style,
    "test/model.test.ts": ctc.files["test/model.test.ts"],
  },
};
