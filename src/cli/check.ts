import {
  type CheckedSolution,
  checkSolution,
  generateProblem,
  SeqlossError,
  type Solution,
  solveProblem,
} from "../index.js";
import { colour } from "./colour.js";
import { EXIT, type ExitCode, Failure } from "./failure.js";
import { readInput, sourceName } from "./input.js";
import { parseJson, toJson } from "./json.js";
import { readKind } from "./solve.js";
import { renderTable } from "./table.js";

/** seqloss check solution.json: the first wrong line of a worked solution, and the likely slip. */
export async function check(
  path: string | undefined,
  { template, seed, json }: { template?: string; seed: number; json?: boolean },
): Promise<ExitCode> {
  if (template !== undefined) {
    const problem = generateProblem(readKind(template), seed);
    const steps = solveProblem(problem).map(({ name, value }) => ({ name, value: Number(value.toPrecision(5)) }));
    process.stdout.write(`${JSON.stringify({ problem, steps }, null, 2)}\n`);
    return EXIT.ok;
  }
  if (path === undefined) throw new Failure(EXIT.usage, "which solution? A file, or - for standard input.");
  const checked = await readAndCheck(path);
  process.stdout.write(`${json ? toJson(checked) : render(checked)}\n`);
  return checked.correct ? EXIT.ok : EXIT.failed;
}

async function readAndCheck(path: string): Promise<CheckedSolution> {
  const from = sourceName(path);
  const value = parseJson(await readInput(path), from);
  if (typeof value !== "object" || value === null || !("problem" in value) || !("steps" in value)) {
    throw new Failure(
      EXIT.data,
      `${from}: expected {"problem": …, "steps": […]}; seqloss check --template meanSquaredError prints one.`,
    );
  }
  try {
    return checkSolution(value as Solution);
  } catch (error) {
    if (error instanceof SeqlossError) throw new Failure(EXIT.data, `${from}: ${error.message}`);
    throw error;
  }
}

const number = (x: number): string => String(Number(x.toPrecision(6)));
const VERDICTS = {
  right: colour.green("right"),
  wrong: colour.red("wrong"),
  follows: colour.yellow("follows from the mistake before"),
};

function render({ correct, steps, firstWrong, missing }: CheckedSolution): string {
  const rows = steps.map(({ name, value, right, verdict }) => [name, String(value), number(right), VERDICTS[verdict]]);
  const lines = [renderTable([["step", "yours", "right", ""], ...rows])];
  if (firstWrong !== undefined) {
    const { name, value, right, formula, slip } = firstWrong;
    lines.push(`The first wrong step is ${colour.bold(name)}: ${value}; it should be ${number(right)} = ${formula}.`);
    lines.push(slip ?? "No known slip leads to this number; look at the formula again.");
  } else lines.push(correct && missing.length === 0 ? "All of it is right." : "What is there is right.");
  if (missing.length > 0) lines.push(`Left out: ${missing.join(", ")}.`);
  return lines.join("\n");
}
