// npm run results -- <run>…: keeps what the runs scored in docs/results/, and writes docs/results.md from all that is kept there.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { intervalText, kindsOf, scoreName, scoreText } from "../dist/src/cli/scores.js";
import { tasks } from "../dist/tasks/tasks.js";

const FOLDER = "docs/results";
const PAGE = "docs/results.md";

const readJson = (path) => JSON.parse(readFileSync(path, "utf8"));

function keep(run) {
  const config = readJson(join(run, "config.json"));
  const results = readJson(join(run, "results.json"));
  const { task, data, loss, seed } = config;
  const record = {
    date: new Date().toISOString().slice(0, 10),
    node: process.version,
    processor: cpus()[0].model,
    config,
    results,
  };
  writeFileSync(join(FOLDER, `${task}-${data}-${loss}-${seed}.json`), `${JSON.stringify(record, null, 2)}\n`);
}

/** Runs that differ by their seed alone, in the order of the tasks and their data. */
function groups() {
  const all = readdirSync(FOLDER)
    .filter((name) => name.endsWith(".json"))
    .map((name) => readJson(join(FOLDER, name)));
  const found = new Map();
  for (const run of all) {
    const { seed, ...same } = run.config;
    const key = JSON.stringify(same);
    found.set(key, [...(found.get(key) ?? []), run]);
  }
  const place = ({ config: { task, data } }) => {
    const sources = tasks[task].sources().map(({ name }) => name);
    return Object.keys(tasks).indexOf(task) * 100 + sources.indexOf(data);
  };
  return [...found.values()]
    .map((runs) => runs.toSorted((a, b) => a.config.seed - b.config.seed))
    .toSorted(([a], [b]) => place(a) - place(b) || a.config.loss.localeCompare(b.config.loss));
}

const toCell = (text) => String(text).replaceAll("|", "\\|").replaceAll("\n", " ");
const table = ([head, ...rows]) =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.map(toCell).join(" | ")} |`).join("\n");

const clock = (seconds) =>
  seconds === undefined ? "" : `${Math.floor(seconds / 60)}:${String(Math.round(seconds % 60)).padStart(2, "0")}`;

const kindsIn = ({ config, results }) => kindsOf(results.scores, tasks[config.task].scores);

/** Of one seed the score with its interval over the test data; of several the mean, and the least and the greatest. */
function scoreCell(runs, name, kind) {
  const values = runs.map(({ results }) => results.scores[name]);
  if (runs.length === 1) {
    const interval = runs[0].results.intervals?.[name];
    return `${scoreText(values[0], kind, 3)}${interval === undefined ? "" : ` (${intervalText(interval, kind)})`}`;
  }
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return `${scoreText(mean, kind, 3)} (seeds: ${intervalText([Math.min(...values), Math.max(...values)], kind)})`;
}

const isWhole = ({ config, results }) => results.step === config.steps;

/** Seconds of all sessions; not known of a run whose earlier sessions were before that was counted. */
const timeOf = (run) => (isWhole(run) ? run.results.seconds : undefined);

const commandOf = ({ config: { task, data, loss, seed } }) =>
  `npx seqloss train ${task} --data ${data}${loss === tasks[task].losses[0] ? "" : ` --loss ${loss}`} --seed ${seed}`;

const scoresOf = (runs) =>
  Object.entries(kindsIn(runs[0])).map(([name, kind]) => `${scoreName(name)} ${scoreCell(runs, name, kind)}`);

function trainingOf(runs) {
  const [run] = runs;
  if (!runs.every(isWhole)) return `Stopped after ${run.results.step} of ${run.config.steps} steps`;
  const times = runs.map(timeOf);
  if (times.includes(undefined)) return `${run.config.steps} steps; the time of an earlier session was not kept`;
  return `${run.config.steps} steps; trained in ${times.map(clock).join(", ")} (minutes:seconds)`;
}

function section(runs) {
  const [{ config, results, date, node, processor }] = runs;
  const source = tasks[config.task].sources().find(({ name }) => name === config.data);
  return [
    `### ${config.task}, ${config.data}, ${config.loss}`,
    `${source.holds} (${source.licence}). ${trainingOf(runs)}; seed ${runs.map((run) => run.config.seed).join(", ")}; ${processor}, Node ${node.slice(1)}, ${date}.`,
    `\`\`\`bash\n${commandOf(runs[0])}\n\`\`\``,
    `On ${results.on}: ${scoresOf(runs).join("; ")}.`,
    table(results.table),
    ...(results.notes ?? []).map((note) => `- ${note}`),
  ].join("\n\n");
}

mkdirSync(FOLDER, { recursive: true });
for (const run of process.argv.slice(2)) keep(run);
const kept = groups();
const overview = [
  ["task", "data", "loss", "test score", "time", "repeat it"],
  ...kept.map((runs) => {
    const [{ config }] = runs;
    return [
      config.task,
      config.data,
      config.loss,
      scoresOf(runs).join("; "),
      isWhole(runs[0]) ? clock(timeOf(runs[0])) : `stopped at ${runs[0].results.step} of ${config.steps} steps`,
      `\`${commandOf(runs[0])}\``,
    ];
  }),
];
writeFileSync(
  PAGE,
  `# Results

Written by \`npm run results -- <run>…\` from the runs' own files, kept in [results/](results/). Scores are of test data that neither training nor the choice of anything has seen; in brackets the 95 % interval over the test data, or with several seeds the least and the greatest. Times are of training alone, on two cores shared with other work, so a quiet machine takes less. Sets from outside are found, or got, as \`npx seqloss data\` says; those that npm packages carry are smaller, and stand for nothing but themselves.

${table(overview)}

${kept.map(section).join("\n\n")}
`,
);
console.log(`${PAGE}: ${kept.length} rows`);
