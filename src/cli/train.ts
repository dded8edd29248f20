import pc from "picocolors";
import { RunFolder, trainRun } from "../runs/entry.js";
import { renderEvaluation } from "./evaluate.js";
import { EXIT, Failure } from "./failure.js";
import { clock, displayTraining } from "./progress.js";
import { findTask, openRun } from "./task.js";

export interface TrainFlags {
  readonly resume?: string;
  readonly out: string;
  readonly seed: number;
  readonly steps?: number;
  readonly json?: boolean;
}

/** seqloss train <task>, or --resume <run>: trains to the end, evaluates, and says how to use what was trained. */
export async function train(name: string | undefined, flags: TrainFlags): Promise<number> {
  const { resume, out, seed, steps, json = false } = flags;
  if (resume === undefined && name === undefined) {
    throw new Failure(EXIT.usage, "train needs the name of a task, or --resume <run>. Try: seqloss train numbers");
  }
  const say = (text: string) => process.stderr.write(`${text}\n`);
  const run =
    resume === undefined
      ? RunFolder.create(out, findTask(name as string).configure({ seed, steps }))
      : RunFolder.open(resume);
  say(`${resume === undefined ? "run" : "resuming"} ${pc.bold(run.path)}: ${findTask(run.config.task).summary}`);
  const task = openRun(run);

  const interrupt = new AbortController();
  const onSignal = () => {
    if (interrupt.signal.aborted) process.exit(EXIT.interrupted);
    say("\nstopping after this step; once more to stop at once");
    interrupt.abort();
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  const start = performance.now();
  const display = displayTraining(task.steps, task.trainer.taken);
  try {
    const { reason, step } = await trainRun({
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
    display.stop();
    if (reason === "interrupted") {
      say(`stopped at step ${step} of ${task.steps}; go on with: seqloss train --resume ${run.path}`);
      return EXIT.interrupted;
    }
  } finally {
    display.stop();
    process.off("SIGINT", onSignal);
    process.off("SIGTERM", onSignal);
  }
  const seconds = (performance.now() - start) / 1000;
  const evaluation = task.evaluate();
  run.write("results.json", { scores: evaluation.scores, on: evaluation.on, table: evaluation.table, seconds });
  if (json) process.stdout.write(`${JSON.stringify({ run: run.path, seconds, ...evaluation.scores })}\n`);
  else {
    process.stdout.write(`\n${renderEvaluation(evaluation)}\n`);
    say(`trained in ${clock(seconds)}; use it: seqloss predict ${run.path} 2718`);
  }
  return EXIT.ok;
}
