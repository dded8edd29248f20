import type { OpenTask, Task, TaskConfig } from "../../tasks/task.js";
import { loadStateDict, stateDict, type Trainer } from "../index.js";
import { RunFolder, type SessionEnd } from "../runs/entry.js";
import { colour } from "./colour.js";
import { renderEvaluation, resultsOf, writeResults } from "./evaluate.js";
import { EXIT, type ExitCode, Failure } from "./failure.js";
import { catchInterrupt } from "./interrupt.js";
import { toJson } from "./json.js";
import { clock, evaluateShown } from "./progress.js";
import { withSettings } from "./settings.js";
import { checkData, checkLoss, exampleOf, findTask, openFolder, openRun } from "./task.js";
import { writeEvents } from "./tensorboard.js";
import { startThreads } from "./threads.js";
import { findTrained, type Trained } from "./trained.js";
import { trainToEnd } from "./trainToEnd.js";

export interface TrainFlags {
  readonly resume?: string;
  readonly out?: string;
  readonly seed?: number;
  readonly steps?: number;
  readonly loss?: string;
  readonly data?: string;
  readonly download?: boolean;
  /** A trained network of the task, whose weights the new run begins with. */
  readonly from?: string;
  /** Settings of the task, each as name=value. */
  readonly set?: readonly string[];
  readonly minutes?: number;
  readonly threads?: number;
  readonly tensorboard?: boolean;
  readonly json?: boolean;
}

interface Opened {
  readonly run: RunFolder;
  readonly task: OpenTask;
}

const say = (text: string) => process.stderr.write(`${text}\n`);

/** seqloss train <task>, or --resume <run>: trains to the end, evaluates, and says how to use what was trained. */
export async function train(name: string | undefined, flags: TrainFlags): Promise<ExitCode> {
  await startThreads(flags.threads);
  const opened = flags.resume === undefined ? await startRun(name, flags) : resumeRun(flags.resume, name, flags);
  const { run, task } = opened;
  if (flags.tensorboard && !run.events.wanted) writeEvents(run);
  const { reason, step, timeUp } = await trainForTime(opened, flags.minutes);
  if (reason === "interrupted") {
    const why = timeUp ? "time is up" : "stopped";
    say(`${why} at step ${step} of ${task.steps}; go on with: seqloss train --resume ${run.path}`);
    if (!timeUp) return EXIT.interrupted;
  }
  const evaluation = evaluateShown(task);
  const described = findTask(run.config.task);
  const { seconds } = run;
  writeResults(run, step, evaluation);
  if (flags.json) process.stdout.write(`${toJson({ run: run.path, step, seconds, ...resultsOf(evaluation) })}\n`);
  else {
    process.stdout.write(`\n${renderEvaluation(evaluation, described.scores)}\n`);
    say(`trained in ${clock(seconds)}; use it: seqloss predict ${run.path} ${exampleOf(described, run.config)}`);
  }
  return EXIT.ok;
}

/** The folder is made last, so that a task that cannot be opened leaves none behind. */
async function startRun(name: string | undefined, flags: TrainFlags): Promise<Opened> {
  const { out = "runs", seed = 1, steps, loss, data, download = false, from, set = [] } = flags;
  if (name === undefined) {
    throw new Failure(EXIT.usage, "train needs the name of a task, or --resume <run>. Try: seqloss train numbers");
  }
  const described = findTask(name);
  if (loss !== undefined) checkLoss(described, loss);
  const wanted = data ?? (download ? (described.usual ?? described.sources()[0].name) : undefined);
  if (wanted !== undefined) await checkData(described, wanted, download);
  const begin = from === undefined ? undefined : findTrained(from);
  if (begin !== undefined && begin.described !== described) {
    throw new Failure(EXIT.usage, `--from ${from}: a network of the task ${begin.described.name}, not of ${name}.`);
  }
  const usual = described.configure({ seed, steps, loss, data: wanted ?? dataOf(begin) });
  const config = withSettings(begin === undefined ? usual : goOn(begin, usual, from as string), set);
  const task = described.open(config);
  if (begin !== undefined) takeWeights(task.trainer, begin.open().trainer);
  const run = RunFolder.create(out, config);
  // what the weights were taken from may be gone when the run is resumed
  if (begin !== undefined) run.checkpoints.save(task.trainer.state());
  say(`run ${colour.bold(run.path)}: ${described.summary}, trained with ${config.loss} on ${config.data}`);
  sayWhatIsBetter(described, config.data);
  return { run, task };
}

const dataOf = (begin: Trained | undefined) => begin?.config.data as string | undefined;

/** The configuration of a run that goes on from a trained network: its sizes and data, the loss and the steps of the new run. */
function goOn({ config }: Trained, usual: TaskConfig, from: string): TaskConfig {
  if (config.data !== usual.data) {
    throw new Failure(EXIT.usage, `--from ${from}: a network of the data ${config.data}, not of ${usual.data}.`);
  }
  const { seed, steps, loss } = usual;
  return { ...usual, ...config, seed, steps, loss, from };
}

/** Begins with what another trainer has learnt: its averaged weights, where it has them. */
function takeWeights(trainer: Trainer, trained: Trainer): void {
  loadStateDict(
    trainer.model,
    trained.withAveragedWeights((model) => stateDict(model)),
  );
  const state = trainer.state();
  trainer.restore({ ...state, average: state.average.size === 0 ? state.average : state.weights });
}

/** Which data set a task would rather be trained on, where it has to do with another; not where that is the usual one. */
function sayWhatIsBetter(task: Task, data: string): void {
  const [best] = task.sources();
  if (task.usual === undefined && best.name !== data && !best.found)
    say(`better data for ${task.name}: ${best.name}, ${best.holds}. ${best.where}`);
}

/** A resumed run is what it was started as; flags that would change it are refused rather than passed over. */
function resumeRun(path: string, name: string | undefined, flags: TrainFlags): Opened {
  const run = openFolder(path);
  if (name !== undefined && name !== run.config.task) {
    throw new Failure(EXIT.usage, `${path} is a run of the task ${run.config.task}, not ${name}.`);
  }
  const changed = (["out", "seed", "steps", "loss", "data", "download", "from", "set"] as const).find(
    (flag) => flags[flag] !== undefined,
  );
  if (changed !== undefined) {
    throw new Failure(EXIT.usage, `--${changed} belongs to a new run; a resumed one goes on as it was started.`);
  }
  const task = openRun(run);
  say(`resuming ${colour.bold(run.path)} at step ${task.trainer.taken} of ${task.steps}`);
  return { run, task };
}

/** Trains until the last step, an interrupt or the end of the time given. */
async function trainForTime({ run, task }: Opened, minutes?: number): Promise<SessionEnd & { timeUp: boolean }> {
  const interruption = catchInterrupt();
  let timeUp = false;
  const timer =
    minutes === undefined
      ? undefined
      : setTimeout(() => {
          timeUp = true;
          interruption.abort();
        }, minutes * 60_000);
  try {
    const end = await trainToEnd(run, task, findTask(run.config.task).scores, interruption.signal);
    return { ...end, timeUp };
  } finally {
    clearTimeout(timer);
    interruption.release();
  }
}
