import {
  adam,
  ctcGreedyDecode,
  dense,
  diagnose,
  elman,
  encodeSafetensors,
  gru,
  type Layer,
  lstm,
  padSequences,
  Random,
  rmsProp,
  sequential,
  sgd,
  Trainer,
} from "../../../src/index.js";
import { lossOf, type Sample, type Snapshot, type TrainSettings } from "./settings.js";
import { drawnNumber } from "./strokes.js";
import { frames, labTasks } from "./tasks.js";

const cells = { elman, lstm, gru };
const optimisers = { adam, sgd, rmsProp };

/** The most steps of the history that a diagnosis reads. */
const RECENT = 4000;

/** Symbol by symbol where positions match up, else sequence by sequence. */
function wrongShare(samples: readonly Sample[]): number {
  const all = samples.flatMap(({ wrong }) => (wrong.length === 0 ? [false] : wrong));
  return all.filter(Boolean).length / all.length;
}

/** A network in training, one step after another; who calls says when. */
export class TrainSession {
  private readonly model: Layer;
  private readonly trainer: Trainer;
  private learningRate: number;
  private readonly random: Random;
  private readonly records: {
    step: number;
    loss: number | null;
    gradientNorm: number | null;
    learningRate: number;
    skipped: boolean;
  }[] = [];
  private told = 0;

  constructor(private readonly settings: TrainSettings) {
    const { cell, hidden, optimiser, clip, seed } = settings;
    const { inputs, outputs, bidirectional } = labTasks[settings.task];
    this.learningRate = settings.learningRate;
    this.random = new Random(seed, 7);
    const width = bidirectional ? 2 * hidden : hidden;
    const forgets = cell === "lstm" ? { forgetBias: 1 } : {};
    this.model = sequential({
      rnn: cells[cell]({ inputs, hidden, bidirectional, seed, ...forgets }),
      head: dense({ inputs: width, outputs, seed: seed + 1 }),
    });
    this.trainer = new Trainer({
      model: this.model,
      optimiser: optimisers[optimiser]({ learningRate: settings.learningRate }),
      schedule: () => this.learningRate,
      ...(clip > 0 && { clip }),
      seed,
    });
  }

  /** From the next step on. */
  changeRate(learningRate: number): void {
    this.learningRate = learningRate;
  }

  step(): void {
    const { loss, gradientNorm, ...report } = this.trainer.step([this.draw()]);
    const finite = (x: number) => (Number.isFinite(x) ? x : null);
    this.records.push({ ...report, loss: finite(loss), gradientNorm: finite(gradientNorm) });
  }

  get taken(): number {
    return this.trainer.taken;
  }

  /** What is new since the last snapshot; samples are of a batch that training does not see. */
  snapshot(stepsPerSecond: number): Snapshot {
    const fresh = this.records.slice(this.told);
    this.told = this.records.length;
    const samples = this.samples();
    const { findings } = diagnose({
      history: {
        records: this.records.slice(-RECENT),
        ...(this.settings.clip > 0 && { clip: this.settings.clip }),
      },
    });
    return {
      step: this.trainer.taken,
      losses: fresh.map(({ loss }) => loss ?? Number.NaN),
      gradientNorms: fresh.map(({ gradientNorm }) => gradientNorm ?? Number.NaN),
      samples: samples.slice(0, 3),
      wrong: wrongShare(samples),
      stepsPerSecond,
      findings: findings
        .filter(({ code }) => code !== "still-falling" && code !== "unfinished")
        .slice(0, 4)
        .map(({ severity, title, evidence, remedy }) => ({ severity, title, evidence, remedy })),
    };
  }

  /** What the network reads in a number that was drawn by hand. */
  read(strokes: readonly (readonly (readonly [number, number])[])[]): string | undefined {
    const picture = drawnNumber(strokes);
    if (picture === undefined || this.settings.task !== "digits") return undefined;
    const inputs = padSequences([frames(picture)], labTasks.digits.inputs);
    const outputs = this.model.forward(inputs, { training: false });
    return Array.from(ctcGreedyDecode(outputs, { lengths: outputs.lengths })[0].labels, (id) => id - 1).join("");
  }

  /** The weights, as PyTorch and others read them. */
  weights(): Uint8Array {
    const tensors = new Map(this.model.parameters.map(({ name, data, shape }) => [name, { data, shape }]));
    return encodeSafetensors(tensors);
  }

  dispose(): void {
    this.model.dispose();
  }

  private draw() {
    const { task, length, loss } = this.settings;
    return labTasks[task].draw(this.random, length, lossOf(task, loss));
  }

  private samples(): Sample[] {
    const { task, length, loss, seed } = this.settings;
    const batch = labTasks[task].draw(new Random(seed, 8), length, lossOf(task, loss));
    return batch.samples(this.model.forward(batch.inputs, { training: false }));
  }
}
