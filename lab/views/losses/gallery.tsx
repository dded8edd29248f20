import { sketch } from "../../models/curve.js";
import { families } from "../../models/families.js";
import type { LossCard } from "../../worker/answers/losses.js";
import { useRoot } from "../root.js";
import type { Screen, ViewProps } from "../screen.js";

/** A small curve of a loss. */
export function Sketch({ card }: { readonly card: LossCard }) {
  return (
    <svg class="sketch" viewBox="0 0 200 72" aria-hidden="true">
      <path class="axis" d="M0 71.5H200" />
      <path class="series first" d={sketch(card.curve, 200, 72)} />
    </svg>
  );
}

function View({ answer }: ViewProps<Record<never, never>, readonly LossCard[]>) {
  const root = useRoot();
  return (
    <div class="page">
      <div>
        <h1>Losses</h1>
        <p class="lede">Every loss of the library, over one of its outputs. Open one to move that output yourself.</p>
      </div>
      {Object.entries(families).map(([family, title]) => (
        <section key={family} aria-labelledby={family}>
          <h2 id={family}>{title}</h2>
          <div class="cards small">
            {answer
              .filter((card) => card.family === family)
              .map((card) => (
                <a key={card.name} class="plate card" href={`${root}losses/${card.name}/`}>
                  <b>{card.name}</b>
                  <Sketch card={card} />
                  <span class="hint">{card.summary}</span>
                </a>
              ))}
          </div>
        </section>
      ))}
    </div>
  );
}

export const screen: Screen<Record<never, never>, readonly LossCard[]> = {
  path: "losses/",
  title: "Losses",
  about: "Every loss of sequence models, each with its curve, its gradient, its derivation and code.",
  schema: {},
  answer: (_, ask) => ask("losses", "gallery"),
  View,
};
