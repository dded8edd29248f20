import { latticeViews } from "../../models/ctcLattice.js";
import { choice, flag, rows, type State, whole, words } from "../../state/fields.js";
import type { CtcScreenAnswer } from "../../worker/answers/ctc.js";
import type { Screen, ViewProps } from "../screen.js";
import { Alignments } from "./alignments.js";
import { CollapseStrip } from "./collapseStrip.js";
import { Controls } from "./controls.js";
import { Decoding } from "./decoding.js";
import { Result } from "./result.js";
import { Trellis } from "./trellis.js";

export const schema = {
  family: choice("f", ["ctc", "transducer"]),
  label: words("l", "HELLO", 12),
  frames: whole("t", 8, 1, 64),
  source: choice("s", ["symbol", "frame", "random"]),
  weights: rows("w", [], { rows: 1, width: 13, least: 0, most: 1000 }),
  grid: rows("g", [], { rows: 64, width: 13, least: 0, most: 1000 }),
  seed: whole("r", 1, 0, 9999),
  normalised: flag("n", false),
  view: choice("m", latticeViews),
  graves: flag("b", false),
  step: whole("p", 0, 0, 64),
  cursor: whole("c", 36, 0, 1599),
  built: words("a", "", 64),
  beam: whole("k", 4, 1, 10),
  blankLast: flag("z", false),
  pins: rows("i", [], { rows: 1, width: 2, least: 0, most: 1599 }),
  /** Whether the sums are also made of products in float32, as they must not be. */
  linear: flag("x", false),
};

export type CtcProps = ViewProps<typeof schema, CtcScreenAnswer>;
export type CtcState = State<typeof schema>;

function View(props: CtcProps) {
  return (
    <div class="screen">
      <div class="controls">
        <Controls {...props} />
      </div>
      <div class="stage">
        <Trellis {...props} />
        {props.state.family === "ctc" && <CollapseStrip {...props} />}
        {props.state.family === "ctc" && <Decoding {...props} />}
      </div>
      <div class="results">
        <Result {...props} />
        <Alignments {...props} />
      </div>
    </div>
  );
}

export const screen: Screen<typeof schema, CtcScreenAnswer> = {
  path: "ctc/",
  title: "CTC lattice",
  about: "Every alignment behind a CTC loss: forward, backward, occupancy, best path and gradient of your own scores.",
  schema,
  answer: (state, ask) => ask("ctc", "ctcScreen", state),
  View,
};
