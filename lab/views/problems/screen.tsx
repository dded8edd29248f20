import { choice, type State, whole, words } from "../../state/fields.js";
import type { problemScreen } from "../../worker/answers/problems.js";
import { Segments, Select, Slider } from "../controls.js";
import type { Screen, ViewProps } from "../screen.js";
import { LectureSays } from "./lectureSays.js";
import { ProblemStatement } from "./problemStatement.js";
import { Solution } from "./solution.js";

export const schema = {
  problem: words("p", "hello", 24),
  mode: choice("m", ["worked", "faded", "solve"]),
  blanks: whole("k", 2, 1, 9),
  seed: whole("r", 1, 0, 9999),
};

export type ProblemProps = ViewProps<typeof schema, ReturnType<typeof problemScreen>>;
export type ProblemState = State<typeof schema>;

function View(props: ProblemProps) {
  const { store, answer, state } = props;
  const { problem, mode, blanks, seed } = store.state.value;
  const isNew = !answer.kinds.some(({ id, title }) => id === problem && title.startsWith("The lecture"));
  return (
    <div class="screen">
      <div class="controls">
        <h1>Problems</h1>
        <div class="plate">
          <Select
            label="Problem"
            value={problem}
            options={answer.kinds.map(({ id, title }) => [id, title] as const)}
            onSet={(id) => store.set({ problem: id })}
          />
          <Segments
            label="Mode"
            value={mode}
            options={[
              ["worked", "Worked"],
              ["faded", "Faded"],
              ["solve", "Solve"],
            ]}
            onSet={(value) => store.set({ mode: value })}
          />
          {mode === "faded" && (
            <Slider
              label="Last steps left blank"
              value={blanks}
              least={1}
              most={9}
              onDrag={(value) => store.drag({ blanks: value })}
              onSet={(value) => store.set({ blanks: Math.round(value) })}
            />
          )}
          {isNew && (
            <div class="row">
              <button type="button" onClick={() => store.set({ seed: (seed + 1) % 10000 })}>
                New numbers
              </button>
              <span class="muted">seed {seed}</span>
            </div>
          )}
        </div>
      </div>
      <div class="stage">
        <ProblemStatement answer={answer} />
        <Solution key={`${state.problem} ${state.seed} ${state.mode} ${state.blanks}`} {...props} />
      </div>
      <div class="results">
        <LectureSays answer={answer} />
      </div>
    </div>
  );
}

export const screen: Screen<typeof schema, ReturnType<typeof problemScreen>> = {
  path: "problems/",
  title: "Problems",
  about: "Worked problems on sequence losses: worked, faded, or to solve; a checker names the slip.",
  schema,
  answer: ({ problem, seed }, ask) => ask("problems", "problemScreen", problem, seed),
  View,
};
