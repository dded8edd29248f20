import { type Diagnosis, diagnose, probeTrainer } from "../index.js";
import { openFolder, openRun } from "./task.js";

/** A run by its log, its newest checkpoint and the batch that would come next. */
export function diagnoseRun(path: string): Diagnosis {
  const run = openFolder(path);
  const task = openRun(run);
  const records = run.metrics.read();
  const batches = task.batch(task.trainer.taken);
  const { gradients, activations, outputs } = probeTrainer(task.trainer, batches);
  const rates = records.flatMap(({ learningRate }) => (typeof learningRate === "number" ? [learningRate] : []));
  const highest = rates.reduce((most, rate) => Math.max(most, rate), 0);
  const batch = batches[0].evidence?.(outputs);
  const { clip } = run.config;
  return diagnose({
    ...(batch && { batch }),
    history: { records, steps: task.steps, ...(typeof clip === "number" && { clip }) },
    gradients: { ...gradients, rateShare: highest > 0 ? (rates.at(-1) as number) / highest : 1 },
    activations,
  });
}
