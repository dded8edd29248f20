import {
  type Choice,
  chooseLoss,
  type InspectedTargets,
  inspectTargets,
  lossCatalogue,
  type TargetKind,
  type TaskFacts,
  targetKinds,
} from "../index.js";
import { readTargets, type TableFlags } from "./chooseData.js";
import { expectedAnswer, kinds, type Question, questions, readAnswer } from "./chooseQuestions.js";
import { colour } from "./colour.js";
import { EXIT, Failure } from "./failure.js";
import { toJson } from "./json.js";
import { type Lines, terminalLines } from "./lines.js";
import { suggest } from "./suggest.js";

export interface ChooseFlags extends TableFlags {
  readonly targets?: string;
  readonly all?: boolean;
  readonly json?: boolean;
  /** The facts, as flags give them. */
  readonly [fact: string]: unknown;
}

/** How many losses are shown unless all are asked for. */
const SHOWN = 4;

/** seqloss choose [data]: losses for a task, from a data file, from flags, or from questions. */
export async function choose(path: string | undefined, flags: ChooseFlags): Promise<void> {
  const given = readFlags(flags);
  let found: InspectedTargets = { facts: { targets: "numbers" }, seen: [] };
  if (path !== undefined) found = inspectTargets(await readTargets(path, flags), given.targets);
  else if (given.targets === undefined) {
    if (!process.stdin.isTTY || flags.json) {
      throw new Failure(
        EXIT.usage,
        `expected a data file, or --targets with one of ${targetKinds.join(", ")}; on a terminal, neither asks questions.`,
      );
    }
    const lines = terminalLines();
    try {
      const answers = await ask(lines);
      if (answers === undefined) {
        if (lines.interrupted()) process.exitCode = EXIT.interrupted;
        return;
      }
      found = { facts: answers, seen: [] };
    } finally {
      lines.close();
    }
  }
  const facts: TaskFacts = { ...found.facts, ...given };
  const choices = chooseLoss(facts);
  if (flags.json) return print(toJson({ facts, seen: found.seen, choices }));
  print(render(facts, found.seen, flags.all ? choices : choices.slice(0, SHOWN), choices.length));
}

const print = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

function readFlags(flags: ChooseFlags): Partial<TaskFacts> {
  const { targets } = flags;
  if (targets !== undefined && !targetKinds.includes(targets as TargetKind)) {
    const known = `Expected one of ${targetKinds.join(", ")}.`;
    throw new Failure(
      EXIT.usage,
      `there are no targets called "${targets}". ${known}${suggest(targets, [...targetKinds])}`,
    );
  }
  const facts: Record<string, unknown> = targets === undefined ? {} : { targets };
  for (const question of questions) {
    const text = flags[question.fact];
    if (text === undefined) continue;
    const value = text === true ? true : readAnswer(question, String(text));
    if (value === undefined) {
      throw new Failure(EXIT.usage, `${question.flag} is "${text}"; expected ${expectedAnswer(question)}.`);
    }
    facts[question.fact] = value;
  }
  return facts as Partial<TaskFacts>;
}

/** A few questions, those that matter for the targets; undefined where the answers end. */
export async function ask(lines: Lines): Promise<TaskFacts | undefined> {
  print("What are the targets?");
  targetKinds.forEach((kind, i) => print(`  ${i + 1}  ${kind.padEnd(8)} ${colour.dim(kinds[kind])}`));
  let targets: TargetKind | undefined;
  while (targets === undefined) {
    const line = await lines.ask("A number or a name: ");
    if (line === undefined) return undefined;
    const word = line.trim().toLowerCase();
    targets = targetKinds[Number(word) - 1] ?? targetKinds.find((kind) => kind === word);
  }
  const facts: Record<string, unknown> = { targets };
  print(colour.dim("Enter alone means: not known."));
  for (const question of questions.filter(({ of }) => of.includes(targets))) {
    const value = await askOne(lines, question);
    if (value === "ended") return undefined;
    if (value !== undefined) facts[question.fact] = value.known;
  }
  print("");
  return facts as unknown as TaskFacts;
}

async function askOne(lines: Lines, question: Question): Promise<{ known: unknown } | "ended" | undefined> {
  for (;;) {
    const line = await lines.ask(`${question.text} [${expectedAnswer(question)}] `);
    if (line === undefined) return "ended";
    if (line.trim() === "") return undefined;
    const known = readAnswer(question, line);
    if (known !== undefined) return { known };
  }
}

function render(facts: TaskFacts, seen: readonly string[], choices: readonly Choice[], all: number): string {
  const head = [`Targets: ${facts.targets}, ${kinds[facts.targets]}.`, ...seen.map((sentence) => `  ${sentence}`)];
  const body = choices.map(({ loss, options, reasons, cautions, lecture }, i) =>
    [
      `${i + 1}. ${colour.bold(loss)}${Object.keys(options).length > 0 ? ` ${colour.dim(showOptions(options))}` : ""}`,
      ...reasons.map((reason) => `   ${colour.green("+")} ${reason}`),
      ...cautions.map((caution) => `   ${colour.yellow("-")} ${caution}`),
      ...(lecture === undefined ? [] : [`   ${colour.dim(`The lecture: ${lecture}.`)}`]),
    ].join("\n"),
  );
  const left = all - choices.length;
  const derived = choices.find(({ loss }) => lossCatalogue.has(loss));
  const foot = [
    ...(left > 0 ? [colour.dim(`${left} more with --all.`)] : []),
    // those that the user makes have no derivation of their own
    ...(derived === undefined ? [] : [colour.dim(`seqloss explain ${derived.loss} derives it, step by step.`)]),
  ];
  return [head.join("\n"), ...body, foot.join("\n")].join("\n\n");
}

const showOptions = (options: Readonly<Record<string, unknown>>): string =>
  `{ ${Object.entries(options)
    .map(([name, value]) => `${name}: ${JSON.stringify(value)}`)
    .join(", ")} }`;
