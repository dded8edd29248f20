import { SeqlossError } from "../core/errors.js";
import { Random } from "../core/random.js";
import { flatten, isTensor, placeOf, type Tensor, type TensorLike } from "../core/tensor.js";
import type { LossOptions, LossResult } from "./reduction.js";

export interface GradientCheckOptions {
  /** Half the distance of the two values that a difference is taken of. Default 1e-5. */
  readonly step?: number;
  /** Accepted error, absolute and relative to the gradient. Default 1e-6. */
  readonly tolerance?: number;
  /** Up to this many numbers each is checked; beyond, `directions` random directions are. Default 200. */
  readonly coordinates?: number;
  /** Default 20. */
  readonly directions?: number;
  /** Of the random directions. Default 0. */
  readonly seed?: number;
}

export interface Difference {
  /** Place in the outputs: [2, 0, 5]; empty for a random direction. */
  readonly index: readonly number[];
  readonly analytic: number;
  readonly numeric: number;
  /** |analytic − numeric| / (1 + |numeric|) */
  readonly error: number;
}

export interface GradientCheck {
  readonly passed: boolean;
  /** How many coordinates or directions were compared. */
  readonly checked: number;
  /** The largest disagreement; undefined where nothing was compared. */
  readonly worst: Difference | undefined;
  /** Where the slopes from left and right differ: the loss has a corner there, and no difference can tell its gradient. */
  readonly corners: readonly Difference[];
}

/**
 * Compares a loss's gradient with central differences of its value, in float64. For any loss of this library, and for any
 * function that returns `{ value, grad }`.
 *
 * @param options the loss's own options; they are passed on
 * @throws SeqlossError (VALUE) when the loss is not finite: there is no slope to compare
 * @example
 * checkGradient(ctcLoss, [[[1, 0, 2], [0, 1, 0]]], [[1]]).passed // true
 */
export function checkGradient<Targets, Options extends LossOptions>(
  loss: (outputs: Tensor, targets: Targets, options: Options) => Pick<LossResult, "value" | "grad">,
  outputs: TensorLike,
  targets: Targets,
  options: Options = {} as Options,
  check: GradientCheckOptions = {},
): GradientCheck {
  const { step = 1e-5, tolerance = 1e-6, coordinates = 200, directions = 20, seed = 0 } = check;
  const { data, shape, lengths } = exactCopy(outputs);
  const passedOn = lengths === undefined ? options : { lengths, ...options };
  const valueAt = (point: Float64Array) => loss({ data: point, shape }, targets, passedOn).value;
  const { value, grad } = loss({ data: data.slice(), shape }, targets, { ...passedOn, gradient: true });
  if (!Number.isFinite(value)) {
    throw new SeqlossError("checkGradient", "VALUE", {
      argument: "the loss",
      expected: "a finite value",
      found: value,
    });
  }
  const random = new Random(seed);
  const each = data.length <= coordinates;
  const found = Array.from({ length: each ? data.length : directions }, (_, n) => {
    const direction = each ? undefined : unitVector(data.length, random);
    const move = (by: number) => {
      const point = data.slice();
      if (direction === undefined) point[n] += by;
      else direction.forEach((d, i) => (point[i] += by * d));
      return valueAt(point);
    };
    const [right, left] = [move(step), move(-step)];
    const numeric = (right - left) / (2 * step);
    const analytic =
      direction === undefined ? grad.data[n] : direction.reduce((sum, d, i) => sum + d * grad.data[i], 0);
    const error = Math.abs(analytic - numeric) / (1 + Math.abs(numeric));
    const bend = Math.abs((right - value) / step - (value - left) / step) / (1 + Math.abs(numeric));
    return { index: direction === undefined ? placeOf(n, shape) : [], analytic, numeric, error, corner: bend > 0.01 };
  });
  const strip = ({ index, analytic, numeric, error }: (typeof found)[number]): Difference => ({
    index,
    analytic,
    numeric,
    error,
  });
  const corners = found.filter(({ corner, error }) => corner && error > tolerance).map(strip);
  const smooth = found.filter(({ corner, error }) => !(corner && error > tolerance));
  const worst = smooth.reduce<(typeof found)[number] | undefined>(
    (most, next) => (most === undefined || !(next.error <= most.error) ? next : most),
    undefined,
  );
  return {
    passed: worst === undefined || worst.error <= tolerance,
    checked: smooth.length,
    worst: worst && strip(worst),
    corners,
  };
}

function exactCopy(outputs: TensorLike): { data: Float64Array; shape: readonly number[]; lengths?: Int32Array } {
  if (isTensor(outputs)) return { data: Float64Array.from(outputs.data), shape: outputs.shape };
  return flatten("checkGradient", "outputs", outputs);
}

function unitVector(size: number, random: Random): Float64Array {
  const direction = Float64Array.from({ length: size }, () => random.normal());
  const length = Math.sqrt(direction.reduce((sum, d) => sum + d * d, 0));
  return direction.map((d) => d / length);
}
