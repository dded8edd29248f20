import { type Explanation, explain, lossCatalogue, type Step } from "../../../src/index.js";
import { type Broken, breaking } from "./lossBreaking.js";
import { type Case, caseOf, entryOf, type Parameter, parametersOf } from "./lossCases.js";
import { typescriptCode } from "./lossCode.js";
import { type Goal, goalsOf, withGoals } from "./lossGoals.js";
import { pytorchCode } from "./lossPytorch.js";

/** The controls of a loss's screen. */
export interface LossState {
  readonly seed: number;
  /** Which of the outputs is moved, as a place in the flat list. */
  readonly place: number;
  /** [place, value] of each output that was changed. */
  readonly edits: readonly (readonly number[])[];
  /** [place in the list of parameters, value] of each that was changed. */
  readonly parameters: readonly (readonly number[])[];
  readonly reduction: "mean" | "sum" | "none";
  /** Real steps of the first sequence; 0 for all. */
  readonly real: number;
  /** What a mean is over; empty for the loss's own way. */
  readonly per: "" | "step" | "sequence";
  /** [place of the step, weight] of each that does not count once. */
  readonly weights: readonly (readonly number[])[];
  /** [place of the target, value] of each that was changed. */
  readonly goals: readonly (readonly number[])[];
  /** Names of up to three losses, parted by commas. */
  readonly versus: string;
}

export interface CurvePoint {
  readonly x: number;
  readonly loss: number;
  readonly slope: number;
}

/** One step of one sequence. */
export interface LossCell {
  readonly sequence: number;
  readonly step: number;
  readonly padded: boolean;
  readonly weight: number;
  /** The loss of this step alone, where the loss is a sum over steps. */
  readonly loss?: number;
  /** The length of the gradient with respect to this step's outputs. */
  readonly gradient: number;
}

export interface LossAnswer {
  /** Every loss, to go on to. */
  readonly names: readonly { readonly name: string; readonly family: string }[];
  readonly name: string;
  readonly family: string;
  readonly summary: string;
  readonly source: string;
  /** What the outputs are called. */
  readonly outputName: string;
  readonly outputs: readonly number[];
  readonly shape: readonly number[];
  readonly targets: unknown;
  /** The targets that can be changed, one for each step; none where labels have no positions. */
  readonly goals: readonly Goal[];
  /** How a step's outputs stand for probabilities, where they do. */
  readonly chances: Chances | undefined;
  /** Whether steps can have weights of their own. */
  readonly weighs: boolean;
  readonly parameters: readonly (Parameter & { readonly value: number })[];
  readonly place: number;
  readonly value: number;
  readonly gradient: readonly number[];
  /** (L(x + h) − L(x − h)) / 2h at the point. */
  readonly difference: number;
  readonly domain: readonly [number, number];
  readonly curve: readonly CurvePoint[];
  /** Where the loss bends: its slope jumps there. */
  readonly kinks: readonly CurvePoint[];
  readonly versus: readonly { readonly name: string; readonly curve: readonly CurvePoint[] }[];
  /** Losses that take the same case. */
  readonly rivals: readonly string[];
  readonly cells: readonly LossCell[];
  /** The target of the moved output's step, where it is a number on the same axis. */
  readonly goal: number | undefined;
  readonly derivation: readonly Step[];
  readonly broken: Broken;
  readonly typescript: string;
  readonly python: string | undefined;
}

export type Chances = "softmax" | "sigmoid" | "logProbs";

const chances: Readonly<Record<string, Chances>> = {
  binaryCrossEntropy: "sigmoid",
  focalLoss: "sigmoid",
  crossEntropy: "softmax",
  categoricalCrossEntropy: "softmax",
  sequenceCrossEntropy: "softmax",
  negativeLogLikelihood: "logProbs",
  ctcLoss: "softmax",
  transducerLoss: "softmax",
  policyGradientLoss: "softmax",
  selfCriticalLoss: "softmax",
};

const POINTS = 161;
const H = 1e-5;
/** Losses at a time beside the one that is shown. */
const RIVALS = 3;

const nest = (data: readonly number[], [size, ...rest]: readonly number[]): unknown =>
  rest.length === 0
    ? data.slice(0, size)
    : Array.from({ length: size }, (_, i) => {
        const width = rest.reduce((a, b) => a * b, 1);
        return nest(data.slice(i * width, (i + 1) * width), rest);
      });

interface Given extends Case {
  readonly place: number;
}

