import { shown } from "../../models/number.js";
import { prefixTable, prefixTree } from "../../models/prefixTree.js";
import { Slider } from "../controls.js";
import { Figure } from "../figure.js";
import type { CtcProps } from "./screen.js";

/** Greedy reading against prefix beam search: what is kept after each frame, and what wins. */
export function Decoding({ store, answer }: CtcProps) {
  const { decoded } = answer;
  const tree = prefixTree(decoded);
  const best = decoded.frames.at(-1)?.[0];
  const differs = best !== undefined && best.text !== decoded.greedy;
  const quote = (text: string) => (text === "" ? "nothing" : text);
  const title = differs
    ? `Greedy reads ${quote(decoded.greedy)} (${shown(decoded.greedyProbability)}), but ${quote(best.text)} is more probable (${shown(best.probability)})`
    : `Greedy and beam search both read ${quote(decoded.greedy)}`;
  return (
    <Figure
      name="ctc-beam"
      title={title}
      lookFor="prefixes whose weight comes in from two sides: one that stays and one that grows. Frames are normalised here, for a decoder needs probabilities."
      table={prefixTable(decoded)}
    >
      <section class="scroll lattice" tabIndex={0} aria-label="Prefixes that the beam keeps after each frame">
        <svg
          class="drawing"
          viewBox={`0 0 ${tree.width} ${tree.height}`}
          width={tree.width}
          height={tree.height}
          role="img"
          aria-label={title}
        >
          {tree.edges.map((edge) => (
            <path key={edge.path} d={edge.path} class={edge.extends ? "edge grows" : "edge"} />
          ))}
          {tree.nodes.map((node) => (
            <g key={`${node.x} ${node.y}`}>
              <circle cx={node.x - 4} cy={node.y} r={4} class="node prefix" fill-opacity={node.strength.toFixed(3)} />
              <text x={node.x + 4} y={node.y + 4} class={node.strength === 1 ? "symbol" : undefined}>
                {node.text.length > 6 ? `…${node.text.slice(-5)}` : node.text}
              </text>
            </g>
          ))}
        </svg>
      </section>
      <Slider
        label="Beam width"
        value={store.state.value.beam}
        least={1}
        most={10}
        onDrag={(beam) => store.drag({ beam })}
        onSet={(beam) => store.set({ beam: Math.round(beam) })}
      />
    </Figure>
  );
}
