import { statSync } from "node:fs";
import { type Diagnosis, diagnose as diagnoseInput, type Finding, type Severity } from "../index.js";
import { findLoss, readCase } from "./case.js";
import { colour } from "./colour.js";
import { EXIT, type ExitCode, Failure } from "./failure.js";
import { toJson } from "./json.js";

export interface DiagnoseFlags {
  readonly loss?: string;
  readonly labels?: string;
  readonly json?: boolean;
}

/** seqloss diagnose <run | case>: why a run does not learn, or what is wrong with one batch and its loss. */
export async function diagnose(path: string, { loss, labels, json = false }: DiagnoseFlags): Promise<ExitCode> {
  const isRun = path !== "-" && statSync(path).isDirectory();
  if (isRun && (loss !== undefined || labels !== undefined)) {
    const flag = loss === undefined ? "labels" : "loss";
    throw new Failure(
      EXIT.usage,
      `--${flag} goes with a case file; ${path} is the folder of a run, which knows its own.`,
    );
  }
  const diagnosis = isRun ? await diagnoseRun(path) : await diagnoseCase(path, loss, labels);
  process.stdout.write(`${json ? toJson(diagnosis) : render(diagnosis)}\n`);
  return diagnosis.findings.some(({ severity }) => severity === "error") ? EXIT.failed : EXIT.ok;
}

/** The tasks are loaded only where a run is looked at. */
const diagnoseRun = async (path: string): Promise<Diagnosis> => (await import("./diagnoseRun.js")).diagnoseRun(path);

async function diagnoseCase(input: string, loss: string | undefined, labels: string | undefined): Promise<Diagnosis> {
  if (loss === undefined) {
    throw new Failure(
      EXIT.usage,
      "a case needs --loss <function>, the loss that it is for. A run needs none: give its folder.",
    );
  }
  const given = await readCase({ input, ...(labels !== undefined && { labels }) }, findLoss(loss));
  return diagnoseInput({ batch: { loss, ...given } });
}

const MARKS: Readonly<Record<Severity, string>> = {
  error: colour.red("error"),
  warning: colour.yellow("warning"),
  note: "note",
};

function render({ findings, healthy }: Diagnosis): string {
  const verdict = healthy ? colour.green("Nothing is wrong that these checks know of.") : summary(findings);
  return [...findings.map(renderFinding), verdict].join("\n\n");
}

function renderFinding({ severity, title, evidence, remedy, where }: Finding): string {
  const place = where === undefined ? "" : ` (${where})`;
  return [`${MARKS[severity]}: ${colour.bold(title)}${place}`, `  seen: ${evidence}`, `  do:   ${remedy}`].join("\n");
}

function summary(findings: readonly Finding[]): string {
  const count = (severity: Severity) => {
    const found = findings.filter((finding) => finding.severity === severity).length;
    return `${found} ${severity}${found === 1 ? "" : "s"}`;
  };
  return `${count("error")}, ${count("warning")}, ${count("note")}.`;
}
