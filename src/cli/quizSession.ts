import { markAnswer, type OpenItem, pointsIn, type QuizItem, type QuizMark, SeqlossError } from "../index.js";
import { EXIT, Failure } from "./failure.js";
import type { Lines } from "./lines.js";
import { renderMark, renderPoints, renderPointsMet, renderQuestion, renderScore } from "./quizText.js";

/** Asks the questions one by one, and says after each whether the answer was right, and why. */
export async function askAll(items: readonly QuizItem[], lines: Lines, say: (text: string) => void): Promise<void> {
  let score = 0;
  let asked = 0;
  let open = true;
  for (const [i, item] of items.entries()) {
    say(renderQuestion(item, i, items.length));
    if (!open) continue;
    const mark = await take(item, lines, i, say);
    if (mark === undefined) {
      open = false;
      if (lines.talks || lines.interrupted()) break;
      continue; // without anybody there, the other questions are printed
    }
    asked++;
    score += mark.score;
    // on a terminal the points of an open question were shown before it was marked
    say(item.kind === "open" && lines.talks ? renderPointsMet(item, mark) : renderMark(item, mark));
    if (lines.talks && asked < items.length) say(renderScore(score, asked));
  }
  const left = asked < items.length ? `; ${items.length - asked} not asked` : "";
  if (asked > 0 || lines.talks) say(`\n${renderScore(score, asked)}${left}`);
}

/** The mark of one question; undefined where the lines have ended. */
async function take(
  item: QuizItem,
  lines: Lines,
  i: number,
  say: (text: string) => void,
): Promise<QuizMark | undefined> {
  const prompt = item.kind === "open" && lines.talks ? await showPoints(item, lines, say) : "> ";
  for (;;) {
    const line = prompt === undefined ? undefined : await lines.ask(prompt);
    if (line === undefined) return undefined;
    if (line.trim() === "") return markAnswer(item);
    try {
      return markAnswer(item, line);
    } catch (error) {
      if (!(error instanceof SeqlossError)) throw error;
      if (!lines.talks) throw new Failure(EXIT.data, `standard input, line ${i + 1} (${item.id}): ${error.message}`);
      say(`Expected ${error.expected}. Once more:`);
    }
  }
}

/** An open question: the answer, then the points it should make. What to ask next; undefined where the lines have ended. */
async function showPoints(item: OpenItem, lines: Lines, say: (text: string) => void): Promise<string | undefined> {
  const text = await lines.ask("Your answer, here or on paper; Enter shows what it should say.\n> ");
  if (text === undefined) return undefined;
  say(renderPoints(item, pointsIn(item, text)));
  return `How many of the ${item.points.length} points does your answer make? `;
}
