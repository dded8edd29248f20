import { logSumExp } from "../core/numeric.js";
import { ctcGreedyDecode } from "../decoding/greedy.js";
import { type CtcSequence, ctcSequence, type Frames, framesNeeded, logSoftmaxFrames } from "../reference/ctc.js";
import type { ReadBatch } from "./batch.js";
import type { Finding } from "./finding.js";
import { percent, rounded } from "./phrases.js";

/** An untrained network gives the blank about 1 / classes; one that has collapsed gives it most of every frame. */
const MOST_OF_FRAMES = 0.5;
/** Share of the sequences, of those with labels, that are read as nothing. */
const EMPTY = 0.95;

/** What a batch costs by what is known of it: means over the sequences that fit. */
export interface BlankReferences {
  readonly sequences: number;
  /** As the outputs are. */
  readonly loss: number;
  /** Of the same outputs if every label were empty: −Σ ln p(blank). */
  readonly emptyLoss: number;
  /** Of outputs that give every class the same probability. */
  readonly uniformLoss: number;
  /** Of the best outputs that are the same at every frame: what can be learnt without reading the input. */
  readonly blindLoss: number;
  /** The mean probability of the blank, and its share of the frames given the labels. */
  readonly blankProbability: number;
  readonly blankOccupancy: number;
  /** The share of frames on which the blank is the likeliest class. */
  readonly blankFrames: number;
  /** Of the sequences with labels, the share that is read as nothing. */
  readonly emptyReadings: number;
}

/** A CTC network that says blank everywhere. */
export function checkBlanks(batch: ReadBatch): Finding[] {
  const found = blankReferences(batch);
  if (found === undefined || found.emptyReadings < EMPTY || found.blankProbability < MOST_OF_FRAMES) return [];
  const { loss, emptyLoss, uniformLoss, blindLoss, blankProbability, blankOccupancy, blankFrames } = found;
  return [
    {
      code: "blank-collapse",
      severity: "warning",
      title: "The network says blank everywhere",
      evidence:
        `The blank is the likeliest class on ${percent(blankFrames)} of the frames, with a mean probability of ${rounded(blankProbability)}; given the labels, ${percent(blankOccupancy)} of the frames are blanks. ` +
        `The loss is ${rounded(loss)}; ${rounded(uniformLoss)} without any preference, ${rounded(blindLoss)} for the best outputs that never change, ${rounded(emptyLoss)} if all labels were empty.`,
      numbers: { ...found },
      remedy:
        "Every CTC network passes through this early on. If it stays: check that frames and labels belong together and that the blank is the same in loss and decoder; raise the learning rate or warm up longer; keep fewer frames for each label; begin with a lower bias of the blank.",
      where: "outputs",
    },
  ];
}

/** Undefined for other losses, and where no sequence with labels fits. */
export function blankReferences({ outputs, kind, labels, options }: ReadBatch): BlankReferences | undefined {
  const inputs = kind?.outputs;
  if (outputs?.shape.length !== 3 || labels === undefined || kind?.targets !== "sequences") return undefined;
  if (inputs !== "logits" && inputs !== "logProbs") return undefined;
  const { data, time, width: classes, lengths } = outputs;
  const blank = (options.blank ?? 0) as number;
  const isClass = (id: number) => Number.isInteger(id) && id >= 0 && id < classes;
  if (!isClass(blank)) return undefined;
  const sound = (list: readonly number[]) => list.every((id) => isClass(id) && id !== blank);
  const chosen = labels.flatMap((list, b) =>
    list.length > 0 && sound(list) && lengths[b] >= framesNeeded(list) ? [b] : [],
  );
  if (chosen.length === 0) return undefined;
  const given = chosen.map((b): Frames => {
    const rows = {
      data: data.subarray(b * time * classes, (b * time + lengths[b]) * classes),
      frames: lengths[b],
      classes,
    };
    return inputs === "logits" ? { ...rows, data: logSoftmaxFrames(rows) } : rows;
  });
  const lists = chosen.map((b) => labels[b]);
  const results = given.map((frames, n) => ctcSequence(frames, lists[n], blank));
  const frames = given.reduce((sum, { frames }) => sum + frames, 0);
  const mean = (losses: readonly number[]) => losses.reduce((sum, loss) => sum + loss, 0) / chosen.length;
  const overFrames = (of: (rows: Frames, t: number, n: number) => number) =>
    given.reduce((sum, rows, n) => {
      for (let t = 0; t < rows.frames; t++) sum += of(rows, t, n);
      return sum;
    }, 0) / frames;
  const constant = (logProbs: ArrayLike<number>) =>
    given.map((rows, n) => ctcSequence(repeated(logProbs, rows.frames), lists[n], blank));
  const readings = ctcGreedyDecode({ data, shape: outputs.shape }, { blank, lengths, inputs });
  return {
    sequences: chosen.length,
    loss: mean(results.map(({ loss }) => loss)),
    emptyLoss: mean(given.map((rows) => ctcSequence(rows, [], blank).loss)),
    uniformLoss: mean(constant(new Float64Array(classes).fill(-Math.log(classes))).map(({ loss }) => loss)),
    blindLoss: mean(bestConstant(constant, classes).map(({ loss }) => loss)),
    blankProbability: overFrames((rows, t) => Math.exp(rows.data[t * classes + blank])),
    blankOccupancy: overFrames((_, t, n) => results[n].posterior[t * classes + blank]),
    blankFrames: overFrames((rows, t) => Number(likeliest(rows, t) === blank)),
    emptyReadings: chosen.filter((b) => readings[b].labels.length === 0).length / chosen.length,
  };
}

/** Rounds of expectation maximisation; the loss changes by less than a thousandth after them. */
const ROUNDS = 20;

/** The likelihood of outputs that never change rises with each round of taking their posterior shares for them. */
function bestConstant(evaluate: (logProbs: Float64Array) => CtcSequence[], classes: number): CtcSequence[] {
  let results = evaluate(new Float64Array(classes).fill(-Math.log(classes)));
  for (let round = 0; round < ROUNDS; round++) {
    const shares = new Float64Array(classes);
    for (const { posterior } of results) posterior.forEach((share, i) => (shares[i % classes] += share));
    const logs = shares.map(Math.log);
    const total = logSumExp(logs);
    results = evaluate(logs.map((x) => x - total));
  }
  return results;
}

function repeated(logProbs: ArrayLike<number>, frames: number): Frames {
  const classes = logProbs.length;
  return { data: Float64Array.from({ length: frames * classes }, (_, i) => logProbs[i % classes]), frames, classes };
}

function likeliest({ data, classes }: Frames, t: number): number {
  let best = 0;
  for (let k = 1; k < classes; k++) if (data[t * classes + k] > data[t * classes + best]) best = k;
  return best;
}
