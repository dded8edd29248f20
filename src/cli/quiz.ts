import {
  markAnswer,
  type QuizAnswer,
  type QuizItem,
  type QuizLevel,
  type QuizMark,
  type QuizSelection,
  type QuizTopic,
  quizItems,
  quizTopics,
  SeqlossError,
} from "../index.js";
import { EXIT, type ExitCode, Failure } from "./failure.js";
import { sourceName } from "./input.js";
import { toJson } from "./json.js";
import { type Lines, pipedLines, terminalLines } from "./lines.js";
import { answersOf, readAnswers } from "./quizAnswers.js";
import { askAll } from "./quizSession.js";
import { renderList, renderMark, renderQuestion, renderScore } from "./quizText.js";
import { suggest } from "./suggest.js";

export interface QuizFlags {
  readonly topic?: string;
  readonly level?: number;
  readonly count?: number;
  readonly seed?: number;
  readonly list?: boolean;
  readonly answers?: string;
  readonly json?: boolean;
}

const COUNT = 10;

const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

/** seqloss quiz: questions, asked and marked on a terminal; printed, or answered line by line, elsewhere. */
export async function quiz(flags: QuizFlags): Promise<ExitCode> {
  const { list, answers, json, count } = flags;
  if (list && answers !== undefined) throw new Failure(EXIT.usage, "--list and --answers do not go together.");
  const selection = readSelection(flags);
  if (answers !== undefined) return markFile(answers, selection, json);
  if (list) {
    const items = quizItems(selection);
    say(json ? toJson(items.map(({ id, topic, level, kind }) => ({ id, topic, level, kind }))) : renderList(items));
    return EXIT.ok;
  }
  const onTerminal = process.stdin.isTTY === true && process.stdout.isTTY === true;
  const seed = selection.seed ?? (onTerminal && !json ? Date.now() % 1_000_000 : 1);
  if (json) {
    say(toJson({ seed, items: quizItems({ ...selection, seed }) }));
    return EXIT.ok;
  }
  const items = quizItems({ ...selection, seed, count: count ?? COUNT });
  say(`${items.length} questions, seed ${seed}: --seed ${seed} asks the same ones again.`);
  if (onTerminal) say("Enter alone leaves a question out; Ctrl-D ends the quiz.");
  return ask(items, onTerminal ? terminalLines() : process.stdin.isTTY ? undefined : pipedLines());
}

async function ask(items: readonly QuizItem[], lines: Lines | undefined): Promise<ExitCode> {
  if (lines === undefined) {
    items.forEach((item, i) => say(renderQuestion(item, i, items.length)));
    return EXIT.ok;
  }
  try {
    await askAll(items, lines, say);
    return lines.interrupted() ? EXIT.interrupted : EXIT.ok;
  } finally {
    lines.close();
  }
}

function readSelection({ topic, level, count, seed }: QuizFlags): QuizSelection {
  const topics: readonly string[] = quizTopics;
  if (topic !== undefined && !topics.includes(topic)) {
    throw new Failure(EXIT.usage, `there is no topic "${topic}".${suggest(topic, topics)}`);
  }
  if (level !== undefined && level > 3) throw new Failure(EXIT.usage, "--level is 1, 2 or 3.");
  return {
    ...(topic !== undefined && { topic: topic as QuizTopic }),
    ...(level !== undefined && { level: level as QuizLevel }),
    ...(count !== undefined && { count }),
    ...(seed !== undefined && { seed }),
  };
}

/** Marks a file of answers. Like `seqloss check`, it exits with 1 where not all is right. */
async function markFile(path: string, selection: QuizSelection, json: boolean | undefined): Promise<ExitCode> {
  const { items, seed, given } = answersOf(await readAnswers(path), path, selection);
  const marks = items.map((item) => markGiven(item, given.get(item.id), path));
  const score = marks.reduce((sum, mark) => sum + mark.score, 0);
  if (json) {
    const rows = items.map(({ id }, i) => ({ id, answer: given.get(id) ?? null, ...marks[i] }));
    say(toJson({ seed, score, of: items.length, marks: rows }));
  } else {
    items.forEach((item, i) => {
      say(renderQuestion(item, i, items.length));
      say(renderMark(item, marks[i]));
    });
    say(`\n${renderScore(score, items.length)}`);
  }
  return score === items.length ? EXIT.ok : EXIT.failed;
}

function markGiven(item: QuizItem, answer: QuizAnswer | undefined, path: string): QuizMark {
  try {
    return markAnswer(item, answer);
  } catch (error) {
    if (error instanceof SeqlossError)
      throw new Failure(EXIT.data, `${sourceName(path)}, ${item.id}: ${error.message}`);
    throw error;
  }
}
