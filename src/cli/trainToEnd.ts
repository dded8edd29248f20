import type { OpenTask, Task } from "../../tasks/task.js";
import { type RunFolder, type SessionEnd, trainRun } from "../runs/entry.js";
import { displayTraining } from "./progress.js";

/** Trains a run to its last step or until the signal, and shows on stderr how it goes. */
export async function trainToEnd(
  run: RunFolder,
  task: OpenTask,
  kinds: Task["scores"],
  signal: AbortSignal,
): Promise<SessionEnd> {
  const [start, busy] = [performance.now(), process.cpuUsage()];
  const display = displayTraining(task.steps, task.trainer.taken, kinds);
  try {
    return await trainRun({
      run,
      trainer: task.trainer,
      batch: (n) => task.batch(n),
      steps: task.steps,
      checkpointEvery: task.checkpointEvery,
      validateEvery: task.validateEvery,
      validate: () => task.validate(),
      onStep: (report) => display.step(report),
      onValidation: (at, scores) => display.validation(at, scores),
      signal,
    });
  } finally {
    display.stop();
    const { user, system } = process.cpuUsage(busy);
    run.addSeconds((performance.now() - start) / 1000, (user + system) / 1e6);
  }
}
