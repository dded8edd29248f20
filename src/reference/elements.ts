// Losses of one number x against one target y, in float64: value and slope with respect to x. At a corner the slope is 0.

export interface ElementLoss {
  /** `j` is the place of the number within its step, for losses that treat places differently. */
  value(x: number, y: number, j: number): number;
  slope(x: number, y: number, j: number): number;
}

/** (x − y)² */
export const squaredError: ElementLoss = {
  value: (x, y) => (x - y) ** 2, // regression-and-hinge.md (1)
  slope: (x, y) => 2 * (x - y),
};

/** |x − y| */
export const absoluteError: ElementLoss = {
  value: (x, y) => Math.abs(x - y), // regression-and-hinge.md (2)
  slope: (x, y) => Math.sign(x - y),
};

/** d²/2 up to |d| = δ, then δ (|d| − δ/2), d = x − y (Huber 1964). */
export function huber(delta: number): ElementLoss {
  return {
    value(x, y) {
      const distance = Math.abs(x - y);
      return distance <= delta ? distance ** 2 / 2 : delta * (distance - delta / 2); // regression-and-hinge.md (3)
    },
    slope: (x, y) => Math.max(-delta, Math.min(delta, x - y)),
  };
}

/** max(q (y − x), (q − 1)(y − x)) (Koenker and Bassett 1978); `quantiles[j]` is q at place j. */
export function quantile(quantiles: ArrayLike<number>): ElementLoss {
  const at = (j: number) => quantiles[j % quantiles.length];
  return {
    value: (x, y, j) => (x <= y ? at(j) * (y - x) : (1 - at(j)) * (x - y)), // regression-and-hinge.md (4)
    slope: (x, y, j) => (Number.isNaN(x) ? x : x < y ? -at(j) : x > y ? 1 - at(j) : 0),
  };
}

/** −w y ln σ(x) − (1 − y) ln σ(−x), in the form that never subtracts nearly equal numbers. */
export function binaryCrossEntropy(positiveWeight: number): ElementLoss {
  const share = (y: number) => 1 + (positiveWeight - 1) * y;
  return {
    value(x, y) {
      const linear = x >= 0 ? (1 - y) * x : -positiveWeight * y * x;
      return (linear === 0 ? 0 : linear) + share(y) * Math.log1p(Math.exp(-Math.abs(x))); // cross-entropy.md (4)
    },
    slope(x, y) {
      const u = Math.exp(-Math.abs(x));
      const far = (share(y) * u) / (1 + u);
      return x >= 0 ? 1 - y - far : far - positiveWeight * y; // cross-entropy.md (5)
    },
  };
}

/** max(0, m − y x), or its square; y is −1 or 1. */
export function hinge(margin: number, squared: boolean): ElementLoss {
  const missing = (x: number, y: number) => Math.max(0, margin - y * x); // regression-and-hinge.md (5)
  return {
    value: (x, y) => (squared ? missing(x, y) ** 2 : missing(x, y)),
    slope(x, y) {
      const gap = missing(x, y);
      if (Number.isNaN(gap)) return gap;
      return gap > 0 ? (squared ? -2 * y * gap : -y) : 0;
    },
  };
}
