import { type QuizAnswer, type QuizItem, type QuizSelection, quizItem, quizItems } from "../index.js";
import { EXIT, Failure } from "./failure.js";
import { readInput, sourceName } from "./input.js";
import { parseJson } from "./json.js";
import { suggest } from "./suggest.js";

/** A file of answers: `{"seed": 7, "answers": {"nats": 0.69, "helo": "HELO"}}`. */
export interface AnswerFile {
  readonly seed?: number;
  readonly answers: Readonly<Record<string, QuizAnswer>>;
}

export async function readAnswers(path: string): Promise<AnswerFile> {
  const from = sourceName(path);
  const file = parseJson(await readInput(path), from);
  const fail = (what: string) => new Failure(EXIT.data, `${from}: ${what}`);
  const form = '{"seed": 7, "answers": {"nats": 0.69, "helo": "HELO"}}';
  if (!isObject(file) || !isObject(file.answers)) throw fail(`expected an object such as ${form}.`);
  for (const key of Object.keys(file)) {
    if (key !== "seed" && key !== "answers") throw fail(`there is no "${key}" here. Expected ${form}.`);
  }
  const { seed, answers } = file;
  if (seed !== undefined && !(Number.isSafeInteger(seed) && (seed as number) >= 0)) {
    throw fail("seed: expected a whole number of at least 0.");
  }
  for (const [id, answer] of Object.entries(answers)) {
    if (!isAnswer(answer)) throw fail(`${id}: expected text, a number, true or false, or a list of places.`);
  }
  return file as unknown as AnswerFile;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function isAnswer(value: unknown): value is QuizAnswer {
  if (Array.isArray(value)) return value.every((item) => typeof item === "number");
  return ["string", "number", "boolean"].includes(typeof value);
}

/** What is to be marked: the questions that are selected, or those of the file. */
export function answersOf(
  { seed: own, answers }: AnswerFile,
  path: string,
  selection: QuizSelection,
): { items: QuizItem[]; seed: number; given: ReadonlyMap<string, QuizAnswer> } {
  const from = sourceName(path);
  const seed = own ?? selection.seed;
  if (seed === undefined) {
    throw new Failure(
      EXIT.data,
      `${from}: expected "seed", the one that the questions were asked with; or give --seed.`,
    );
  }
  if (selection.seed !== undefined && selection.seed !== seed) {
    throw new Failure(EXIT.usage, `--seed ${selection.seed} is not the seed of ${from}, ${seed}.`);
  }
  const every = quizItems().map(({ id }) => id);
  const ids = Object.keys(answers);
  for (const id of ids) {
    if (!every.includes(id))
      throw new Failure(EXIT.data, `${from}: there is no question "${id}".${suggest(id, every)}`);
  }
  const { topic, level, count } = selection;
  const chosen = topic !== undefined || level !== undefined || count !== undefined;
  const items = chosen ? quizItems({ ...selection, seed }) : ids.map((id) => quizItem(id, seed));
  const stray = ids.find((id) => !items.some((item) => item.id === id));
  if (stray !== undefined)
    throw new Failure(EXIT.data, `${from}: "${stray}" is not among the questions that were asked for.`);
  if (items.length === 0) throw new Failure(EXIT.data, `${from}: there are no answers in it.`);
  return { items, seed, given: new Map(Object.entries(answers)) };
}
