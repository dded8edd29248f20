import { useSignal } from "@preact/signals";
import { Segments, TextField } from "../controls.js";
import type { Screen } from "../screen.js";
import { Lesson } from "./lesson.js";
import { schema, type TeachProps } from "./state.js";
import { StopEditor } from "./stopEditor.js";

const sample = [
  {
    link: "losses/crossEntropy/#v=1&e=0_-4",
    prompt: "The label's logit is −4. Which way does the gradient pull, and how hard?",
    answer:
      "Up, nearly as hard as it can: the slope of its logit is p − 1, and p is almost 0; the mean divides by the steps.",
  },
  {
    link: "ctc/#v=1&l=DEEP&t=5",
    prompt: "DEEP in five frames: why is there only one alignment? Say it before you count.",
    answer: "Four symbols and a blank between the two E's take five frames: nothing is left to repeat.",
  },
  {
    link: "gradients/#v=1&w=1.1",
    prompt: "Set ρ so that the gradient neither vanishes nor explodes over 50 steps. Why is ρ = 1 not enough?",
    answer:
      "A little above 1: each step also multiplies by the slope of tanh, which is below 1 where the unit is not at 0.",
  },
] as const;

function View(props: TeachProps) {
  const { store } = props;
  const said = useSignal("");
  const { title, mode, stops: list } = store.state.value;
  return (
    <div class="page">
      <div class="controls">
        <h1>{mode === "read" && title !== "" ? title : "Teach"}</h1>
        <p class="lede">
          {mode === "read"
            ? `${list.length} stops`
            : "A lesson is a list of states of the lab, each with a task. It is one link, and one sheet to print."}
        </p>
      </div>
      <div class="row controls">
        <Segments
          quiet
          label="Mode"
          value={mode}
          options={[
            ["write", "Write"],
            ["read", "Read"],
          ]}
          onSet={(value) => store.set({ mode: value })}
        />
        {list.length === 0 && (
          <button type="button" onClick={() => store.set({ title: "Three questions on losses", stops: [...sample] })}>
            Begin with an example
          </button>
        )}
      </div>
      {mode === "write" ? (
        <>
          <TextField label="Title" value={title} onSet={(text) => store.set({ title: text })} live={false} />
          <StopEditor store={store} onSaid={(text) => (said.value = text)} />
        </>
      ) : (
        <Lesson store={store} />
      )}
      <p role="status" class="hint">
        {said.value}
      </p>
    </div>
  );
}

export const screen: Screen<typeof schema, null> = {
  path: "teach/",
  title: "Teach",
  about: "Put states of the lab and tasks into a lesson: one link, and a worksheet to print.",
  schema,
  answer: async () => null,
  View,
};