function given(name: string, state: LossState): Given {
  const base = caseOf(entryOf(name), state.seed);
  const outputs = [...base.outputs];
  for (const [place, value] of state.edits) if (place in outputs) outputs[place] = value;
  const parameters = parametersOf(entryOf(name));
  const turned = state.parameters.flatMap(([i, value]): [string, unknown][] => {
    const parameter = parameters[i];
    if (parameter === undefined) return [];
    const kept = Math.min(parameter.most, Math.max(parameter.least, value));
    return [[parameter.name, parameter.kind === "switch" ? kept === 1 : kept]];
  });
  const steps = base.shape[1] ?? 1;
  const padded = state.real > 0 && state.real < steps;
  const lengths = padded ? { lengths: [state.real, ...new Array(base.shape[0] - 1).fill(steps)] } : {};
  const reduction = state.reduction === "mean" ? {} : { reduction: state.reduction };
  const per = state.per === "" || state.reduction !== "mean" ? {} : { per: state.per };
  return {
    ...base,
    outputs,
    targets: withGoals(entryOf(name), base, state.goals),
    options: {
      ...base.options,
      ...Object.fromEntries(turned),
      ...reduction,
      ...per,
      ...lengths,
      ...weightsOf(name, base, state.weights),
    },
    place: Math.min(state.place, outputs.length - 1),
  };
}

/** Losses whose steps have weights of their own: those that are sums over steps. */
const weighs = (name: string): boolean => isSum(entryOf(name)) || entryOf(name).family === "ranking";

const isSum = ({ name, family }: { readonly name: string; readonly family: string }): boolean =>
  ["regression", "tokens", "margin"].includes(family) || /^sequence/.test(name);

function weightsOf(name: string, { shape }: Case, changed: LossState["weights"]): { weights?: number[][] } {
  const [sequences, steps] = [shape[0], shape[1] ?? 1];
  const kept = changed.filter(([at, weight]) => at < sequences * steps && weight !== 1);
  if (kept.length === 0 || !weighs(name)) return {};
  const weights = Array.from({ length: sequences }, () => new Array<number>(steps).fill(1));
  for (const [at, weight] of kept) weights[Math.floor(at / steps)][at % steps] = weight;
  return { weights };
}

/** Runs the loss on a case with one output moved. */
const at = (name: string, { outputs, shape, targets, options, place }: Given, x: number, gradient = true) => {
  const data = Float64Array.from(outputs);
  data[place] = x;
  return entryOf(name).compute({ data, shape: [...shape] }, targets, { ...options, gradient });
};

function curveOf(name: string, case_: Given, [least, most]: readonly [number, number]): CurvePoint[] {
  return Array.from({ length: POINTS }, (_, i) => {
    const x = least + ((most - least) * i) / (POINTS - 1);
    const { value, grad } = at(name, case_, x);
    return { x, loss: value, slope: grad.data[case_.place] };
  });
}

/** Where the slope jumps: each jump between two points is closed in on, and is one if it is still there at the end. */
function kinksOf(name: string, case_: Given, curve: readonly CurvePoint[]): CurvePoint[] {
  const slopes = curve.map(({ slope }) => slope).filter(Number.isFinite);
  const range = slopes.reduce((a, b) => Math.max(a, b), 0) - slopes.reduce((a, b) => Math.min(a, b), 0);
  const slopeAt = (x: number) => at(name, case_, x).grad.data[case_.place];
  return curve.slice(1).flatMap((after, i) => {
    const jump = Math.abs(after.slope - curve[i].slope);
    if (!(jump > 0.05 * range)) return [];
    let [left, right] = [curve[i], after];
    for (let round = 0; round < 24; round++) {
      const x = (left.x + right.x) / 2;
      const middle = { x, loss: Number.NaN, slope: slopeAt(x) };
      if (Math.abs(middle.slope - left.slope) > Math.abs(right.slope - middle.slope)) right = middle;
      else left = middle;
    }
    if (!(Math.abs(right.slope - left.slope) > 0.4 * jump)) return [];
    return [{ x: right.x, loss: at(name, case_, right.x, false).value, slope: right.slope }];
  });
}

function rivalsOf(name: string, case_: Given): string[] {
  const { family } = entryOf(name);
  const apart = ["ctcLoss", "transducerLoss", "negativeLogLikelihood", "minimumRiskLoss"];
  return [...lossCatalogue.keys()].filter((other) => {
    if (other === name || apart.includes(other) || apart.includes(name) || entryOf(other).family !== family)
      return false;
    try {
      return Number.isFinite(at(other, { ...case_, options: caseOf(entryOf(other), 1).options }, 0).value);
    } catch {
      return false;
    }
  });
}

