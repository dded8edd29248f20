import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Evaluation, Task, TaskConfig } from "../../tasks/task.js";
import { RunFolder, writeAtomically } from "../runs/entry.js";
import { colour } from "./colour.js";
import { type ComparedRun, type CurvePoint, compareRuns } from "./comparison.js";
import { renderComparison } from "./comparisonText.js";
import { writeResults } from "./evaluate.js";
import { EXIT, type ExitCode, Failure } from "./failure.js";
import { catchInterrupt } from "./interrupt.js";
import { parseJson, toJson } from "./json.js";
import { evaluateShown } from "./progress.js";
import { kindsOf } from "./scores.js";
import { checkData, checkLoss, findTask, openRun } from "./task.js";
import { startThreads } from "./threads.js";
import { trainToEnd } from "./trainToEnd.js";

export interface CompareFlags {
  /** Names with commas between. Default every loss of the task. */
  readonly losses?: string;
  /** Default 3. */
  readonly seeds?: number;
  readonly steps?: number;
  readonly data?: string;
  readonly out?: string;
  readonly threads?: number;
  readonly json?: boolean;
}

const say = (text: string) => process.stderr.write(`${text}\n`);

/** seqloss compare <task>: the same network trained with several losses, each from several seeds. */
export const compare = (name: string, flags: CompareFlags): Promise<ExitCode> => compareOn(findTask(name), flags);

export async function compareOn(task: Task, flags: CompareFlags): Promise<ExitCode> {
  await startThreads(flags.threads);
  const losses = readLosses(task, flags.losses);
  const { seeds = 3, steps, data, out = "runs", json = false } = flags;
  if (data !== undefined) await checkData(task, data, false);
  // a seed at a time, so that what an interrupted comparison has trained can be paired
  const planned = Array.from({ length: seeds }, (_, n) =>
    losses.map((loss) => task.configure({ seed: n + 1, steps, loss, data })),
  ).flat();
  const folder = join(out, `compare-${task.name}-${planned[0].steps}-steps`);
  say(`comparing in ${colour.bold(folder)}: ${losses.join(", ")}; seeds 1 to ${seeds}`);

  const runs: ComparedRun[] = [];
  let on = "";
  const interruption = catchInterrupt();
  try {
    for (const [n, config] of planned.entries()) {
      const run = RunFolder.at(join(folder, `${config.loss}-seed-${config.seed}`), config);
      const what = `run ${n + 1} of ${planned.length}: ${config.loss}, seed ${config.seed}`;
      const results = keptResults(run, config) ?? (await finish(run, task, what, interruption.signal));
      if (results === undefined) {
        say(`stopped in run ${n + 1} of ${planned.length}; the same command goes on from there`);
        return EXIT.interrupted;
      }
      runs.push({
        loss: config.loss,
        seed: config.seed,
        scores: results.scores,
        curve: curveOf(run, kindsOf(results.scores, task.scores)),
      });
      on = results.on;
    }
  } finally {
    interruption.release();
  }
  const kinds = kindsOf(runs[0].scores, task.scores);
  const comparison = compareRuns(runs, kinds);
  const record = `${toJson({ task: task.name, folder, steps: planned[0].steps, on, ...comparison })}\n`;
  writeAtomically(join(folder, "comparison.json"), new TextEncoder().encode(record));
  process.stdout.write(json ? record : `${renderComparison(comparison, kinds, on)}\n`);
  return EXIT.ok;
}

function readLosses(task: Task, given: string | undefined): readonly string[] {
  if (given === undefined) return task.losses;
  const losses = given.split(",").map((name) => name.trim());
  for (const loss of losses) checkLoss(task, loss);
  const twice = losses.find((loss, n) => losses.indexOf(loss) < n);
  if (twice !== undefined) throw new Failure(EXIT.usage, `--losses names ${twice} twice.`);
  return losses;
}

type Results = Pick<Evaluation, "scores" | "on">;

/** What a run that has been trained to its end scored; undefined where it has not been, or not been evaluated since. */
function keptResults(run: RunFolder, { steps }: TaskConfig): Results | undefined {
  const path = join(run.path, "results.json");
  if (!existsSync(path)) return undefined;
  const { step, scores, on } = (parseJson(readFileSync(path), path) ?? {}) as Partial<Results & { step: number }>;
  const values = Object.values(scores ?? {});
  const whole = values.length > 0 && values.every((value) => typeof value === "number");
  return step === steps && whole && typeof on === "string" ? { scores: scores as Results["scores"], on } : undefined;
}

/** Trains a run to its end, from wherever it was left, and evaluates it; undefined where it was interrupted. */
async function finish(run: RunFolder, task: Task, what: string, signal: AbortSignal): Promise<Results | undefined> {
  const opened = openRun(run, task);
  const from = opened.trainer.taken === 0 ? "" : `, from step ${opened.trainer.taken}`;
  say(`${what}${from}`);
  try {
    const { reason, step } = await trainToEnd(run, opened, task.scores, signal);
    if (reason === "interrupted") return undefined;
    const evaluation = evaluateShown(opened);
    writeResults(run, step, evaluation);
    return evaluation;
  } finally {
    opened.trainer.model.dispose();
  }
}

/** The first score wherever the run was validated. */
function curveOf(run: RunFolder, kinds: Task["scores"]): CurvePoint[] {
  const [name] = Object.keys(kinds);
  return run.metrics.read().flatMap(({ step, [name]: value }): CurvePoint[] => {
    return typeof value === "number" ? [[step, value]] : [];
  });
}
