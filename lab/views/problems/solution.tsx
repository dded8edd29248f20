import { useSignal } from "@preact/signals";
import type { CheckedSolution } from "../../../src/index.js";
import { evaluate } from "../../models/expression.js";
import { shown } from "../../models/number.js";
import { numbersIn, whyOf } from "../../models/workedStep.js";
import type { ProblemProps } from "./screen.js";

const words = {
  right: "Right.",
  wrong: "Not right.",
  follows: "Follows rightly from the line that is wrong.",
} as const;

/** After a faded problem that is right: new numbers and one more blank, until all of it is to be solved. */
function Next({ store, state, steps }: Pick<ProblemProps, "store" | "state"> & { readonly steps: number }) {
  const { blanks, seed } = state;
  const whole = blanks + 1 >= steps;
  return (
    <button
      type="button"
      onClick={() =>
        store.set({ seed: (seed + 1) % 10000, blanks: Math.min(9, blanks + 1), mode: whole ? "solve" : "faded" })
      }
    >
      {whole ? "Again, all of it" : "Again, with one blank more"}
    </button>
  );
}

/** The steps: shown, or to be filled in and checked line by line. */
export function Solution({ answer, state, store, ask }: ProblemProps) {
  const { steps, problem } = answer;
  const { mode, blanks } = state;
  const first = mode === "worked" ? steps.length : mode === "solve" ? 0 : Math.max(0, steps.length - blanks);
  const typed = useSignal<Readonly<Record<string, string>>>({});
  const checked = useSignal<CheckedSolution | undefined>(undefined);
  const problems = useSignal("");
  const numbers = (i: number) => numbersIn(steps[i].formula, steps.slice(0, i), problem);
  const complete = checked.value?.correct === true && checked.value.missing.length === 0;
  const check = async (event: Event) => {
    event.preventDefault();
    const given = steps.slice(first).flatMap(({ name }) => {
      const text = typed.value[name]?.trim() ?? "";
      return text === "" ? [] : [{ name, text, value: evaluate(text) }];
    });
    const unread = given.find(({ value }) => value === undefined);
    checked.value = undefined;
    if (unread !== undefined)
      problems.value = `${unread.name}: "${unread.text}" cannot be read. A number, or −ln(0.5), (0.2 + 0.7)/3.`;
    else if (given.length === 0) problems.value = "Fill in at least one line.";
    else {
      problems.value = "";
      const before = steps.slice(0, first).map(({ name, value }) => ({ name, value }));
      const own = given.map(({ name, value }) => ({ name, value: value as number }));
      checked.value = await ask("problems", "check", problem, [...before, ...own]);
    }
  };
  return (
    <form class="plate" aria-label="Solution" onSubmit={check}>
      <h2 class="part">{mode === "worked" ? "Step by step" : "Your solution"}</h2>
      {mode !== "worked" && (
        <p class="hint">
          A number or an expression, such as -ln(0.0235) or (0.2 + 0.7)/3. Half a per cent off is near enough.
        </p>
      )}
      <ol class="lines">
        {steps.map(({ name, formula, value }, i) => {
          const verdict = checked.value?.steps.find((step) => step.name === name);
          return (
            <li key={name}>
              <div class="line">
                <label for={i < first ? undefined : `line-${i}`}>
                  <b>{name}</b> <span class="muted">{mode === "solve" && i >= first ? "" : formula}</span>
                  {i < first && numbers(i) !== "" && <span> = {numbers(i)}</span>}
                </label>
                {i < first ? (
                  <output>{shown(value, 6)}</output>
                ) : (
                  <input
                    id={`line-${i}`}
                    type="text"
                    autocomplete="off"
                    value={typed.value[name] ?? ""}
                    onInput={(event) => (typed.value = { ...typed.value, [name]: event.currentTarget.value })}
                  />
                )}
              </div>
              {mode === "worked" && whyOf(problem.kind, name) !== undefined && (
                <details class="more">
                  <summary>Why?</summary>
                  <p class="hint">{whyOf(problem.kind, name)}</p>
                </details>
              )}
              {verdict !== undefined && i >= first && (
                <p class={`note ${verdict.verdict === "wrong" ? "error" : "ok"}`}>
                  <b>{words[verdict.verdict]}</b> {verdict.slip !== undefined && `${verdict.slip} `}
                  {verdict.verdict !== "right" && `It is ${shown(verdict.right, 6)}: ${verdict.formula}.`}
                </p>
              )}
            </li>
          );
        })}
      </ol>
      {mode !== "worked" && (
        <div class="row">
          <button type="submit" class="primary">
            Check
          </button>
          <span role="status">
            {problems.value}
            {checked.value &&
              (checked.value.correct
                ? complete
                  ? "All of it is right."
                  : "What is there is right."
                : `The first wrong line: ${checked.value.firstWrong?.name}.`)}
          </span>
          {complete && mode === "faded" && <Next store={store} state={state} steps={steps.length} />}
        </div>
      )}
    </form>
  );
}
