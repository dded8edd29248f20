import { SeqlossError } from "../core/errors.js";
import type { Trainer, TrainingBatch } from "../training/trainer.js";
import { type Probe, probe } from "./probe.js";

/**
 * As `probe`, for a network in training: the updates of its optimiser's next step too. The step is taken and taken back: the
 * trainer is left as it was.
 *
 * @param batches the micro-batches of one step; gradients through time and activations are those of the first
 * @throws SeqlossError (LENGTH) without a batch
 * @example
 * const trainer = new Trainer({ model: dense({ inputs: 2, outputs: 3, seed: 1 }), optimiser: sgd({ learningRate: 0.1 }) });
 * const batch = { inputs: padSequences([Float32Array.of(1, 0)], 2), loss: (outputs) => crossEntropy(outputs, [[2]]) };
 * const { parameters } = probeTrainer(trainer, [batch]).gradients;
 * parameters[1].update / parameters[1].gradient // 0.1
 */
export function probeTrainer(trainer: Trainer, batches: readonly TrainingBatch[]): Probe {
  if (batches.length === 0) {
    throw new SeqlossError("probeTrainer", "LENGTH", {
      argument: "the size of batches",
      expected: "at least one batch",
      found: 0,
    });
  }
  const seen = probe(trainer.model, batches[0]);
  const before = trainer.state();
  const { skipped } = trainer.step(batches);
  const updates = new Map(
    trainer.model.parameters.map(({ name, data }) => {
      const old = before.weights.get(name) as Float32Array;
      return [name, Math.sqrt(data.reduce((sum, x, i) => sum + (x - old[i]) ** 2, 0))];
    }),
  );
  trainer.restore(before);
  if (skipped) return seen;
  const parameters = seen.gradients.parameters?.map((norms) => ({
    ...norms,
    update: updates.get(norms.name) as number,
  }));
  return { ...seen, gradients: { ...seen.gradients, ...(parameters && { parameters }) } };
}
