import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { drawLattice, latticeSentence } from "../../models/ctcLattice.js";
import type { LatticeAnswer } from "../../worker/answers/ctc.js";
import { useRoot } from "../root.js";

/** A column, in milliseconds: eight of them stay below five seconds. */
const PACE = 550;

/** The lattice of HELLO: complete at rest; it plays once, can be paused, and does not move for who wants no motion. */
export function Hero({ hero }: { readonly hero: LatticeAnswer }) {
  const root = useRoot();
  const step = useSignal(0);
  const playing = useSignal(false);
  useEffect(() => {
    playing.value = !matchMedia("(prefers-reduced-motion: reduce)").matches;
  }, [playing]);
  useEffect(() => {
    if (!playing.value) return;
    const timer = setInterval(() => {
      step.value += 1;
      if (step.value >= hero.frames) {
        step.value = 0;
        playing.value = false;
      }
    }, PACE);
    return () => clearInterval(timer);
  }, [playing.value, hero.frames, step, playing]);
  const drawn = drawLattice(hero, "gamma", step.value);
  return (
    <section class="plate hero" aria-label="The lattice of HELLO">
      <div class="lattice scroll">
        <svg
          class="drawing gamma"
          viewBox={`0 0 ${drawn.width} ${drawn.height}`}
          role="img"
          aria-label={latticeSentence(hero)}
        >
          {drawn.edges.map((edge) => (
            <path key={edge.path} d={edge.path} class="edge" stroke-opacity={edge.strength < 0 ? 0.12 : undefined} />
          ))}
          {drawn.rows.map((row, i) => (
            <text key={i} x={40} y={row.y + 4} text-anchor="middle" class={row.blank ? "muted" : "symbol"}>
              {row.text}
            </text>
          ))}
          {drawn.nodes.map((node) => (
            <g key={node.index}>
              {node.reachable && <circle cx={node.x} cy={node.y} r={drawn.radius} class="ground" />}
              <circle
                cx={node.x}
                cy={node.y}
                r={drawn.radius}
                class={node.reachable ? "node" : "node off"}
                fill-opacity={node.reachable ? node.strength.toFixed(3) : 0}
              />
            </g>
          ))}
        </svg>
      </div>
      <div class="words">
        <h2>Nobody says where a letter is spoken</h2>
        <p>
          {latticeSentence(hero)}. CTC adds all of them up. A dark node is one that most of the weight passes through.
        </p>
        <div class="row">
          <a class="button primary" href={`${root}ctc/`}>
            Open the lattice
          </a>
          <button type="button" onClick={() => (playing.value = !playing.value)}>
            {playing.value ? "Pause" : "Play"}
          </button>
        </div>
      </div>
    </section>
  );
}
