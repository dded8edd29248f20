import { type Explanation, explain, lossCatalogue, type Step } from "../../../src/index.js";
import { type Broken, breaking } from "./lossBreaking.js";
import { type Case, caseOf, entryOf, type Parameter, parametersOf } from "./lossCases.js";
import { typescriptCode } from "./lossCode.js";
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
  /** The loss of this step alone, where the loss is a sum over steps. */
  readonly loss?: number;
  /** The length of the gradient with respect to this step's outputs. */
  readonly gradient: number;
}

export interface LossAnswer {
  readonly name: string;
  readonly family: string;
  readonly summary: string;
  readonly source: string;
  /** What the outputs are called. */
  readonly outputName: string;
  readonly outputs: readonly number[];
  readonly shape: readonly number[];
  readonly targets: unknown;
  readonly parameters: readonly (Parameter & { readonly value: number })[];
  readonly place: number;
  readonly value: number;
  readonly gradient: readonly number[];
  /** (L(x + h) − L(x − h)) / 2h at the point. */
  readonly difference: number;
  readonly domain: readonly [number, number];
  readonly curve: readonly CurvePoint[];
  readonly versus: { readonly name: string; readonly curve: readonly CurvePoint[] } | undefined;
  /** Losses that take the same case. */
  readonly rivals: readonly string[];
  readonly cells: readonly LossCell[];
  /** The target of the moved output's step, where it is a number on the same axis. */
  readonly goal: number | undefined;
  readonly derivation: readonly Step[];
  readonly broken: Broken | undefined;
  readonly typescript: string;
  readonly python: string | undefined;
}

const POINTS = 161;
const H = 1e-5;

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
  return {
    ...base,
    outputs,
    options: { ...base.options, ...Object.fromEntries(turned), ...reduction, ...lengths },
    place: Math.min(state.place, outputs.length - 1),
  };
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
  const alone = ["regression", "tokens", "margin"].includes(entryOf(name).family) || /^sequence/.test(name);
  return Array.from({ length: sequences * steps }, (_, i) => {
    const [b, t] = [Math.floor(i / steps), i % steps];
    const padded = b === 0 && t >= real;
    const norm = Math.hypot(...Array.from({ length: width }, (_, k) => gradient[i * width + k]));
    const cell = { sequence: b, step: t, padded, gradient: norm };
    if (!alone || padded) return cell;
    const own = outputs.slice(i * width, (i + 1) * width);
    const goal = (targets as unknown[][])[b][t];
    const { lengths: _l, reduction: _r, ...rest } = options;
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
  const versus = rivals.includes(state.versus) ? state.versus : undefined;
  const goal = entry.family === "regression" ? (targets as number[][]).flat()[place] : undefined;
  const explained: Explanation = explain(name, {
    outputs: { data: Float64Array.from(outputs), shape: [...shape] },
    targets,
    options,
  });
  const nested = nest(outputs, shape);
  const versusOptions = (other: string) => {
    const { lengths, reduction } = options;
    return {
      ...caseOf(entryOf(other), 1).options,
      ...(lengths ? { lengths } : {}),
      ...(reduction ? { reduction } : {}),
    };
  };
  return {
    name,
    family: entry.family,
    summary: entry.summary,
    source: explained.source,
    outputName: entry.outputs[0],
    outputs,
    shape,
    targets,
    parameters: parametersOf(entry).map((parameter) => ({
      ...parameter,
      value: Number(options[parameter.name] ?? parameter.initial),
    })),
    place,
    value,
    gradient: Array.from(grad.data as ArrayLike<number>),
    difference: (at(name, case_, x + H, false).value - at(name, case_, x - H, false).value) / (2 * H),
    domain,
    curve: curveOf(name, case_, domain),
    versus:
      versus === undefined
        ? undefined
        : { name: versus, curve: curveOf(versus, { ...case_, options: versusOptions(versus) }, domain) },
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

const atRest: LossState = {
  seed: 1,
  place: 0,
  edits: [],
  parameters: [],
  reduction: "mean",
  real: 0,
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
