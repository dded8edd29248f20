import {
  type Divergence,
  divergences,
  generateProblem,
  lectureProblems,
  type Problem,
  type ProblemKind,
  problemKinds,
  readProblem,
  SeqlossError,
  type SolvedAlignments,
  solveAlignments,
  solveProblem,
} from "../index.js";
import { colour } from "./colour.js";
import { EXIT, Failure } from "./failure.js";
import { readInput, sourceName } from "./input.js";
import { parseJson, toJson } from "./json.js";
import { suggest, suggestNear } from "./suggest.js";
import { renderTable } from "./table.js";

export interface SolveFlags {
  readonly generate?: string;
  readonly seed: number;
  readonly frames?: number;
  readonly problemOnly?: boolean;
  readonly template?: string;
  readonly json?: boolean;
}

/** A problem, where it comes from, and the lecture's printed answer to it. */
interface Posed {
  readonly title: string;
  readonly problem: Problem;
  readonly divergences?: readonly Divergence[];
  readonly printed?: { readonly sum: number; readonly loss: number };
  readonly printedMean?: number;
}

/** seqloss solve hello|deep|123|hinge|FILE: a worked problem, with what is wrong with it. */
export async function solve(name: string | undefined, flags: SolveFlags): Promise<void> {
  if (flags.template !== undefined) return print(toJson(generateProblem(readKind(flags.template), 1)));
  const posed = await pose(name, flags);
  if (flags.problemOnly) return print(toJson(posed.problem));
  if (flags.frames !== undefined && posed.problem.kind !== "alignments") {
    throw new Failure(EXIT.usage, "--frames goes with a problem of listed alignments.");
  }
  const { problem } = posed;
  if (problem.kind === "alignments") {
    const solved = solveAlignments(problem, flags.frames === undefined ? undefined : [flags.frames]);
    return print(flags.json ? toJson({ ...posed, solved: plain(solved) }) : renderAlignments(posed, problem, solved));
  }
  const steps = solveProblem(problem);
  print(flags.json ? toJson({ ...posed, steps }) : renderSteps(posed, steps));
}

const print = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

/** Counts as JSON has them. */
const plain = (solved: SolvedAlignments) => ({
  ...solved,
  complete: solved.complete.map((one) => ({ ...one, alignments: Number(one.alignments) })),
});

export function readKind(kind: string): ProblemKind {
  const known = problemKinds as readonly string[];
  if (known.includes(kind)) return kind as ProblemKind;
  throw new Failure(EXIT.usage, `there is no kind of problem "${kind}".${suggest(kind, known)}`);
}

async function pose(name: string | undefined, { generate, seed }: SolveFlags): Promise<Posed> {
  if (generate !== undefined) {
    if (name !== undefined) throw new Failure(EXIT.usage, "--generate makes a problem; leave the other one out.");
    return { title: `${generate}, seed ${seed}`, problem: generateProblem(readKind(generate), seed) };
  }
  const names = Object.keys(lectureProblems);
  if (name === undefined) {
    throw new Failure(EXIT.usage, `which problem? One of ${names.join(", ")}, a file, or --generate <kind>.`);
  }
  if (Object.hasOwn(lectureProblems, name)) {
    const posed = lectureProblems[name as keyof typeof lectureProblems];
    const { printed } = posed as { printed?: Parameters<typeof divergences>[1] };
    return printed === undefined || posed.problem.kind !== "alignments"
      ? posed
      : { ...posed, divergences: divergences(posed.problem, printed) };
  }
  const near = suggestNear(name, names);
  if (near !== "" && !/[./\\]/.test(name)) throw new Failure(EXIT.usage, `there is no problem "${name}".${near}`);
  const problem = await readProblemFile(name);
  return { title: sourceName(name), problem };
}

async function readProblemFile(path: string): Promise<Problem> {
  const from = sourceName(path);
  try {
    return readProblem(parseJson(await readInput(path), from));
  } catch (error) {
    if (error instanceof SeqlossError) throw new Failure(EXIT.data, `${from}: ${error.message}`);
    throw error;
  }
}

const number = (x: number): string => (Number.isFinite(x) ? String(Number(x.toPrecision(6))) : String(x));
const loss = (x: number): string => (Number.isFinite(x) ? x.toFixed(4) : String(x));

function renderAlignments(
  posed: Posed,
  { target, probabilities }: Extract<Problem, { kind: "alignments" }>,
  { alignments, asWritten, validOnly, complete, warnings }: SolvedAlignments,
): string {
  const symbols = Object.entries(probabilities).map(([symbol, p]) => `P(${symbol}) = ${p}`);
  const listed = alignments.map(({ text, factors, product, reads, valid }) => [
    text,
    factors.join(" · "),
    number(product),
    reads,
    valid ? "yes" : "no",
  ]);
  const totals = [
    ["as written", number(asWritten.sum), loss(asWritten.loss)],
    ["valid ones only", number(validOnly.sum), loss(validOnly.loss)],
  ];
  if (posed.printed !== undefined) totals.unshift(["printed", number(posed.printed.sum), String(posed.printed.loss)]);
  const whole = complete.map(({ frames, alignments: count, normalised, asGiven }) => [
    String(frames),
    String(count),
    loss(normalised),
    loss(asGiven),
  ]);
  return [
    colour.bold(posed.title),
    `target ${target}; ${symbols.join(", ")}`,
    "",
    renderTable([["alignment", "factors", "product", "reads as", "valid"], ...listed]),
    "",
    renderTable([["listed alignments", "sum", "loss = −ln sum"], ...totals]),
    "",
    "The CTC loss sums every alignment of one length, not only those listed:",
    renderTable([["frames", "alignments", "CTC loss, normalised", "as given"], ...whole]),
    "normalised: the probabilities divided by their sum. as given: not divided; no −ln of a probability unless they sum to 1.",
    ...section("Warnings", warnings),
    ...renderDivergences(posed.divergences),
  ].join("\n");
}

const section = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : ["", colour.yellow(title), ...lines.map((line) => `- ${line}`)];

function renderDivergences(found: readonly Divergence[] | undefined): string[] {
  if (found === undefined || found.length === 0) return [];
  const rows = found.map(({ place, printed, right }) => [place, printed, right]);
  return [
    "",
    colour.yellow("Where the printed answer parts from the problem"),
    renderTable([["place", "printed", "right"], ...rows]),
    ...found.map(({ place, note }) => `- ${place}: ${note}`),
  ];
}

function renderSteps(posed: Posed, steps: readonly { name: string; formula: string; value: number }[]): string {
  const { problem } = posed;
  const { kind, ...given } = problem;
  const rows = steps.map(({ name, formula, value }) => [name, formula, number(value)]);
  return [
    colour.bold(posed.title),
    ...Object.entries(given).map(([name, value]) => `${name}: ${JSON.stringify(value)}`),
    "",
    renderTable([["step", "formula", "value"], ...rows]),
    ...(posed.printedMean === undefined
      ? []
      : [
          `printed: ${posed.printedMean}, the mean. The lecture's formula is a sum, ${number(steps.at(-2)?.value ?? 0)}; its example divides by the steps.`,
        ]),
    `(${kind}: to check a solution of your own, see seqloss check --template ${kind})`,
  ].join("\n");
}
