import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { QuizMark } from "../../../src/index.js";
import { areReviews, dayOf, due, reviewed } from "../../models/review.js";
import { whole, words } from "../../state/fields.js";
import { keep, kept } from "../../state/kept.js";
import type { QuizScreenAnswer } from "../../worker/answers/quiz.js";
import { Select, Slider } from "../controls.js";
import type { Screen, ViewProps } from "../screen.js";
import { QuestionCard } from "./questionCard.js";
import { Score } from "./score.js";

export const schema = {
  topic: words("t", "", 24),
  count: whole("n", 10, 1, 60),
  seed: whole("r", 1, 0, 9999),
  at: whole("i", 0, 0, 59),
  /** Ids of questions to ask instead, parted by blanks. */
  ids: words("d", "", 600),
};

export type QuizProps = ViewProps<typeof schema, QuizScreenAnswer>;

export interface Given {
  readonly answer: string;
  readonly sure: boolean;
  readonly mark: QuizMark;
}

function View({ store, answer, state, ask }: QuizProps) {
  const { topic, count, seed } = store.state.value;
  const given = useSignal<Readonly<Record<string, Given>>>({});
  const waiting = useSignal<readonly string[]>([]);
  useEffect(() => {
    waiting.value = due(kept("reviews", areReviews, {}), dayOf(Date.now()));
  }, [waiting]);
  const key = (id: string) => `${state.seed} ${id}`;
  const { questions } = answer;
  const at = Math.min(store.state.value.at, questions.length - 1);
  const question = questions[at];
  const take = async (text: string | number | readonly number[], sure: boolean) => {
    const mark = await ask("quiz", "mark", question.id, state.seed, text);
    given.value = { ...given.value, [key(question.id)]: { answer: String(text), sure, mark } };
    keep("reviews", reviewed(kept("reviews", areReviews, {}), question.id, mark.right, dayOf(Date.now())));
  };
  return (
    <div class="screen">
      <div class="controls">
        <h1>Quiz</h1>
        <div class="plate">
          <Select
            label="Topic"
            value={answer.topics.includes(topic) ? topic : ""}
            options={[["", "all"], ...answer.topics.map((one) => [one, one] as const)]}
            onSet={(value) => store.set({ topic: value, at: 0, ids: "" })}
          />
          <Slider
            label={`Questions, of ${answer.size}`}
            value={count}
            least={1}
            most={60}
            onDrag={(value) => store.drag({ count: value, at: 0 })}
            onSet={(value) => store.set({ count: Math.round(value), at: 0, ids: "" })}
          />
          <div class="row">
            <button type="button" onClick={() => store.set({ seed: (seed + 1) % 10000, at: 0 })}>
              Other numbers
            </button>
            <span class="muted">seed {seed}</span>
          </div>
          <p class="hint">
            {waiting.value.length === 0
              ? "What you miss comes back after 1, 3 and 7 days, on this device."
              : `${waiting.value.length} that you missed are due.`}
          </p>
          {waiting.value.length > 0 && (
            <button type="button" onClick={() => store.set({ ids: waiting.value.slice(0, 20).join(" "), at: 0 })}>
              Ask those
            </button>
          )}
        </div>
      </div>
      <div class="stage">
        <QuestionCard
          key={key(question.id)}
          question={question}
          place={at}
          size={questions.length}
          given={given.value[key(question.id)]}
          onAnswer={take}
          onGo={(by) => store.set({ at: Math.min(questions.length - 1, Math.max(0, at + by)) })}
        />
      </div>
      <div class="results">
        <Score questions={questions} given={given.value} keyOf={key} onGo={(place) => store.set({ at: place })} />
      </div>
    </div>
  );
}

export const screen: Screen<typeof schema, QuizScreenAnswer> = {
  path: "quiz/",
  title: "Quiz",
  about:
    "Questions on sequence losses, marked with the reason and the likely slip; numeric ones have new numbers from each seed.",
  schema,
  answer: ({ topic, count, seed, ids }, ask) =>
    ask("quiz", "quizScreen", topic, count, seed, ids.split(" ").filter(Boolean)),
  View,
};
