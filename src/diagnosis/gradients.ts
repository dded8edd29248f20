import type { Finding } from "./finding.js";
import { listed, percent, rounded } from "./phrases.js";

/** How a gradient that begins at one step reaches those before it, in one direction of a recurrent layer. */
export interface GradientReach {
  readonly name: string;
  /** ‖d loss / d h‖ at the step where the gradient begins, one step further from it, two, … */
  readonly norms: ArrayLike<number>;
  /** The loss has no gradient of its own far from where it begins: what these steps learn must come this way. */
  readonly delayed?: boolean;
  /** Of the weights from state to state, where there is one matrix. */
  readonly spectralRadius?: number;
}

/** Euclidean norms of one parameter. */
export interface ParameterNorms {
  readonly name: string;
  readonly weight: number;
  readonly gradient: number;
  /** Of the change that one step of the optimiser makes. */
  readonly update?: number;
}

export interface GradientEvidence {
  readonly reach?: readonly GradientReach[];
  readonly parameters?: readonly ParameterNorms[];
  /** The present learning rate as a share of the run's highest: small updates are a fault only near 1. Default 1. */
  readonly rateShare?: number;
}

/** Shorter sequences have nothing to remember. */
const SHORTEST = 10;
/** What arrives below this share of a gradient is lost beside what other steps send. */
const VANISHED = 1e-4;
const EXPLODED = 1e3;
const BEYOND_CLIPPING = 1e6;
/** The share of a gradient down to which a state is said to remember. */
const REMEMBERED = 0.01;

export function checkGradients({ reach = [], parameters = [], rateShare = 1 }: GradientEvidence): Finding[] {
  const broken = checkFinite(parameters);
  if (broken.length > 0) return broken; // every other number follows from it
  return [...reach.flatMap(checkReach), ...checkUnreached(parameters), ...checkUpdates(parameters, rateShare)];
}

function checkReach({ name, norms, delayed = false, spectralRadius }: GradientReach): Finding[] {
  const count = norms.length;
  const [first, last] = [norms[0], norms[count - 1]];
  if (count < SHORTEST || first === 0) return [];
  const most = Array.from(norms).reduce((most, norm) => (norm <= most ? most : norm), 0); // NaN stays
  const factor = (last / first) ** (1 / (count - 1));
  const radius =
    spectralRadius === undefined ? "" : ` The spectral radius of its recurrent weights is ${rounded(spectralRadius)}.`;
  const numbers = {
    ratio: last / first,
    factor,
    steps: count - 1,
    ...(spectralRadius !== undefined && { spectralRadius }),
  };
  const seen = `A gradient of norm ${rounded(first)} has norm ${rounded(last)} after ${count - 1} steps`;
  if (!(most <= EXPLODED * first)) {
    return [
      {
        code: "gradient-explodes",
        severity: most <= BEYOND_CLIPPING * first ? "warning" : "error",
        title: "Gradients explode on their way through time",
        evidence: `${seen}; the largest is ${rounded(most)}.${radius}`,
        numbers: { ...numbers, most },
        remedy:
          "Clip gradients by their global norm, begin with orthogonal recurrent weights (recurrentWeights), truncate backpropagation to fewer steps, or take an LSTM or a GRU.",
        where: name,
      },
    ];
  }
  if (last >= VANISHED * first) return [];
  const memory = Array.from(norms).findIndex((norm) => norm < REMEMBERED * first);
  const evidence = `${seen}: ${rounded(factor)} times for each. ${percent(REMEMBERED)} is left after ${memory}.${radius}`;
  if (!delayed) {
    return [
      {
        code: "memory-short",
        severity: "note",
        title: "Gradients fade on their way through time",
        evidence,
        numbers: { ...numbers, memory },
        remedy: `No fault where labels depend on what is near. If they depend on what is more than about ${memory} steps away, begin with orthogonal recurrent weights, or a forgetBias of 1 to 3 in an LSTM.`,
        where: name,
      },
    ];
  }
  return [
    {
      code: "gradient-vanishes",
      severity: "warning",
      title: "Gradients vanish on their way through time",
      evidence: `${evidence} The loss has no gradient in the other half of the steps, so all of it must come this way.`,
      numbers: { ...numbers, memory },
      remedy:
        "Take an LSTM with a forgetBias of 1 to 3, or a GRU; begin with orthogonal recurrent weights (recurrentWeights); shorten the sequences; or give earlier steps a loss of their own.",
      where: name,
    },
  ];
}

function checkFinite(parameters: readonly ParameterNorms[]): Finding[] {
  const bad = parameters.filter(({ weight, gradient }) => !Number.isFinite(weight) || !Number.isFinite(gradient));
  if (bad.length === 0) return [];
  const [{ name, weight }] = bad;
  const what = Number.isFinite(weight) ? "gradient" : "weights";
  return [
    {
      code: "gradient-not-finite",
      severity: "error",
      title: "Weights or gradients are not finite",
      evidence: `${bad.length} of ${parameters.length} parameters: ${listed(bad.map((parameter) => parameter.name))}. Of ${name} it is the ${what}.`,
      numbers: { parameters: bad.length },
      remedy:
        what === "weights"
          ? "Go back to a checkpoint before it, lower the learning rate and clip gradients."
          : "Look for outputs or losses that are not finite; if there are none, clip gradients by their global norm.",
      where: name,
    },
  ];
}

/** Parameters whose gradient is exactly 0 while others have one. */
function checkUnreached(parameters: readonly ParameterNorms[]): Finding[] {
  const unreached = parameters.filter(({ gradient }) => gradient === 0);
  if (unreached.length === 0 || unreached.length === parameters.length) return [];
  const names = unreached.map(({ name }) => name);
  return [
    {
      code: "parameter-unreached",
      severity: "warning",
      title: "No gradient reaches some parameters",
      evidence: `The gradient of ${listed(names)} is exactly 0 on this batch.`,
      numbers: { parameters: names.length },
      remedy:
        "Look at what lies between them and the loss: dead units, outputs that are not used, or inputs that are always 0.",
      where: names[0],
    },
  ];
}

/** An update this large replaces a third of a weight in one step. About 1/1000 is usual. */
const TOO_LARGE = 0.3;
/** A million steps to move a weight by its own size. */
const TOO_SMALL = 1e-6;
/** Rates below this share of the highest are small on purpose. */
const NEAR_HIGHEST = 0.5;

function checkUpdates(parameters: readonly ParameterNorms[], rateShare: number): Finding[] {
  const ratios = parameters.flatMap(({ name, weight, update }) =>
    update === undefined || !(weight > 0) ? [] : [{ name, ratio: update / weight }],
  );
  // biases may begin near 0, and most of them does not make a network
  const weights = ratios.filter(({ name }) => /weight/.test(name));
  if (weights.length === 0) return [];
  const largest = weights.reduce((most, other) => (other.ratio > most.ratio ? other : most));
  const finding = (code: "update-too-large" | "update-too-small", title: string, remedy: string): Finding => ({
    code,
    severity: "warning",
    title,
    evidence: `One step changes ${largest.name} by ${rounded(largest.ratio)} of its norm, the most of all weights.`,
    numbers: { ratio: largest.ratio },
    remedy: `${remedy} About 0.001 is usual.`,
    where: largest.name,
  });
  if (largest.ratio > TOO_LARGE) {
    return [finding("update-too-large", "Updates are as large as the weights", "Divide the learning rate by 10.")];
  }
  if (largest.ratio < TOO_SMALL && rateShare >= NEAR_HIGHEST) {
    return [finding("update-too-small", "Updates hardly change the weights", "Multiply the learning rate by 10.")];
  }
  return [];
}
