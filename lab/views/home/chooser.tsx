import type { Asked } from "../../worker/answers/chooser.js";
import type { LossCard } from "../../worker/answers/losses.js";
import { Select } from "../controls.js";
import { Sketch } from "../losses/gallery.js";
import { useRoot } from "../root.js";
import type { HomeProps } from "./screen.js";

/** "a=1,b=2" with one answer put or taken out. */
function answered(text: string, fact: string, answer: string): string {
  const others = text.split(",").filter((part) => part !== "" && !part.startsWith(`${fact}=`));
  return [...others, ...(answer === "" ? [] : [`${fact}=${answer}`])].join(",");
}

/** Questions that are open from the start; the others are behind a click. */
const OPEN = 3;

interface Props extends HomeProps {
  readonly choices: HomeProps["answer"]["choices"];
  readonly cards: readonly LossCard[];
}

/** A few questions, and the losses that fit. */
export function Chooser({ store, answer, choices, cards }: Props) {
  const root = useRoot();
  const { targets, answers } = store.state.value;
  const ask = (question: Asked) =>
    question.options.length > 0 ? (
      <Select
        key={question.fact}
        label={question.text}
        value={question.options.includes(question.answer) ? question.answer : ""}
        options={[["", "not known"], ...question.options.map((option) => [option, option] as const)]}
        onSet={(option) => store.set({ answers: answered(answers, question.fact, option) })}
      />
    ) : (
      <div key={question.fact} class="field">
        <label for={question.fact}>{question.text}</label>
        <input
          id={question.fact}
          type="text"
          inputMode="decimal"
          placeholder={question.expected}
          value={question.answer}
          onChange={(event) =>
            store.set({ answers: answered(answers, question.fact, event.currentTarget.value.replace(/[,=]/g, "")) })
          }
        />
      </div>
    );
  return (
    <section class="chooser" aria-labelledby="chooser">
      <h2 id="chooser">Which loss do I need?</h2>
      <div class="two">
        <div class="plate">
          <Select
            label="The targets are"
            value={targets}
            options={answer.kinds.map(({ kind, about }) => [kind, about] as const)}
            onSet={(kind) => store.set({ targets: kind, answers: "" })}
          />
          {answer.asked.slice(0, OPEN).map(ask)}
          {answer.asked.length > OPEN && (
            <details class="more questions">
              <summary>{answer.asked.length - OPEN} more questions</summary>
              {answer.asked.slice(OPEN).map(ask)}
            </details>
          )}
        </div>
        <ol class="choices">
          {choices.map(({ loss, reasons, cautions, lecture, score }) => (
            <li key={loss} class="plate">
              <div class="choice">
                <div>
                  <h3>
                    <a href={`${root}losses/${loss}/`}>{loss}</a>
                  </h3>
                  <p class="hint">fits {Math.round(100 * score)} of 100</p>
                </div>
                {cards
                  .filter(({ name }) => name === loss)
                  .map((card) => (
                    <Sketch key={loss} card={card} />
                  ))}
              </div>
              <p>{reasons[0]}</p>
              {(reasons.length > 1 || cautions.length > 0 || lecture !== undefined) && (
                <details class="more">
                  <summary>More for it and against it</summary>
                  {reasons.slice(1).map((reason) => (
                    <p key={reason}>{reason}</p>
                  ))}
                  {cautions.map((caution) => (
                    <p key={caution} class="note">
                      {caution}
                    </p>
                  ))}
                  {lecture !== undefined && <p class="hint">The lecture: {lecture}</p>}
                </details>
              )}
            </li>
          ))}
          {choices.length === 0 && <li class="plate">No loss fits all of this. Take an answer back.</li>}
        </ol>
      </div>
    </section>
  );
}
