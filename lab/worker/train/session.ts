import {
  adam,
  clipByGlobalNorm,
  ctcGreedyDecode,
  dense,
  diagnose,
  elman,
  encodeSafetensors,
  gru,
  type Layer,
  lstm,
  type Optimiser,
  padSequences,
  Random,
  rmsProp,
  sequential,
  sgd,
  Trainer,
} from "../../../src/index.js";
import {
  type Changeable,
  changeable,
  LONGEST,
  lossOf,
  type Snapshot,
  settingAt,
  type TrainSettings,
} from "./settings.js";
import { drawnNumber } from "./strokes.js";
import { type Draw, frames, labTasks } from "./tasks.js";

const cells = { elman, lstm, gru };
const optimisers = { adam, sgd, rmsProp };

/** The most steps of the history that a diagnosis reads. */
const RECENT = 4000;

/** A network in training, one step after another; who calls says when. */
export class TrainSession {
  private readonly model: Layer;
  private readonly trainer: Trainer;
  private readonly random: Random;
  private readonly records: {
    step: number;
    loss: number | null;
    gradientNorm: number | null;
    learningRate: number;
    skipped: boolean;
  }[] = [];
  private readonly stood: number[] = [];
  private told = 0;

  constructor(private settings: TrainSettings) {
    const { cell, hidden, optimiser, seed } = settings;
    const { inputs, outputs, bidirectional } = labTasks[settings.task];
    this.random = new Random(seed, 7);
    const width = bidirectional ? 2 * hidden : hidden;
    const forgets = cell === "lstm" ? { forgetBias: 1 } : {};
    this.model = sequential({
      rnn: cells[cell]({ inputs, hidden, bidirectional, seed, ...forgets }),
      head: dense({ inputs: width, outputs, seed: seed + 1 }),
    });
    this.trainer = new Trainer({
      model: this.model,
      optimiser: this.clipped(optimisers[optimiser]({ learningRate: settings.learningRate })),
      schedule: () => this.now("learningRate"),
      seed,
    });
  }

  /** From the next step on. Changes that were still to come are dropped: the run has parted from theirs. */
  change(name: Changeable, value: number): void {
    const which = changeable.indexOf(name);
    const before = this.settings.changes.filter(([at, one]) => at < this.taken || (at === this.taken && one !== which));
    this.settings = { ...this.settings, changes: [...before, [this.taken, which, value]] };
  }

  step(): void {
    const batch = labTasks[this.settings.task].draw(this.from(this.random));
    const { loss, gradientNorm, ...report } = this.trainer.step([batch]);
    if (batch.stood !== undefined) this.stood.push(batch.stood);
    const finite = (x: number) => (Number.isFinite(x) ? x : null);
    this.records.push({ ...report, loss: finite(loss), gradientNorm: finite(gradientNorm) });
  }

  get taken(): number {
    return this.trainer.taken;
  }

  /** What is new since the last snapshot; samples are of a batch that training does not see. */
  snapshot(stepsPerSecond: number): Snapshot {
    const fresh = this.records.slice(this.told);
    const stood = this.stood.slice(this.told);
    this.told = this.records.length;
    const { task, seed, changes } = this.settings;
    const { samples, wrong, path = [] } = labTasks[task].examine(this.from(new Random(seed, 8)));
    const clip = this.now("clip");
    const { findings } = diagnose({
      history: {
        records: this.judged().slice(-RECENT),
        ...(clip > 0 && { clip }),
      },
    });
    return {
      step: this.trainer.taken,
      losses: fresh.map(({ loss }) => loss ?? Number.NaN),
      gradientNorms: fresh.map(({ gradientNorm }) => gradientNorm ?? Number.NaN),
      stood,
      path,
      changes,
      samples,
      wrong,
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

  /** What a diagnosis reads. The value of a policy gradient's loss says nothing: there it is the pushes that are missing. */
  private judged() {
    if (this.settings.task !== "balance") return this.records;
    return this.records.map((record, i) => ({ ...record, loss: LONGEST - this.stood[i] }));
  }

  /** A setting, as it holds at the next step. */
  private now(name: Changeable): number {
    return settingAt(this.settings, name, this.trainer?.taken ?? 0);
  }

  /** The optimiser behind a clip that may change on the way. */
  private clipped(optimiser: Optimiser): Optimiser {
    return {
      ...optimiser,
      step: (parameters, learningRate) => {
        const clip = this.now("clip");
        if (clip > 0) clipByGlobalNorm(parameters, clip);
        optimiser.step(parameters, learningRate);
      },
    };
  }

  private from(random: Random): Draw {
    const { task, length, loss } = this.settings;
    return { random, length, loss: lossOf(task, loss), model: this.model };
  }
}