function cellsOf(name: string, case_: Given, gradient: ArrayLike<number>): LossCell[] {
  const { shape, outputs, targets, options } = case_;
  const [sequences, steps] = [shape[0], shape[1] ?? 1];
  const width = outputs.length / (sequences * steps);
  const real = (options.lengths as number[] | undefined)?.[0] ?? steps;
  const weights = options.weights as number[][] | undefined;
  const alone = isSum(entryOf(name));
  return Array.from({ length: sequences * steps }, (_, i) => {
    const [b, t] = [Math.floor(i / steps), i % steps];
    const padded = b === 0 && t >= real;
    const norm = Math.hypot(...Array.from({ length: width }, (_, k) => gradient[i * width + k]));
    const cell = { sequence: b, step: t, padded, gradient: norm, weight: weights?.[b][t] ?? 1 };
    if (!alone || padded) return cell;
    const own = outputs.slice(i * width, (i + 1) * width);
    const goal = (targets as unknown[][])[b][t];
    const { lengths: _l, reduction: _r, per: _p, weights: _w, ...rest } = options;
    const { value } = entryOf(name).compute([[shape.length > 2 ? own : own[0]]], [[goal]], {
      ...rest,
      reduction: "sum",
    });
    return { ...cell, loss: value };
  });
}

/** Everything that a loss's screen shows. */
export function lossScreen(name: string, state: LossState): LossAnswer {
  const entry = entryOf(name);
  const case_ = given(name, state);
  const { outputs, shape, targets, options, place } = case_;
  const x = outputs[place];
  const { value, grad } = at(name, case_, x);
  const logProbs = entry.outputs[0] === "logProbs";
  const reach = Math.max(5, Math.ceil(Math.abs(x) / 5) * 5);
  const domain: readonly [number, number] = logProbs ? [-reach - 1, 0] : [-reach, reach];
  const rivals = rivalsOf(name, case_);
  const versus = [...new Set(state.versus.split(","))].filter((other) => rivals.includes(other)).slice(0, RIVALS);
  const curve = curveOf(name, case_, domain);
  const goal = entry.family === "regression" ? (targets as number[][]).flat()[place] : undefined;
  const explained: Explanation = explain(name, {
    outputs: { data: Float64Array.from(outputs), shape: [...shape] },
    targets,
    options,
  });
  const nested = nest(outputs, shape);
  const versusOptions = (other: string) => {
    const shared = ["lengths", "reduction", "per", "weights"].filter((option) => option in options);
    return { ...caseOf(entryOf(other), 1).options, ...Object.fromEntries(shared.map((one) => [one, options[one]])) };
  };
  return {
    names: names().map(({ name, family }) => ({ name, family })),
    name,
    family: entry.family,
    summary: entry.summary,
    source: explained.source,
    outputName: entry.outputs[0],
    outputs,
    shape,
    targets,
    goals: goalsOf(entry, case_),
    chances: chances[name],
    weighs: weighs(name),
    parameters: parametersOf(entry).map((parameter) => ({
      ...parameter,
      value: Number(options[parameter.name] ?? parameter.initial),
    })),
    place,
    value,
    gradient: Array.from(grad.data as ArrayLike<number>),
    difference: (at(name, case_, x + H, false).value - at(name, case_, x - H, false).value) / (2 * H),
    domain,
    curve,
    kinks: kinksOf(name, case_, curve),
    versus: versus.map((other) => ({
      name: other,
      curve: curveOf(other, { ...case_, options: versusOptions(other) }, domain),
    })),
    rivals,
    cells: cellsOf(name, case_, grad.data as ArrayLike<number>),
    goal,
    derivation: explained.steps,
    broken: breaking(name),
    typescript: typescriptCode(name, nested, targets, options),
    python: pytorchCode(name, nested, targets, options),
  };
}

/** Every loss, in the order of the catalogue. */
export const names = (): { name: string; family: string; summary: string }[] =>
  [...lossCatalogue.values()].map(({ name, family, summary }) => ({ name, family, summary }));

export interface LossCard {
  readonly name: string;
  readonly family: string;
  readonly summary: string;
  readonly curve: readonly CurvePoint[];
}

/** A loss's screen before anything is changed. */
export const atRest: LossState = {
  seed: 1,
  place: 0,
  edits: [],
  parameters: [],
  reduction: "mean",
  real: 0,
  per: "",
  weights: [],
  goals: [],
  versus: "",
};

/** Every loss with its curve along its first output. */
export function gallery(): LossCard[] {
  return names().map(({ name, family, summary }) => {
    const case_ = given(name, atRest);
    const domain = entryOf(name).outputs[0] === "logProbs" ? ([-6, 0] as const) : ([-5, 5] as const);
    return { name, family, summary, curve: curveOf(name, case_, domain).filter((_, i) => i % 4 === 0) };
  });
}
