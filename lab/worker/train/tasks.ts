// Small tasks that a browser learns in seconds: data without end, drawn from a seed.
import {
  crossEntropy,
  ctcGreedyDecode,
  ctcLoss,
  huberLoss,
  type Labels,
  type Layer,
  meanAbsoluteError,
  meanSquaredError,
  multiclassHingeLoss,
  padSequences,
  type Random,
  type SequenceBatch,
  type TrainingBatch,
} from "../../../src/index.js";
import { balance } from "./balance.js";
import type { PoleMoment, Sample, TaskName } from "./settings.js";
import { type Picture, ROWS, writtenNumber } from "./strokes.js";
import { TEXT } from "./text.js";

export interface DrawnBatch extends TrainingBatch {
  /** How long the poles stood on average, where there are some. */
  readonly stood?: number;
}

/** A batch whose outputs can be shown to people. */
interface ShownBatch extends DrawnBatch {
  /** What the network said, beside what it should have. */
  samples(outputs: SequenceBatch): Sample[];
}

/** What a batch is drawn from. */
export interface Draw {
  readonly random: Random;
  readonly length: number;
  /** By its name in the library. */
  readonly loss: string;
  /** Its pushes make the data where poles are balanced. */
  readonly model: Layer;
}

/** How the network does on what training does not see. */
export interface Examined {
  readonly samples: readonly Sample[];
  /** The share of symbols, sums, numbers or poles that went wrong. */
  readonly wrong: number;
  readonly path?: readonly PoleMoment[];
}

export interface LabTask {
  readonly inputs: number;
  readonly outputs: number;
  readonly bidirectional: boolean;
  draw(from: Draw): DrawnBatch;
  examine(from: Draw): Examined;
  /** The loss of a batch, where it says something. */
  validate?(from: Draw): number;
}

/** Symbol by symbol where positions match up, else sequence by sequence. */
function wrongShare(samples: readonly Sample[]): number {
  const all = samples.flatMap(({ wrong }) => (wrong.length === 0 ? [false] : wrong));
  return all.filter(Boolean).length / all.length;
}

/** A task whose data are there whatever the network does. */
function supervised(task: Omit<LabTask, "draw" | "examine" | "validate"> & { draw(from: Draw): ShownBatch }): LabTask {
  return {
    ...task,
    examine(from) {
      const batch = task.draw(from);
      const samples = batch.samples(from.model.forward(batch.inputs, { training: false }));
      return { samples: samples.slice(0, 3), wrong: wrongShare(samples) };
    },
    validate(from) {
      const batch = task.draw(from);
      return batch.loss(from.model.forward(batch.inputs, { training: false })).value;
    },
  };
}

const SIZE = 16;
const list = <Item>(size: number, make: (i: number) => Item): Item[] => Array.from({ length: size }, (_, i) => make(i));

const rowOf = ({ data, shape }: SequenceBatch, b: number, t: number) => {
  const width = shape[2];
  return data.subarray((b * shape[1] + t) * width, (b * shape[1] + t + 1) * width);
};
const largest = (row: Float32Array): number => row.indexOf(Math.max(...row));

export function oneHot(ids: readonly number[], classes: number): Float32Array {
  const data = new Float32Array(ids.length * classes);
  ids.forEach((id, t) => (data[t * classes + id] = 1));
  return data;
}

/** A class a step, with the loss and the samples that go with it. */
function classesBatch(inputs: number[][], targets: number[][], letters: string, loss: string): ShownBatch {
  const classes = letters.length;
  const compute = loss === "multiclassHingeLoss" ? multiclassHingeLoss : crossEntropy;
  const text = (ids: readonly number[]) => ids.map((id) => letters[id]).join("");
  return {
    inputs: padSequences(
      inputs.map((ids) => oneHot(ids, classes)),
      classes,
    ),
    loss: (outputs) => compute(outputs, targets),
    samples: (outputs) =>
      list(SIZE, (b) => {
        const said = targets[b].map((_, t) => largest(rowOf(outputs, b, t)));
        return {
          input: text(inputs[b]),
          target: text(targets[b]),
          output: text(said),
          wrong: said.map((id, t) => id !== targets[b][t]),
        };
      }),
  };
}

/** Echo: what is said at a step came this many steps before. */
export const LAG = 4;
export const LETTERS = "abcdefgh";

/** Say at each step what came four steps before; before that, the first letter. */
const echo = supervised({
  inputs: LETTERS.length,
  outputs: LETTERS.length,
  bidirectional: false,
  draw({ random, length, loss }) {
    const inputs = list(SIZE, () => list(length, () => random.integer(LETTERS.length)));
    const targets = inputs.map((ids) => ids.map((_, t) => ids[t - LAG] ?? 0));
    return classesBatch(inputs, targets, LETTERS, loss);
  },
});

/** Say at every step which letter came first. */
const recall = supervised({
  inputs: LETTERS.length,
  outputs: LETTERS.length,
  bidirectional: false,
  draw({ random, length, loss }) {
    const inputs = list(SIZE, () => list(length, () => random.integer(LETTERS.length)));
    const targets = inputs.map((ids) => ids.map(() => ids[0]));
    return classesBatch(inputs, targets, LETTERS, loss);
  },
});

