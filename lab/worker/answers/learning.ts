// How far back a gradient reaches while a network learns to echo, and what its outputs look at then.
import {
  adam,
  dense,
  elman,
  gru,
  type Layer,
  lstm,
  padSequences,
  Random,
  sequential,
  Trainer,
} from "../../../src/index.js";
import { drawRecurrent } from "../spectralRadius.js";
import { LAG, LETTERS, labTasks, oneHot } from "../train/tasks.js";
import { reachOf } from "./gradients.js";

/** The controls that a training on the gradients screen depends on. */
export interface LearningState {
  readonly cell: "elman" | "lstm" | "gru";
  readonly hidden: number;
  /** Of the recurrent weights before the first step, where the cell is Elman's. */
  readonly radius: number;
  readonly seed: number;
  readonly text: string;
}

export interface LearningAnswer {
  /** Which settings it was trained with. */
  readonly key: string;
  /** What is to be said: the letter this many steps before. */
  readonly lag: number;
  /** Training steps taken before each row. */
  readonly steps: readonly number[];
  /** log10 of the norm of a gradient of length 1 at the last step, 0, 1, 2 … steps before it: a row for each of `steps`. */
  readonly reach: readonly (readonly number[])[];
  readonly losses: readonly number[];
}

export interface SaliencyAnswer {
  readonly inputs: readonly string[];
  /** What the network says at each step. */
  readonly outputs: readonly string[];
  /** ‖∂ (the logit of what it says at t) / ∂ x_k‖: [t][k]. */
  readonly shares: readonly (readonly number[])[];
}

const STEPS = 300;
const EVERY = 10;
const LENGTH = 20;
const SMALLEST = -12;
const cells = { elman, lstm, gru };

export const keyOf = ({ cell, hidden, radius, seed }: LearningState): string =>
  [cell, hidden, cell === "elman" ? radius : "", seed].join(" ");

interface Trained {
  readonly answer: LearningAnswer;
  readonly model: Layer;
}

/** The network that was trained last. */
let latest: Trained | undefined;

function train(state: LearningState): Trained {
  const { cell, hidden, radius, seed } = state;
  const rnn = cells[cell]({ inputs: LETTERS.length, hidden, seed, ...(cell === "lstm" && { forgetBias: 1 }) });
  if (cell === "elman") drawRecurrent(rnn.parameters[1].data, hidden, { radius, seed });
  const model = sequential({ rnn, head: dense({ inputs: hidden, outputs: LETTERS.length, seed: seed + 1 }) });
  const trainer = new Trainer({ model, optimiser: adam({ learningRate: 0.01 }), clip: 1, seed });
  const random = new Random(seed, 7);
  const draw = (from: Random) => labTasks.echo.draw({ random: from, length: LENGTH, loss: "crossEntropy", model });
  const { inputs } = draw(new Random(seed, 8));
  const look = () =>
    reachOf(rnn, inputs, seed).map((norm) => Math.round(100 * Math.max(SMALLEST, Math.log10(norm))) / 100);
  const steps = [0];
  const reach = [look()];
  const losses: number[] = [];
  for (let step = 1; step <= STEPS; step++) {
    losses.push(trainer.step([draw(random)]).loss);
    if (step % EVERY > 0) continue;
    steps.push(step);
    reach.push(look());
  }
  const shown = losses.filter((_, i) => (i + 1) % EVERY === 0).map((loss) => Number(loss.toPrecision(4)));
  return { answer: { key: keyOf(state), lag: LAG, steps, reach, losses: shown }, model };
}

function trained(state: LearningState): Trained {
  if (latest?.answer.key === keyOf(state)) return latest;
  latest?.model.dispose();
  latest = train(state);
  return latest;
}

/** Trains a network to echo, and looks at how far back a gradient reaches, every ten steps. */
export const learning = (state: LearningState): LearningAnswer => trained(state).answer;

/** What each output of the trained network depends on, in a text of the reader's: other letters than it knows are left out. */
export function saliency(state: LearningState): SaliencyAnswer {
  const ids = Array.from(state.text.toLowerCase(), (letter) => LETTERS.indexOf(letter)).filter((id) => id >= 0);
  if (ids.length === 0) return { inputs: [], outputs: [], shares: [] };
  const { model } = trained(state);
  const width = LETTERS.length;
  const inputs = padSequences([oneHot(ids, width)], width);
  const said = ids.map(() => 0);
  const shares = ids.map((_, t) => {
    const { data, shape } = model.forward(inputs, { training: true });
    const row = data.subarray(t * width, (t + 1) * width);
    said[t] = row.indexOf(Math.max(...row));
    const grad = new Float32Array(data.length);
    grad[t * width + said[t]] = 1;
    const back = model.backward({ data: grad, shape }).data;
    return ids.map((_, k) => Number(Math.hypot(...back.subarray(k * width, (k + 1) * width)).toPrecision(4)));
  });
  return { inputs: ids.map((id) => LETTERS[id]), outputs: said.map((id) => LETTERS[id]), shares };
}
