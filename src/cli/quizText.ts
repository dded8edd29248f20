import type { OpenItem, QuizItem, QuizMark } from "../index.js";
import { colour } from "./colour.js";
import { renderTable } from "./table.js";

const letter = (i: number): string => String.fromCharCode(97 + i);

/** A question with its number, and how to answer. */
export function renderQuestion(item: QuizItem, i: number, of: number): string {
  const head = `\n${colour.bold(`${i + 1}/${of}`)} ${colour.dim(`${item.topic}, level ${item.level}, ${item.id}`)}`;
  return [head, item.prompt, ...renderOptions(item), ...(HINTS[item.kind] ? [colour.dim(HINTS[item.kind])] : [])].join(
    "\n",
  );
}

const HINTS: Readonly<Record<QuizItem["kind"], string>> = {
  choice: "",
  wrongStep: "",
  curve: "",
  alignment: "one symbol a frame?",
  numeric: "",
  fillIn: "",
  trueFalse: "true or false?",
  order: "the letters in order?",
  open: "in a few sentences; answered by how many of its points you met",
};

function renderOptions(item: QuizItem): string[] {
  if (item.kind === "choice" || item.kind === "wrongStep" || item.kind === "curve")
    return item.options.map(({ text }, i) => `  ${letter(i)}) ${text}`);
  if (item.kind === "order") return item.options.map((text, i) => `  ${letter(i)}) ${text}`);
  return [];
}

/** The verdict on an answer, and why; of none, what it should have been. */
export function renderMark(item: QuizItem, mark: QuizMark): string {
  if (item.kind === "open") return [renderPointsMet(item, mark), renderPoints(item, []), item.reason].join("\n");
  if (mark.right) return `${colour.green("Right.")} ${mark.reason}`;
  const verdict = mark.answered ? colour.red("Wrong.") : colour.yellow("Left out.");
  const why = mark.whyNot === undefined ? "" : ` ${mark.whyNot}`;
  return [verdict + why, `The answer: ${mark.key}`, mark.reason].join("\n");
}

export function renderPointsMet({ points }: OpenItem, { answered, score }: QuizMark): string {
  return colour.yellow(answered ? `${Math.round(score * points.length)} of ${points.length} points.` : "Left out.");
}

/** A model answer and its points; those that the answer seems to make are marked. */
export function renderPoints({ answer, points }: OpenItem, met: readonly number[]): string {
  const lines = points.map(({ idea }, i) => `  ${met.includes(i) ? colour.green("+") : "-"} ${idea}`);
  const hint =
    met.length === 0 ? [] : [colour.dim("+: a word of it is in your answer; whether the idea is, you must judge.")];
  return ["A good answer:", `  ${answer}`, "Its points:", ...lines, ...hint].join("\n");
}

export const renderScore = (score: number, of: number): string =>
  colour.bold(`Score ${Number(score.toFixed(2))} of ${of}`);

export function renderList(items: readonly QuizItem[]): string {
  const rows = items.map(({ id, topic, level, kind }) => [id, topic, String(level), kind]);
  return `${renderTable([["id", "topic", "level", "kind"], ...rows])}\n${items.length} questions`;
}