/** Say at every step whether the ones so far are an odd number: one wrong bit turns all that follow. */
const parity = supervised({
  inputs: 2,
  outputs: 2,
  bidirectional: false,
  draw({ random, length, loss }) {
    const inputs = list(SIZE, () => list(length, () => random.integer(2)));
    const targets = inputs.map((bits) => {
      let odd = 0;
      return bits.map((bit) => (odd ^= bit));
    });
    return classesBatch(inputs, targets, "01", loss);
  },
});

const distances: Readonly<Record<string, typeof meanAbsoluteError>> = {
  meanSquaredError,
  meanAbsoluteError,
  huberLoss,
};

/** Numbers come by, two of them marked: at the end, say their sum (Hochreiter and Schmidhuber 1997, experiment 4). */
const adding = supervised({
  inputs: 2,
  outputs: 1,
  bidirectional: false,
  draw({ random, length, loss }) {
    const cases = list(2 * SIZE, () => {
      const numbers = list(length, () => random.uniform());
      const half = Math.max(1, Math.floor(length / 2));
      const marked = [random.integer(half), Math.min(length - 1, half + random.integer(Math.max(1, length - half)))];
      return { numbers, marked, sum: numbers[marked[0]] + numbers[marked[1]] };
    });
    const inputs = padSequences(
      cases.map(({ numbers, marked }) => Float32Array.from(numbers.flatMap((x, t) => [x, Number(marked.includes(t))]))),
      2,
    );
    const targets = cases.map(({ numbers, sum }) => numbers.map((_, t) => (t === length - 1 ? sum : 0)));
    const weights = cases.map(({ numbers }) => numbers.map((_, t) => Number(t === length - 1)));
    return {
      inputs,
      loss({ data, shape }) {
        const { grad, ...result } = distances[loss]({ data, shape: shape.slice(0, 2) }, targets, { weights });
        return { ...result, grad: { data: grad.data, shape } };
      },
      samples: (outputs) =>
        list(SIZE, (b) => {
          const { numbers, marked, sum } = cases[b];
          const said = rowOf(outputs, b, length - 1)[0];
          return {
            input: marked.map((t) => numbers[t].toFixed(2)).join(" + "),
            target: sum.toFixed(2),
            output: said.toFixed(2),
            wrong: [Math.abs(said - sum) > 0.1],
          };
        }),
    };
  },
});

const alphabet = [...new Set(TEXT)].toSorted().join("");

/** The next character of a text. */
const language = supervised({
  inputs: alphabet.length,
  outputs: alphabet.length,
  bidirectional: false,
  draw({ random, length, loss }) {
    const ids = list(SIZE, () => {
      const from = random.integer(TEXT.length - length - 1);
      return Array.from(TEXT.slice(from, from + length + 1), (letter) => alphabet.indexOf(letter));
    });
    const inputs = ids.map((one) => one.slice(0, -1));
    const targets = ids.map((one) => one.slice(1));
    return classesBatch(inputs, targets, alphabet, loss);
  },
});

/** Each column with its neighbours: what the network sees at a frame. */
const SEEN = 3 * ROWS;

export function frames({ columns, ink }: Picture): Float32Array {
  const data = new Float32Array(columns * SEEN);
  for (let x = 0; x < columns; x++) {
    for (let d = -1; d <= 1; d++) {
      if (x + d < 0 || x + d >= columns) continue;
      data.set(ink.subarray((x + d) * ROWS, (x + d + 1) * ROWS), x * SEEN + (d + 1) * ROWS);
    }
  }
  return data;
}

const spoken = (ids: ArrayLike<number>): string => Array.from(ids, (id) => id - 1).join("");

/** Numbers in handwriting, read without being told where a digit is. */
const digits = supervised({
  inputs: SEEN,
  outputs: 11,
  bidirectional: true,
  draw({ random, length }) {
    const most = Math.min(6, Math.max(1, Math.round(length)));
    const numbers = list(SIZE, () => list(1 + random.integer(most), () => random.integer(10)));
    const pictures = numbers.map((number) => writtenNumber(number, random));
    const inputs = padSequences(pictures.map(frames), SEEN);
    const labels: Labels = numbers.map((number) => number.map((digit) => digit + 1));
    return {
      inputs,
      loss: (outputs) => ctcLoss(outputs, labels, { lengths: outputs.lengths }),
      samples: (outputs) => {
        const read = ctcGreedyDecode(outputs, { lengths: outputs.lengths });
        return list(SIZE, (b) => {
          const [target, output] = [numbers[b].join(""), spoken(read[b].labels)];
          const { columns, ink } = pictures[b];
          const picture = { columns, rows: ROWS, ink: Array.from(ink) };
          return { input: target, target, output, picture, wrong: target === output ? [] : [true] };
        });
      },
    };
  },
});

export const labTasks: Readonly<Record<TaskName, LabTask>> = {
  echo,
  recall,
  parity,
  adding,
  language,
  digits,
  balance,
};
