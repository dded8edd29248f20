import { checkGradient, type GradientCheck, Random, type TensorLike } from "../index.js";
import { type CaseFiles, findLoss, readCase } from "./case.js";
import { colour } from "./colour.js";
import { EXIT, type ExitCode, Failure } from "./failure.js";
import { toJson } from "./json.js";

/** seqloss gradcheck <function>: its gradient against central differences, on a case or on a random one. */
export async function gradcheck(
  name: string,
  { input, labels, seed, json = false }: Partial<CaseFiles> & { seed: number; json?: boolean },
): Promise<ExitCode> {
  const entry = findLoss(name);
  if (input === undefined && labels !== undefined) {
    throw new Failure(EXIT.usage, "--labels goes with --input, which gives the outputs.");
  }
  const { outputs, targets, options } =
    input === undefined
      ? entry.example(new Random(seed))
      : await readCase({ input, ...(labels !== undefined && { labels }) }, entry);
  const result = checkGradient(entry.compute, outputs as TensorLike, targets, options);
  process.stdout.write(`${json ? toJson(result) : render(name, result)}\n`);
  return result.passed ? EXIT.ok : EXIT.failed;
}

function render(name: string, { passed, checked, worst, corners }: GradientCheck): string {
  const verdict = passed ? colour.green("agrees with") : colour.red("disagrees with");
  const lines = [`${name}: the gradient ${verdict} central differences at ${checked} places`];
  if (worst !== undefined) {
    const { index, analytic, numeric, error } = worst;
    lines.push(
      `worst at [${index.join(", ")}]: ${analytic} against ${numeric}, relative error ${error.toExponential(1)}`,
    );
  }
  if (corners.length > 0)
    lines.push(`${corners.length} places are corners of the loss, where no difference tells the slope`);
  return lines.join("\n");
}
