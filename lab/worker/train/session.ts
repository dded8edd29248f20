import {
  adam,
  clipByGlobalNorm,
  ctcGreedyDecode,
  dense,
  diagnose,
  elman,
  encodeSafetensors,
  globalNorm,
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
import { drawRecurrent } from "../spectralRadius.js";
import { runCode } from "./runCode.js";
import {
  type Changeable,
  changeable,
  LONGEST,
  lossOf,
  type Snapshot,
  settingAt,
  type TrainSettings,
  VALIDATED,
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
  private readonly reports: ReturnType<Trainer["step"]>[] = [];
  private readonly layerNorms: Readonly<Record<string, number[]>> = { rnn: [], head: [] };
  private readonly validations: number[] = [];
  private readonly stood: number[] = [];
  private told = 0;
  private toldValidations = 0;

  constructor(private settings: TrainSettings) {
    const { cell, hidden, optimiser, seed, radius } = settings;
    const { inputs, outputs, bidirectional } = labTasks[settings.task];
    this.random = new Random(seed, 7);
    const width = bidirectional ? 2 * hidden : hidden;
    const forgets = cell === "lstm" ? { forgetBias: 1 } : {};
    this.model = sequential({
      rnn: cells[cell]({ inputs, hidden, bidirectional, seed, ...forgets }),
      head: dense({ inputs: width, outputs, seed: seed + 1 }),
    });
    if (cell === "elman" && radius > 0) {
      const recurrent = this.model.parameters.filter(({ name }) => name.startsWith("rnn.weight_hh"));
      recurrent.forEach(({ data }, i) => drawRecurrent(data, hidden, { radius, seed: seed + i }));
    }
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
    const task = labTasks[this.settings.task];
    const batch = task.draw(this.from(this.random));
    const report = this.trainer.step([batch]);
    this.reports.push(report);
    if (batch.stood !== undefined) this.stood.push(batch.stood);
    for (const norms of Object.values(this.layerNorms)) if (norms.length < this.taken) norms.push(report.gradientNorm);
    if (task.validate !== undefined && this.taken % VALIDATED === 0)
      this.validations.push(task.validate(this.from(new Random(this.settings.seed, 8))));
  }

  get taken(): number {
    return this.trainer.taken;
  }

  /** What is new since the last snapshot; samples are of a batch that training does not see. */
  snapshot(stepsPerSecond: number, seconds = 0): Snapshot {
    const fresh = this.reports.slice(this.told);
    const stood = this.stood.slice(this.told);
    const validations = this.validations.slice(this.toldValidations);
    const norms = Object.entries(this.layerNorms).map(([layer, list]) => [layer, list.slice(this.told)] as const);
    this.told = this.reports.length;
    this.toldValidations = this.validations.length;
    const { task, seed, changes } = this.settings;
    const { samples, wrong, path = [] } = labTasks[task].examine(this.from(new Random(seed, 8)));
    const clip = this.now("clip");
    const { findings } = diagnose({
      history: {
        records: this.judged(),
        ...(clip > 0 && { clip }),
      },
    });
    return {
      step: this.trainer.taken,
      losses: fresh.map(({ loss }) => loss),
      gradientNorms: fresh.map(({ gradientNorm }) => gradientNorm),
      layerNorms: Object.fromEntries(norms),
      validations,
      stood,
      path,
      changes,
      samples,
      wrong,
      stepsPerSecond,
      seconds,
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

  /** This network, with its weights from a file, outside of the lab. */
  code(): string {
    return runCode(this.settings);
  }

  dispose(): void {
    this.model.dispose();
  }

  /** What a diagnosis reads. The value of a policy gradient's loss says nothing: there it is the pushes that are missing. */
  private judged() {
    const finite = (x: number) => (Number.isFinite(x) ? x : null);
    const poles = this.settings.task === "balance";
    const from = Math.max(0, this.reports.length - RECENT);
    return this.reports.slice(from).map(({ loss, gradientNorm, ...report }, i) => ({
      ...report,
      loss: finite(poles ? LONGEST - this.stood[from + i] : loss),
      gradientNorm: finite(gradientNorm),
    }));
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
        for (const [layer, norms] of Object.entries(this.layerNorms))
          norms.push(globalNorm(parameters.filter(({ name }) => name.startsWith(`${layer}.`))));
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
