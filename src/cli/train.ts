import type { OpenTask } from "../../tasks/task.js";
import { RunFolder, type SessionEnd, trainRun } from "../runs/entry.js";
import { colour } from "./colour.js";
import { renderEvaluation, resultsOf, writeResults } from "./evaluate.js";
import { EXIT, type ExitCode, Failure } from "./failure.js";
import { toJson } from "./json.js";
import { clock, displayTraining } from "./progress.js";
import { findTask, openFolder, openRun } from "./task.js";

export interface TrainFlags {
  readonly resume?: string;
  readonly out?: string;
  readonly seed?: number;
  readonly steps?: number;
  readonly minutes?: number;
  readonly json?: boolean;
}

interface Opened {
  readonly run: RunFolder;
  readonly task: OpenTask;
}

const say = (text: string) => process.stderr.write(`${text}\n`);

/** seqloss train <task>, or --resume <run>: trains to the end, evaluates, and says how to use what was trained. */
export async function train(name: string | undefined, flags: TrainFlags): Promise<ExitCode> {
  const opened = flags.resume === undefined ? startRun(name, flags) : resumeRun(flags.resume, name, flags);
  const { run, task } = opened;
  const start = performance.now();
  const { reason, step, timeUp } = await trainToEnd(opened, flags);
  if (reason === "interrupted") {
    const why = timeUp ? "time is up" : "stopped";
    say(`${why} at step ${step} of ${task.steps}; go on with: seqloss train --resume ${run.path}`);
    if (!timeUp) return EXIT.interrupted;
  }
  const seconds = (performance.now() - start) / 1000;
  const evaluation = task.evaluate();
  writeResults(run, evaluation, { seconds });
  if (flags.json) process.stdout.write(`${toJson({ run: run.path, step, seconds, ...resultsOf(evaluation) })}\n`);
  else {
    process.stdout.write(`\n${renderEvaluation(evaluation)}\n`);
    say(`trained in ${clock(seconds)}; use it: seqloss predict ${run.path} 2718`);
  }
  return EXIT.ok;
}

/** The folder is made last, so that a task that cannot be opened leaves none behind. */
function startRun(name: string | undefined, { out = "runs", seed = 1, steps }: TrainFlags): Opened {
  if (name === undefined) {
    throw new Failure(EXIT.usage, "train needs the name of a task, or --resume <run>. Try: seqloss train numbers");
  }
  const described = findTask(name);
  const config = described.configure({ seed, steps });
  const task = described.open(config);
  const run = RunFolder.create(out, config);
  say(`run ${colour.bold(run.path)}: ${described.summary}`);
  return { run, task };
}

/** A resumed run is what it was started as; flags that would change it are refused rather than passed over. */
function resumeRun(path: string, name: string | undefined, flags: TrainFlags): Opened {
  const run = openFolder(path);
  if (name !== undefined && name !== run.config.task) {
    throw new Failure(EXIT.usage, `${path} is a run of the task ${run.config.task}, not ${name}.`);
  }
  const changed = (["out", "seed", "steps"] as const).find((flag) => flags[flag] !== undefined);
  if (changed !== undefined) {
    throw new Failure(EXIT.usage, `--${changed} belongs to a new run; a resumed one goes on as it was started.`);
  }
  const task = openRun(run);
  say(`resuming ${colour.bold(run.path)} at step ${task.trainer.taken} of ${task.steps}`);
  return { run, task };
}

async function trainToEnd({ run, task }: Opened, { minutes }: TrainFlags): Promise<SessionEnd & { timeUp: boolean }> {
  const interrupt = new AbortController();
  let timeUp = false;
  const timer =
    minutes === undefined
      ? undefined
      : setTimeout(() => {
          timeUp = true;
          interrupt.abort();
        }, minutes * 60_000);
  const onSignal = () => {
    if (interrupt.signal.aborted) process.exit(EXIT.interrupted);
    say("\nstopping after this step; once more to stop at once");
    interrupt.abort();
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  const display = displayTraining(task.steps, task.trainer.taken);
  try {
    const end = await trainRun({
      run,
      trainer: task.trainer,
      batch: (n) => task.batch(n),
      steps: task.steps,
      checkpointEvery: task.checkpointEvery,
      validateEvery: task.validateEvery,
      validate: () => task.validate(),
      onStep: (report) => display.step(report),
      onValidation: (at, scores) => display.validation(at, scores),
      signal: interrupt.signal,
    });
    return { ...end, timeUp };
  } finally {
    clearTimeout(timer);
    display.stop();
    process.off("SIGINT", onSignal);
    process.off("SIGTERM", onSignal);
  }
}
