import { Random } from "../core/random.js";
import { combine } from "../losses/combine.js";
import type { LossResult } from "../losses/reduction.js";
import type { Layer, Parameter, SequenceBatch } from "../recurrent/layer.js";
import { zeroGrad } from "../recurrent/layer.js";
import { clipByGlobalNorm } from "./clip.js";
import type { Optimiser, OptimiserState } from "./optimiser.js";
import { constantRate, type Schedule } from "./schedule.js";

/** A batch, and the loss of the model's outputs on it. */
export interface TrainingBatch {
  readonly inputs: SequenceBatch;
  readonly loss: (outputs: SequenceBatch) => LossResult;
}

export interface TrainerOptions {
  readonly model: Layer;
  readonly optimiser: Optimiser;
  /** The learning rate of each step. Default the optimiser's. */
  readonly schedule?: Schedule;
  /** The global norm that gradients are scaled down to. Default none. */
  readonly clip?: number;
  /** Of everything random in training (dropout). Default 0. */
  readonly seed?: number;
  /** Decay of a moving average of the weights, for evaluation (Polyak and Juditsky 1992). Default none. */
  readonly averaging?: number;
}

export interface StepReport {
  /** Counted from 1. */
  readonly step: number;
  readonly loss: number;
  /** Before clipping. */
  readonly gradientNorm: number;
  readonly learningRate: number;
  /** True where the loss or the gradient was not finite: the weights were left as they were. */
  readonly skipped: boolean;
}

/** Everything that the next step depends on. */
export interface TrainerState {
  readonly step: number;
  readonly skipped: number;
  readonly weights: ReadonlyMap<string, Float32Array>;
  readonly average: ReadonlyMap<string, Float32Array>;
  readonly optimiser: OptimiserState;
  readonly random: readonly number[];
}

/**
 * One training step after another: forward, loss, backpropagation through time, clipping, update. The weights after n steps
 * are determined by the seed and the batches, bit for bit, also when the state was saved and restored between.
 *
 * @example
 * const model = dense({ inputs: 2, outputs: 3, seed: 1 });
 * const trainer = new Trainer({ model, optimiser: adam({ learningRate: 0.1 }) });
 * const inputs = padSequences([Float32Array.of(1, 0)], 2);
 * const first = trainer.step([{ inputs, loss: (outputs) => crossEntropy(outputs, [[2]]) }]);
 * const second = trainer.step([{ inputs, loss: (outputs) => crossEntropy(outputs, [[2]]) }]);
 * second.loss < first.loss // true
 */
export class Trainer {
  readonly model: Layer;
  private readonly optimiser: Optimiser;
  private readonly schedule: Schedule;
  private readonly clip: number;
  private readonly averaging: number | undefined;
  private average: Map<string, Float32Array>;
  private random: Random;
  private steps = 0;
  private skips = 0;

  constructor({ model, optimiser, schedule, clip, seed = 0, averaging }: TrainerOptions) {
    this.model = model;
    this.optimiser = optimiser;
    this.schedule = schedule ?? constantRate(optimiser.learningRate);
    this.clip = clip ?? Number.POSITIVE_INFINITY;
    this.averaging = averaging;
    this.average = averaging === undefined ? new Map() : copyWeights(model.parameters);
    this.random = new Random(seed);
  }

  /** Steps taken so far. */
  get taken(): number {
    return this.steps;
  }

  /**
   * One update from one or several micro-batches, whose gradients add up to that of the mean over all of them, however
   * unequal they are. Their losses are to be means (the default reduction).
   */
  step(batches: readonly TrainingBatch[]): StepReport {
    const { parameters } = this.model;
    zeroGrad(parameters);
    const results = batches.map(({ inputs, loss }) => {
      const result = loss(this.model.forward(inputs, { training: true, random: this.random, inputGradient: false }));
      // the gradient of the sum, so that unequal micro-batches add up; divided by the weight of all below
      const grad = result.grad.data.map((x) => x * result.weight);
      this.model.backward({ data: grad, shape: result.grad.shape });
      return result;
    });
    const { value, weight } = combine(results);
    if (weight > 0) for (const { grad } of parameters) for (let i = 0; i < grad.length; i++) grad[i] /= weight;
    const gradientNorm = clipByGlobalNorm(parameters, this.clip);
    const learningRate = this.schedule(this.steps);
    const skipped = !Number.isFinite(gradientNorm) || Number.isNaN(value);
    if (skipped) this.skips++;
    else {
      this.optimiser.step(parameters, learningRate);
      this.updateAverage(parameters);
    }
    this.steps++;
    return { step: this.steps, loss: value, gradientNorm, learningRate, skipped };
  }

  /** Runs `work` with the averaged weights in place, where averaging is on, and puts the trained ones back. */
  withAveragedWeights<Result>(work: (model: Layer) => Result): Result {
    if (this.averaging === undefined) return work(this.model);
    const trained = copyWeights(this.model.parameters);
    placeWeights(this.model.parameters, this.average);
    try {
      return work(this.model);
    } finally {
      placeWeights(this.model.parameters, trained);
    }
  }

  state(): TrainerState {
    return {
      step: this.steps,
      skipped: this.skips,
      weights: copyWeights(this.model.parameters),
      average: new Map([...this.average].map(([name, data]) => [name, data.slice()])),
      optimiser: this.optimiser.state(),
      random: this.random.state,
    };
  }

  restore(state: TrainerState): void {
    this.steps = state.step;
    this.skips = state.skipped;
    placeWeights(this.model.parameters, state.weights);
    this.average = new Map([...state.average].map(([name, data]) => [name, data.slice()]));
    this.optimiser.restore(state.optimiser);
    this.random = Random.restore(state.random);
  }

  private updateAverage(parameters: readonly Parameter[]): void {
    if (this.averaging === undefined) return;
    // early averages would be dominated by the initial weights
    const decay = Math.min(this.averaging, (1 + this.steps) / (10 + this.steps));
    for (const { name, data } of parameters) {
      const average = this.average.get(name) as Float32Array;
      for (let i = 0; i < data.length; i++) average[i] += (1 - decay) * (data[i] - average[i]);
    }
  }
}

function copyWeights(parameters: readonly Parameter[]): Map<string, Float32Array> {
  return new Map(parameters.map(({ name, data }) => [name, data.slice()]));
}

function placeWeights(parameters: readonly Parameter[], weights: ReadonlyMap<string, Float32Array>): void {
  for (const { name, data } of parameters) data.set(weights.get(name) as Float32Array);
}
