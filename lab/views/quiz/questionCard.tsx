import { useSignal } from "@preact/signals";
import { polyline } from "../../models/polyline.js";
import type { Question } from "../../worker/answers/quiz.js";
import { Check } from "../controls.js";
import { OrderPicker } from "./orderPicker.js";
import { PathPicker } from "./pathPicker.js";
import type { Given } from "./screen.js";

interface Props {
  readonly question: Question;
  readonly place: number;
  readonly size: number;
  readonly given: Given | undefined;
  readonly onAnswer: (answer: string | number | readonly number[], sure: boolean) => Promise<void>;
  readonly onGo: (by: number) => void;
}

/** A curve to choose, and its numbers for who does not see it. */
function CurveOption({ points, text }: { readonly points: readonly (readonly number[])[]; readonly text: string }) {
  const heights = points.map(([, y]) => y);
  const [least, most] = [Math.min(0, ...heights), Math.max(...heights)];
  const at = ([x, y]: readonly number[]) => [10 + 30 * (x + 3), 76 - (68 * (y - least)) / (most - least)] as const;
  return (
    <span class="curve-option">
      <svg class="sketch" viewBox="0 0 200 84" aria-hidden="true">
        <path class="axis" d={`M0 ${at([0, 0])[1]}H200M100 0V84`} />
        <path class="series first" d={polyline(points.map(at))} />
      </svg>
      <span class="hint">{text}</span>
    </span>
  );
}

/** One question: how sure, the answer, and then why. */
export function QuestionCard({ question, place, size, given, onAnswer, onGo }: Props) {
  const { kind, options, curves, prompt, topic, level } = question;
  const typed = useSignal("");
  const order = useSignal<readonly number[]>([]);
  const sure = useSignal(false);
  const problem = useSignal("");
  const byPlace = kind === "choice" || kind === "wrongStep" || kind === "curve";
  const choices = kind === "trueFalse" ? ["true", "false"] : byPlace ? options : [];
  const answer = async (event: Event) => {
    event.preventDefault();
    const value = kind === "order" ? order.value : byPlace ? Number(typed.value) : typed.value;
    if (kind !== "order" && typed.value.trim() === "") {
      problem.value = "Give an answer first.";
      return;
    }
    try {
      await onAnswer(value, sure.value);
      problem.value = "";
    } catch (error) {
      problem.value = (error as Error).message.replace(/^markAnswer: /, "");
    }
  };
  return (
    <form class="plate question" onSubmit={answer} aria-label={`Question ${place + 1}`}>
      <p class="hint">
        Question {place + 1} of {size}; {topic}, level {level}
      </p>
      <p class="prompt" id="prompt">
        {prompt}
      </p>
      {choices.length > 0 && (
        <fieldset class="options" aria-labelledby="prompt" disabled={given !== undefined}>
          {choices.map((text, i) => {
            const value = byPlace ? String(i) : text;
            return (
              <label key={text} class="check">
                <input
                  type="radio"
                  name="option"
                  value={value}
                  checked={(given?.answer ?? typed.value) === value}
                  onChange={() => (typed.value = value)}
                />
                {curves[i] === undefined ? <span>{text}</span> : <CurveOption points={curves[i]} text={text} />}
              </label>
            );
          })}
        </fieldset>
      )}
      {(kind === "numeric" || kind === "fillIn") && (
        <div class="field">
          <label for="answer">{kind === "numeric" ? "A number" : "A word or a few"}</label>
          <input
            id="answer"
            type="text"
            autocomplete="off"
            disabled={given !== undefined}
            value={given?.answer ?? typed.value}
            onInput={(event) => (typed.value = event.currentTarget.value)}
          />
        </div>
      )}
      {kind === "alignment" && (
        <PathPicker
          symbols={question.symbols}
          frames={question.frames}
          path={given?.answer ?? typed.value}
          done={given !== undefined}
          onPath={(path) => (typed.value = path)}
        />
      )}
      {kind === "order" && (
        <OrderPicker
          options={options}
          order={order.value}
          done={given !== undefined}
          onOrder={(next) => (order.value = next)}
        />
      )}
      {given === undefined ? (
        <>
          <Check label="I am sure" value={sure.value} onSet={(on) => (sure.value = on)} />
          <div class="row">
            <button type="submit" class="primary">
              Answer
            </button>
            <span role="alert">{problem.value}</span>
          </div>
        </>
      ) : (
        <div class={`note ${given.mark.right ? "ok" : "error"}`} role="status">
          <p>
            <b>{given.mark.right ? "Right." : "Not right."}</b>{" "}
            {given.sure !== given.mark.right &&
              (given.sure ? "You were sure: this one is worth another look." : "You knew more than you thought.")}
          </p>
          {given.mark.whyNot !== undefined && <p>{given.mark.whyNot}</p>}
          {!given.mark.right && <p>The answer: {given.mark.key}</p>}
          <p>{given.mark.reason}</p>
        </div>
      )}
      <div class="row">
        <button type="button" disabled={place === 0} onClick={() => onGo(-1)}>
          Before
        </button>
        <button type="button" disabled={place === size - 1} onClick={() => onGo(1)}>
          Next
        </button>
      </div>
    </form>
  );
}
