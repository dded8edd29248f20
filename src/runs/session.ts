import type { StepReport, Trainer, TrainingBatch } from "../training/trainer.js";
import type { MetricsLine } from "./metricsLog.js";
import type { RunFolder } from "./runFolder.js";

export interface SessionOptions {
  readonly run: RunFolder;
  readonly trainer: Trainer;
  /** The batch of step n, counted from 0: a function of n alone, so that a resumed run sees what it would have seen. */
  readonly batch: (step: number) => readonly TrainingBatch[];
  readonly steps: number;
  /** Steps between checkpoints. */
  readonly checkpointEvery: number;
  /** Steps between validations. */
  readonly validateEvery: number;
  /** Named scores of the model as it is; they go into the metrics. */
  readonly validate: () => Readonly<Record<string, number>>;
  readonly onStep?: (report: StepReport) => void;
  readonly onValidation?: (step: number, scores: Readonly<Record<string, number>>) => void;
  /** Aborting stops after the current step, with a checkpoint. */
  readonly signal?: AbortSignal;
}

export interface SessionEnd {
  readonly reason: "finished" | "interrupted";
  readonly step: number;
}

/** Takes up a run where its newest checkpoint left it, or at the beginning. Returns what was wrong with damaged checkpoints. */
export function restore(run: RunFolder, trainer: Trainer): readonly string[] {
  const loaded = run.checkpoints.load();
  if (loaded === undefined) return [];
  trainer.restore(loaded.state);
  return loaded.damaged;
}

/**
 * Trains to the last step, logging and writing checkpoints. Yields to the event loop between steps, so that a signal can
 * arrive. What is written is a function of the configuration, wherever the run was interrupted.
 */
export async function trainRun(options: SessionOptions): Promise<SessionEnd> {
  const { run, trainer, batch, steps, checkpointEvery, validateEvery, validate, onStep, onValidation, signal } =
    options;
  const unlock = run.lock();
  try {
    run.checkpoints.clean(); // not before the lock: what is unfinished may be another process's checkpoint
    run.metrics.rewindTo(trainer.taken);
    if (run.events.wanted) run.events.write(run.metrics.read());
    const log = (line: MetricsLine) => {
      run.metrics.append(line);
      if (run.events.wanted) run.events.append(line);
    };
    let saved = trainer.taken;
    const save = () => {
      if (saved === trainer.taken) return;
      run.checkpoints.save(trainer.state());
      saved = trainer.taken;
    };
    while (trainer.taken < steps) {
      if (signal?.aborted) {
        save();
        return { reason: "interrupted", step: trainer.taken };
      }
      const report = trainer.step(batch(trainer.taken));
      const { step, loss, gradientNorm, learningRate, skipped } = report;
      log({ step, loss, gradientNorm, learningRate, ...(skipped ? { skipped } : {}) });
      onStep?.(report);
      if (step % validateEvery === 0 || step === steps) {
        const scores = validate();
        log({ step, ...scores });
        onValidation?.(step, scores);
      }
      if (step % checkpointEvery === 0 || step === steps) save();
      await new Promise((resolve) => setImmediate(resolve));
    }
    return { reason: "finished", step: trainer.taken };
  } finally {
    unlock();
  }
}
