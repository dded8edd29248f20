import { SeqlossError } from "../core/errors.js";
import type { Parameter } from "../recurrent/layer.js";

/** What an optimiser keeps between steps: arrays by name, in the parameters' shapes, and the number of steps taken. */
export interface OptimiserState {
  readonly step: number;
  readonly moments: ReadonlyMap<string, Float32Array>;
}

/** Moves parameters against their gradients. Arithmetic in double precision; what is kept is float32, as PyTorch keeps it. */
export interface Optimiser {
  /** The rate of a step that is not given one. */
  readonly learningRate: number;
  step(parameters: readonly Parameter[], learningRate?: number): void;
  state(): OptimiserState;
  restore(state: OptimiserState): void;
}

/** One parameter's share of a step: its arrays, and the named arrays that the optimiser keeps for it. */
interface Update {
  readonly data: Float32Array;
  readonly grad: Float32Array;
  readonly kept: readonly Float32Array[];
  readonly rate: number;
  /** Counted from 1. */
  readonly step: number;
}

function optimiser(learningRate: number, kept: readonly string[], update: (update: Update) => void): Optimiser {
  check("learningRate", learningRate, learningRate >= 0, "a number of at least 0");
  let step = 0;
  let moments = new Map<string, Float32Array>();
  return {
    learningRate,
    step(parameters, rate = learningRate) {
      step++;
      for (const { name, data, grad } of parameters) {
        const arrays = kept.map((kind) => {
          const key = `${name}.${kind}`;
          let array = moments.get(key);
          if (array === undefined) {
            array = new Float32Array(data.length);
            moments.set(key, array);
          }
          return array;
        });
        update({ data, grad, kept: arrays, rate, step });
      }
    },
    state: () => ({ step, moments: new Map([...moments].map(([key, array]) => [key, array.slice()])) }),
    restore(state) {
      step = state.step;
      moments = new Map([...state.moments].map(([key, array]) => [key, array.slice()]));
    },
  };
}

function check(argument: string, found: number, ok: boolean, expected: string): void {
  if (!ok) throw new SeqlossError("optimiser", "VALUE", { argument, expected, found });
}

export interface SgdOptions {
  readonly learningRate: number;
  /** Default 0. */
  readonly momentum?: number;
  /** Look ahead along the momentum (Nesterov 1983). Default false. */
  readonly nesterov?: boolean;
  /** λ of an added λ w. Default 0. */
  readonly weightDecay?: number;
}

/**
 * Stochastic gradient descent with momentum, as PyTorch's: v ← μ v + g (v = g at first), w ← w − η v.
 * @example
 * sgd({ learningRate: 0.1, momentum: 0.9 }).learningRate // 0.1
 */
export function sgd({ learningRate, momentum = 0, nesterov = false, weightDecay = 0 }: SgdOptions): Optimiser {
  check("momentum", momentum, momentum >= 0 && momentum < 1, "a number in [0, 1)");
  return optimiser(learningRate, momentum === 0 ? [] : ["momentum"], ({ data, grad, kept: [velocity], rate, step }) => {
    for (let i = 0; i < data.length; i++) {
      let g = grad[i] + weightDecay * data[i];
      if (velocity !== undefined) {
        velocity[i] = step === 1 ? g : momentum * velocity[i] + g;
        g = nesterov ? g + momentum * velocity[i] : velocity[i];
      }
      data[i] -= rate * g;
    }
  });
}

export interface RmsPropOptions {
  readonly learningRate: number;
  /** Decay of the mean square. Default 0.99. */
  readonly alpha?: number;
  /** Default 1e-8. */
  readonly epsilon?: number;
  /** Default 0. */
  readonly momentum?: number;
  /** λ of an added λ w. Default 0. */
  readonly weightDecay?: number;
}

/**
 * RMSProp (Tieleman and Hinton 2012), as PyTorch's: s ← α s + (1 − α) g², w ← w − η g / (√s + ε).
 * @example
 * rmsProp({ learningRate: 0.01 }).learningRate // 0.01
 */
export function rmsProp(options: RmsPropOptions): Optimiser {
  const { learningRate, alpha = 0.99, epsilon = 1e-8, momentum = 0, weightDecay = 0 } = options;
  check("alpha", alpha, alpha >= 0 && alpha < 1, "a number in [0, 1)");
  check("momentum", momentum, momentum >= 0 && momentum < 1, "a number in [0, 1)");
  const kept = momentum === 0 ? ["square"] : ["square", "momentum"];
  return optimiser(learningRate, kept, ({ data, grad, kept: [square, velocity], rate }) => {
    for (let i = 0; i < data.length; i++) {
      const g = grad[i] + weightDecay * data[i];
      square[i] = alpha * square[i] + (1 - alpha) * g * g;
      let move = g / (Math.sqrt(square[i]) + epsilon);
      if (velocity !== undefined) {
        velocity[i] = momentum * velocity[i] + move;
        move = velocity[i];
      }
      data[i] -= rate * move;
    }
  });
}

export interface AdamOptions {
  readonly learningRate: number;
  /** Decay of the mean gradient. Default 0.9. */
  readonly beta1?: number;
  /** Decay of the mean square. Default 0.999. */
  readonly beta2?: number;
  /** Default 1e-8. */
  readonly epsilon?: number;
  /** Adam: λ of an added λ w, default 0. AdamW: decoupled, w ← w − η λ w, default 0.01. */
  readonly weightDecay?: number;
}

/**
 * Adam (Kingma and Ba 2015, algorithm 1), as PyTorch's.
 * @example
 * adam({ learningRate: 0.001 }).learningRate // 0.001
 */
export function adam(options: AdamOptions): Optimiser {
  const { weightDecay = 0 } = options;
  return adamWith(options, (w, g) => g + weightDecay * w, 0);
}

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2), as PyTorch's.
 * @example
 * adamW({ learningRate: 0.001 }).learningRate // 0.001
 */
export function adamW(options: AdamOptions): Optimiser {
  return adamWith(options, (_, g) => g, options.weightDecay ?? 0.01);
}

function adamWith(options: AdamOptions, gradient: (w: number, g: number) => number, decay: number): Optimiser {
  const { learningRate, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options;
  check("beta1", beta1, beta1 >= 0 && beta1 < 1, "a number in [0, 1)");
  check("beta2", beta2, beta2 >= 0 && beta2 < 1, "a number in [0, 1)");
  return optimiser(learningRate, ["mean", "square"], ({ data, grad, kept: [mean, square], rate, step }) => {
    const size = rate / (1 - beta1 ** step);
    const correction = Math.sqrt(1 - beta2 ** step);
    const keep = 1 - rate * decay;
    for (let i = 0; i < data.length; i++) {
      const g = gradient(data[i], grad[i]);
      mean[i] += (1 - beta1) * (g - mean[i]);
      square[i] = beta2 * square[i] + (1 - beta2) * g * g;
      data[i] = keep * data[i] - (size * mean[i]) / (Math.sqrt(square[i]) / correction + epsilon);
    }
  });
}
