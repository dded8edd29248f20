import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { bar } from "../../models/routes.js";
import { whole } from "../../state/fields.js";
import { isRecord, keep, kept } from "../../state/kept.js";
import type { Discussion, Reading } from "../../worker/answers/discuss.js";
import { Check, Select } from "../controls.js";
import type { Screen, ViewProps } from "../screen.js";

export const schema = { at: whole("i", 0, 0, 99) };

type Props = ViewProps<typeof schema, readonly Discussion[]>;

function View({ store, answer }: Props) {
  const at = Math.min(store.state.value.at, answer.length - 1);
  return (
    <div class="page">
      <div>
        <h1>Discuss</h1>
        <p class="lede">Open questions. Write first; then see what a good answer has, and mark your own.</p>
      </div>
      <Select
        label="Question"
        value={String(at)}
        options={answer.map(({ prompt }, i) => [String(i), `${i + 1}. ${prompt}`] as const)}
        onSet={(place) => store.set({ at: Number(place) })}
      />
      <OneQuestion key={answer[at].id} discussion={answer[at]} store={store} />
    </div>
  );
}

function OneQuestion({ discussion, store }: { readonly discussion: Discussion; readonly store: Props["store"] }) {
  const { id, prompt, topic } = discussion;
  const text = useSignal("");
  const link = useSignal("");
  const reading = useSignal<Reading | undefined>(undefined);
  const met = useSignal<readonly number[]>([]);
  useEffect(() => {
    text.value = String(kept("answers", isRecord, {})[id] ?? "");
  }, [id, text]);
  const write = (next: string) => {
    text.value = next;
    keep("answers", { ...kept("answers", isRecord, {}), [id]: next });
  };
  const reveal = async () => {
    const { ask } = await import("../../worker/ask.js");
    reading.value = await ask("discuss", "read", id, text.value);
    met.value = reading.value.points.flatMap(({ hinted }, i) => (hinted ? [i] : []));
  };
  return (
    <section class="plate question" aria-label={prompt}>
      <p class="hint">{topic}</p>
      <h2>{prompt}</h2>
      <label class="field">
        <span>Your answer (kept in this browser)</span>
        <textarea rows={8} value={text.value} onInput={(event) => write(event.currentTarget.value)} />
      </label>
      <div class="row attach">
        <label class="field">
          <span>A state of the lab that shows it: paste its link</span>
          <input
            type="text"
            value={link.value}
            placeholder={`…/${bar[1].path}#v=1&…`}
            onInput={(event) => (link.value = event.currentTarget.value)}
          />
        </label>
        <button
          type="button"
          disabled={link.value.trim() === ""}
          onClick={() => write(`${text.value}\n${link.value.trim()}`)}
        >
          Attach
        </button>
      </div>
      <div class="row">
        <button type="button" class="primary" disabled={text.value.trim().length < 20} onClick={reveal}>
          I have written: what does a good answer have?
        </button>
        {text.value.trim().length < 20 && <span class="hint">Write a sentence first.</span>}
      </div>
      {reading.value && (
        <div class="note info" role="status">
          <p>
            <b>
              {met.value.length} of {reading.value.points.length} points.
            </b>{" "}
            Those that your words hint at are ticked; you decide.
          </p>
          {reading.value.points.map(({ idea }, i) => (
            <Check
              key={idea}
              label={idea}
              value={met.value.includes(i)}
              onSet={(on) => (met.value = on ? [...met.value, i] : met.value.filter((one) => one !== i))}
            />
          ))}
          <details class="more">
            <summary>A model answer</summary>
            <p>{reading.value.model}</p>
          </details>
        </div>
      )}
      <div class="row">
        <button type="button" onClick={() => store.set({ at: store.state.value.at + 1 })}>
          Next question
        </button>
      </div>
    </section>
  );
}

export const screen: Screen<typeof schema, readonly Discussion[]> = {
  path: "discuss/",
  title: "Discuss",
  about:
    "Open questions on sequence losses, answered in words and marked by yourself against the points of a good answer.",
  schema,
  answer: (_, ask) => ask("discuss", "discussions"),
  View,
};
