import type { Random } from "../core/random.js";
import { GATES, type Recurrence, type RecurrentWeights } from "../core/recurrence.js";
import { hasKernels } from "../kernels/engine.js";
import { KernelRecurrence } from "../kernels/recurrence.js";
import { ReferenceRecurrence } from "../reference/recurrence.js";
import { type Checkpoint, CheckpointedRecurrence } from "./checkpointed.js";
import { makeOrthogonal, uniformParameter } from "./initialise.js";
import type { Parameter } from "./layer.js";

/** One direction of one layer: its parameters, and what runs it. */
export interface Direction {
  /** weight_ih, weight_hh, bias_ih, bias_hh */
  readonly parameters: readonly Parameter[];
  /** The same, as kernels take them. */
  readonly weights: RecurrentWeights;
  readonly recurrence: Recurrence;
  readonly reverse: boolean;
}

/** What its weights begin with: uniform in ±1/√hidden, but for what is asked for. */
export interface Beginning {
  readonly random: Random;
  readonly orthogonal: boolean;
  /** LSTM only. */
  readonly forgetBias: number | undefined;
}

/** Where it stands in its layer, and how it keeps its tape. */
interface Place {
  readonly level: number;
  readonly reverse: boolean;
  readonly checkpoint: Checkpoint | undefined;
}

type Shape = Pick<RecurrentWeights, "cell" | "nonlinearity" | "inputs" | "hidden">;

export function makeDirection(
  shape: Shape,
  { level, reverse, checkpoint }: Place,
  { random, orthogonal, forgetBias }: Beginning,
): Direction {
  const { cell, inputs, hidden } = shape;
  const rows = GATES[cell] * hidden;
  const suffix = `l${level}${reverse ? "_reverse" : ""}`;
  const draw = (name: string, extents: readonly number[]) =>
    uniformParameter(`${name}_${suffix}`, extents, 1 / Math.sqrt(hidden), random);
  const weightIh = draw("weight_ih", [rows, inputs]);
  const weightHh = draw("weight_hh", [rows, hidden]);
  const biasIh = draw("bias_ih", [rows]);
  const biasHh = draw("bias_hh", [rows]);
  if (orthogonal) makeOrthogonal(weightHh.data, hidden, random);
  if (forgetBias !== undefined) {
    // gates stand in the order i, f, g, o
    biasIh.data.fill(forgetBias, hidden, 2 * hidden);
    biasHh.data.fill(0, hidden, 2 * hidden);
  }
  const arrays = { weightIh: weightIh.data, weightHh: weightHh.data, biasIh: biasIh.data, biasHh: biasHh.data };
  const whole = hasKernels() ? new KernelRecurrence() : new ReferenceRecurrence();
  const recurrence = checkpoint === undefined ? whole : new CheckpointedRecurrence(whole, checkpoint);
  return { parameters: [weightIh, weightHh, biasIh, biasHh], weights: { ...shape, ...arrays }, recurrence, reverse };
}
