import { type Table, toCsv } from "../../models/table.js";
import type { Question } from "../../worker/answers/quiz.js";
import { asData, save } from "../save.js";
import type { Given } from "./screen.js";

interface Props {
  readonly questions: readonly Question[];
  readonly given: Readonly<Record<string, Given>>;
  readonly keyOf: (id: string) => string;
  readonly onGo: (place: number) => void;
}

/** How it goes, question by question, and the result as a file. */
export function Score({ questions, given, keyOf, onGo }: Props) {
  const answered = questions.filter(({ id }) => given[keyOf(id)] !== undefined);
  const right = answered.filter(({ id }) => given[keyOf(id)].mark.right);
  const table: Table = {
    head: ["question", "topic", "answer", "sure", "right", "key"],
    rows: answered.map(({ prompt, topic, id }) => {
      const { answer, sure, mark } = given[keyOf(id)];
      return [prompt, topic, answer, sure ? "yes" : "no", mark.right ? "yes" : "no", mark.key];
    }),
  };
  const word = (id: string) => {
    const one = given[keyOf(id)];
    return one === undefined ? "open" : one.mark.right ? "right" : "missed";
  };
  return (
    <section class="plate" aria-labelledby="score">
      <h2 class="part" id="score">
        Result
      </h2>
      <p class="result">
        {right.length} of {answered.length}
      </p>
      <p class="hint">{questions.length - answered.length} to go</p>
      <ol class="marks">
        {questions.map(({ id }, i) => (
          <li key={id}>
            <button
              type="button"
              class={word(id)}
              aria-label={`Question ${i + 1}: ${word(id)}`}
              onClick={() => onGo(i)}
            >
              {i + 1}
            </button>
          </li>
        ))}
      </ol>
      <div class="row">
        <button
          type="button"
          disabled={answered.length === 0}
          onClick={() => save("quiz.csv", asData("text/csv", toCsv(table)))}
        >
          CSV
        </button>
        <button
          type="button"
          disabled={answered.length === 0}
          onClick={() => save("quiz.json", asData("application/json", JSON.stringify(table.rows)))}
        >
          JSON
        </button>
        <button type="button" onClick={() => print()}>
          Print
        </button>
      </div>
    </section>
  );
}
