import { choice, rows, type State, whole, words } from "../../state/fields.js";
import type { LossAnswer } from "../../worker/answers/losses.js";
import type { Screen, ViewProps } from "../screen.js";
import { Breaking } from "./breaking.js";
import { Cells } from "./cells.js";
import { Chances } from "./chances.js";
import { Code } from "./code.js";
import { LossControls } from "./controls.js";
import { Curves } from "./curves.js";
import { Derivation } from "./derivation.js";
import { useLinkedTerms } from "./linkedTerms.js";
import { Outputs } from "./outputs.js";

export const schema = {
  seed: whole("r", 1, 0, 9999),
  place: whole("i", 0, 0, 511),
  edits: rows("e", [], { rows: 48, width: 2, least: -1000, most: 1000 }),
  parameters: rows("o", [], { rows: 8, width: 2, least: 0, most: 100 }),
  reduction: choice("m", ["mean", "sum", "none"]),
  real: whole("n", 0, 0, 64),
  per: choice("d", ["", "step", "sequence"]),
  weights: rows("u", [], { rows: 24, width: 2, least: 0, most: 100 }),
  goals: rows("y", [], { rows: 24, width: 2, least: -1000, most: 1000 }),
  versus: words("vs", "", 120),
};

export type LossProps = ViewProps<typeof schema, LossAnswer>;
export type LossState = State<typeof schema>;

function View(props: LossProps) {
  const linked = useLinkedTerms();
  return (
    <div class="screen linked" ref={linked}>
      <div class="controls">
        <LossControls {...props} />
      </div>
      <div class="stage">
        <Curves {...props} />
        <Chances {...props} />
        <Cells {...props} />
        <Outputs {...props} />
        <Breaking {...props} />
      </div>
      <div class="results">
        <Derivation {...props} />
        <Code {...props} />
      </div>
    </div>
  );
}

/** The screen of one loss; all share this template. */
export function lossPage(name: string, summary: string): Screen<typeof schema, LossAnswer> {
  return {
    path: `losses/${name}/`,
    title: name,
    about: `${name}: ${summary}. Its curve, its gradient, its derivation on your numbers, and code.`,
    schema,
    answer: (state, ask) => ask("losses", "lossScreen", name, state),
    View,
  };
}
