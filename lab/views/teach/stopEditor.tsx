import { useSignal } from "@preact/signals";
import { relativeLink, type Stop } from "../../state/lesson.js";
import { copyAddress } from "../copyLink.js";
import { useRoot } from "../root.js";
import { EmbedPart } from "./embedPart.js";
import { readersLink, type TeachProps } from "./state.js";

/** The stops of a lesson, to add, change and order. */
interface Props extends Pick<TeachProps, "store"> {
  /** Told how the copying went. */
  readonly onSaid: (text: string) => void;
}

export function StopEditor({ store, onSaid }: Props) {
  const root = useRoot();
  const link = useSignal("");
  const prompt = useSignal("");
  const problem = useSignal("");
  const list = store.state.value.stops;
  const put = (next: readonly Stop[]) => store.set({ stops: next });
  const add = (event: Event) => {
    event.preventDefault();
    const found = relativeLink(link.value, new URL(root || "./", location.href).href);
    if (found === undefined)
      problem.value = "This is no link into the lab. Open a screen, set it up, and copy its address.";
    else {
      problem.value = "";
      put([...list, { link: found, prompt: prompt.value.slice(0, 400) }]);
      link.value = "";
      prompt.value = "";
    }
  };
  const move = (i: number, by: number) => {
    const next = [...list];
    [next[i], next[i + by]] = [next[i + by], next[i]];
    put(next);
  };
  return (
    <>
      <ol class="lines">
        {list.map((stop, i) => (
          <li key={i} class="plate">
            <label class="field">
              <span>
                Stop {i + 1}: <a href={root + stop.link}>{stop.link || "home"}</a>
              </span>
              <textarea
                rows={2}
                maxLength={400}
                value={stop.prompt}
                onChange={(event) =>
                  put(list.map((one, j) => (j === i ? { ...one, prompt: event.currentTarget.value } : one)))
                }
              />
            </label>
            <label class="field">
              <span>A good answer (for your own sheet; readers' links leave it out)</span>
              <textarea
                rows={1}
                maxLength={400}
                value={stop.answer ?? ""}
                onChange={(event) =>
                  put(list.map((one, j) => (j === i ? { ...one, answer: event.currentTarget.value } : one)))
                }
              />
            </label>
            <div class="row">
              <button type="button" disabled={i === 0} onClick={() => move(i, -1)}>
                Up
              </button>
              <button type="button" disabled={i === list.length - 1} onClick={() => move(i, 1)}>
                Down
              </button>
              <button type="button" onClick={() => put(list.filter((_, j) => j !== i))}>
                Remove
              </button>
            </div>
            <EmbedPart stop={stop} />
          </li>
        ))}
      </ol>
      {list.length < 8 && (
        <form class="plate" onSubmit={add} aria-label="A new stop">
          <label class="field">
            <span>The address of a screen, as you set it up</span>
            <input type="text" value={link.value} onInput={(event) => (link.value = event.currentTarget.value)} />
          </label>
          <label class="field">
            <span>The task there</span>
            <textarea
              rows={2}
              maxLength={400}
              value={prompt.value}
              onInput={(event) => (prompt.value = event.currentTarget.value)}
            />
          </label>
          <div class="row">
            <button type="submit">Add this stop</button>
            <span role="alert">{problem.value}</span>
          </div>
        </form>
      )}
      {list.length > 0 && (
        <div class="row">
          <button
            type="button"
            class="primary"
            onClick={() => {
              const link = readersLink(store.state.value);
              copyAddress(location.href.split("#")[0] + link).then(onSaid);
            }}
          >
            Copy the lesson's link
          </button>
          <button type="button" onClick={() => store.set({ mode: "read" })}>
            See it as a sheet
          </button>
        </div>
      )}
    </>
  );
}
