import {
  drawLattice,
  gradientTable,
  type LatticeView,
  latticeSentence,
  latticeTable,
} from "../../models/ctcLattice.js";
import { float32Sentence, float32Sums } from "../../models/float32Sums.js";
import { shown } from "../../models/number.js";
import { Segments } from "../controls.js";
import { Figure } from "../figure.js";
import { GradientMap } from "./gradientMap.js";
import { NodeCard } from "./nodeCard.js";
import { Player } from "./player.js";
import { RecurrenceLines } from "./recurrenceLines.js";
import type { CtcProps } from "./screen.js";
import { TrellisDrawing } from "./trellisDrawing.js";

const tabs: readonly (readonly [LatticeView, string])[] = [
  ["alpha", "α forward"],
  ["beta", "β backward"],
  ["gamma", "γ occupancy"],
  ["best", "Best path"],
  ["gradient", "Gradient"],
];

const lookFor: Readonly<Record<LatticeView, string>> = {
  alpha:
    "how weight flows in from the left. Each column is coloured beside its own greatest value, for α shrinks with every frame.",
  beta: "how much is still to come, counted from the right. α and β of one node multiply to the weight of all alignments through it.",
  gamma: "where the alignments agree. Each column adds up to 1: at every frame an alignment is somewhere.",
  best: "how little of the whole even the likeliest alignment holds. The loss counts all of them.",
  gradient: "where the loss pulls up (rust: more of this symbol lowers the loss) and where it pushes down (blue).",
};

const crossings =
  "the band from corner to corner. Right reads a frame, down writes a label; every path crosses from each frame to the next once.";

const NONE: ReadonlySet<number> = new Set();

/** The lattice with its views, its player, and what is said of one node. */
export function Trellis({ store, answer, state }: CtcProps) {
  const { lattice } = answer;
  const { view } = state;
  const drawn = drawLattice(lattice, view === "gradient" ? "gamma" : view, view === "gradient" ? 0 : state.step);
  const inFloat32 = state.linear && lattice.kind === "ctc" ? float32Sums(lattice) : undefined;
  const table = view === "gradient" ? gradientTable(lattice) : latticeTable(lattice, state.graves);
  return (
    <Figure
      name={`ctc-${view}`}
      title={latticeSentence(lattice)}
      lookFor={view === "gamma" && lattice.kind === "transducer" ? crossings : lookFor[view]}
      table={table}
      controls={
        <Segments
          quiet
          label="What the lattice shows"
          value={view}
          options={tabs}
          onSet={(next) => store.set({ view: next })}
        />
      }
    >
      {view === "gradient" ? (
        <GradientMap lattice={lattice} />
      ) : (
        <>
          <TrellisDrawing store={store} lattice={lattice} drawn={drawn} state={state} lost={inFloat32?.lost ?? NONE} />
          {lattice.kind === "ctc" && (view === "alpha" || state.linear) && (
            <Segments
              label="α summed as"
              value={state.linear ? "products" : "logarithms"}
              options={[
                ["logarithms", "logarithms"],
                ["products", "products, in float32"],
              ]}
              onSet={(value) => store.set({ linear: value === "products" })}
            />
          )}
          {inFloat32 !== undefined && lattice.count !== "0" && (
            <p class="note" role="status">
              {float32Sentence(inFloat32, lattice.loss, shown)}
              {inFloat32.lost.size > 0 && " Crossed out: nodes that were lost."}
            </p>
          )}
          <Player store={store} frames={lattice.frames} />
          <NodeCard store={store} lattice={lattice} state={state} />
          <RecurrenceLines lattice={lattice} state={state} />
        </>
      )}
    </Figure>
  );
}
