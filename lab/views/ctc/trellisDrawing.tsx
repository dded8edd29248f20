import {
  columnSums,
  type DrawnLattice,
  latticeSentence,
  moveCursor,
  nodeSentence,
  pinsOf,
  togglePin,
} from "../../models/ctcLattice.js";
import { shown } from "../../models/number.js";
import type { LatticeAnswer } from "../../worker/answers/ctc.js";
import type { CtcProps, CtcState } from "./screen.js";

interface Props {
  readonly store: CtcProps["store"];
  readonly lattice: LatticeAnswer;
  readonly drawn: DrawnLattice;
  readonly state: CtcState;
  /** Nodes that float32 has lost. */
  readonly lost: ReadonlySet<number>;
}

/** Nodes and edges; one stop for the keyboard, with a cursor inside. */
export function TrellisDrawing({ store, lattice, drawn, state, lost }: Props) {
  const { view } = state;
  const cursor = Math.min(store.state.value.cursor, lattice.nodes.length - 1);
  const pins = pinsOf(lattice, store.state.value.pins);
  const sums = view === "gamma" && lattice.kind === "ctc" && lattice.count !== "0" ? columnSums(lattice) : [];
  const height = drawn.height + (sums.length > 0 ? 16 : 0);
  const press = (event: KeyboardEvent) => {
    const now = store.state.value; // keys can come faster than the drawing
    const at = Math.min(now.cursor, lattice.nodes.length - 1);
    if (event.key === "Enter") store.set({ pins: togglePin(pinsOf(lattice, now.pins), at) });
    if (event.key === "Escape") store.set({ pins: [] });
    const next = moveCursor(lattice, at, event.key);
    if (next === undefined) return;
    event.preventDefault();
    store.drag({ cursor: next });
  };
  const colour = view === "best" ? "gamma" : view;
  return (
    <section
      class="scroll lattice"
      tabIndex={0}
      aria-label={`Lattice. ${nodeSentence(lattice, cursor, view, state.graves)} Arrow keys move, Enter pins.`}
      onKeyDown={press}
    >
      <svg
        class={`drawing ${colour}`}
        viewBox={`0 0 ${drawn.width} ${height}`}
        width={drawn.width}
        height={height}
        role="img"
        aria-label={latticeSentence(lattice)}
      >
        <g>
          {drawn.edges.map((edge) => (
            <path
              key={edge.path}
              d={edge.path}
              class={edge.onBuilt ? "edge built" : edge.onBest && view === "best" ? "edge onbest" : "edge"}
              stroke-opacity={edge.strength < 0 ? 0.12 : undefined}
            />
          ))}
        </g>
        <g>
          {drawn.rows.map((row, i) => (
            <text key={i} x={40} y={row.y + 4} text-anchor="middle" class={row.blank ? "muted" : "symbol"}>
              {row.text}
            </text>
          ))}
          {drawn.columns.map((column) => (
            <text key={column.text} x={column.x} y={drawn.height - 12} text-anchor="middle" class="muted">
              {column.text}
            </text>
          ))}
          {sums.length > 0 && (
            <text x={40} y={height - 8} text-anchor="middle" class="muted">
              Σγ
            </text>
          )}
          {sums.map((sum, t) => (
            <text key={t} x={drawn.columns[t].x} y={height - 8} text-anchor="middle" class="muted">
              {shown(sum, 3)}
            </text>
          ))}
        </g>
        <g>
          {drawn.nodes.map((node) => (
            <g key={node.index} class="spot" onClick={() => store.set({ cursor: node.index })}>
              {node.reachable && <circle cx={node.x} cy={node.y} r={drawn.radius} class="ground" />}
              <circle
                cx={node.x}
                cy={node.y}
                r={drawn.radius}
                class={`node${node.reachable ? "" : " off"}${node.onBuilt ? " built" : ""}`}
                fill-opacity={node.reachable ? node.strength.toFixed(4) : 0}
              />
              {lost.has(node.index) && <path class="lost" d={`M${node.x - 5} ${node.y - 5}l10 10m-10 0l10 -10`} />}
              {pins.includes(node.index) && <circle cx={node.x} cy={node.y} r={drawn.radius + 1} class="pin" />}
              {node.index === cursor && <circle cx={node.x} cy={node.y} r={drawn.radius + 4} class="cursor" />}
            </g>
          ))}
        </g>
      </svg>
    </section>
  );
}
