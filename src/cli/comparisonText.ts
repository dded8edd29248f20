import type { Task } from "../../tasks/task.js";
import { colour } from "./colour.js";
import type { Comparison, PairedDifference } from "./comparison.js";
import { sparkline } from "./progress.js";
import { intervalText, scoreName, scoreNumber, scoreText } from "./scores.js";
import { renderTable } from "./table.js";

const CURVE_WIDTH = 40;

/** A comparison for people: scores, differences, curves, and what the intervals mean. */
export function renderComparison(comparison: Comparison, kinds: Task["scores"], on: string): string {
  const names = Object.keys(kinds);
  const rows = comparison.losses.map((loss) => [
    loss,
    ...names.map((name) => {
      const { mean, interval } = comparison.scores[loss][name];
      return `${scoreText(mean, kinds[name])}${interval === undefined ? "" : ` (${intervalText(interval, kinds[name])})`}`;
    }),
  ]);
  const scores = renderTable([["loss", ...names.map(scoreName)], ...rows]);
  const parts = [`${scores}\n${meaning(comparison, on)}`];
  if (comparison.differences.length > 0) parts.push(renderDifferences(comparison.differences, kinds));
  parts.push(renderCurves(comparison, kinds));
  return parts.join("\n\n");
}

function meaning({ seeds }: Comparison, on: string): string {
  if (seeds.length === 1) {
    return `On ${on}, with one seed: there is no interval, and no telling luck from the loss. More seeds: --seeds 5`;
  }
  return `On ${on}: means over ${seeds.length} seeds, each with initial weights and batches of its own (95 % confidence, Student's t).`;
}

function renderDifferences(differences: readonly PairedDifference[], kinds: Task["scores"]): string {
  const rows = differences.map(({ score, loss, than, mean, interval, verdict = "one seed: not known" }) => {
    const kind = kinds[score];
    const sign = mean > 0 ? "+" : "";
    const unit = kind.unit === "%" ? "points" : kind.unit;
    const amount = `${sign}${scoreNumber(mean, kind)} ${unit}`.trimEnd();
    const range = interval === undefined ? "" : ` (${intervalText(interval, kind)})`;
    return [`${loss} − ${than}`, scoreName(score), `${amount}${range}`, verdict];
  });
  const table = renderTable([["seed by seed", "score", "difference", ""], ...rows]);
  if (differences.every(({ interval }) => interval === undefined)) return table;
  return `${table}\n"better" or "worse": the interval, not widened for how many there are, does not hold 0.`;
}

function renderCurves({ losses, curves }: Comparison, kinds: Task["scores"]): string {
  const [name] = Object.keys(kinds);
  const width = Math.max(...losses.map((loss) => loss.length));
  const scale = losses.flatMap((loss) => curves[loss].map(([, value]) => value));
  const lines = losses.map((loss) => {
    const values = curves[loss].map(([, value]) => value);
    const ends = values.length === 0 ? [] : [values[0], values[values.length - 1]];
    const numbers = ends.map((value) => scoreText(value, kinds[name])).join(" → ");
    return `${loss.padEnd(width)}  ${sparkline(values, CURVE_WIDTH, scale)}  ${numbers || "no number"}`;
  });
  return [colour.bold(`${scoreName(name)} on validation data, mean over the seeds`), ...lines].join("\n");
}
