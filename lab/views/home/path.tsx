import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { isRecord, kept } from "../../state/kept.js";
import { useRoot } from "../root.js";

const stations: readonly { readonly path: string; readonly name: string; readonly about: string }[] = [
  { path: "losses/", name: "Losses", about: "one step: curve, slope, derivation" },
  { path: "ctc/", name: "CTC", about: "a whole sequence: every alignment" },
  { path: "train/", name: "Train", about: "the loss at work: a network learns" },
  { path: "gradients/", name: "Gradients", about: "what is left of it fifty steps back" },
  { path: "problems/", name: "Problems", about: "by hand, checked line by line" },
  { path: "quiz/", name: "Quiz", about: "what has stayed with you" },
];

/** The way through the subject; what was visited is known to this browser alone. */
export function Path() {
  const root = useRoot();
  const visited = useSignal<Record<string, unknown>>({});
  useEffect(() => {
    visited.value = kept("visited", isRecord, {});
  }, [visited]);
  return (
    <section aria-labelledby="path">
      <h2 id="path">A path through the subject</h2>
      <ol class="cards small path">
        {stations.map(({ path, name, about }, i) => (
          <li key={path}>
            <a class="plate card" href={root + path}>
              <span class="hint">
                {i + 1}
                {visited.value[path] === true && ", visited"}
              </span>
              <b>{name}</b>
              <span>{about}</span>
            </a>
          </li>
        ))}
      </ol>
    </section>
  );
}
