import { looks, saliencySentence, saliencyTable } from "../../models/heatStrip.js";
import type { SaliencyAnswer } from "../../worker/answers/learning.js";
import { TextField } from "../controls.js";
import { Figure } from "../figure.js";
import type { GradientProps } from "./screen.js";

const CELL = 30;
const LEFT = 48;

interface Props extends Pick<GradientProps, "store"> {
  readonly saliency: SaliencyAnswer;
}

/** The reader's letters, shaded by how much one output of the trained network depends on each. */
export function SaliencyFigure({ store, saliency }: Props) {
  const { inputs, outputs } = saliency;
  const { text, output } = store.state.value;
  const t = Math.min(output, Math.max(0, inputs.length - 1));
  const strengths = looks(saliency, t);
  const title = saliencySentence(saliency, t);
  const width = LEFT + Math.max(inputs.length, 1) * CELL + 8;
  const press = (event: KeyboardEvent) => {
    const last = inputs.length - 1;
    const next = { ArrowLeft: t - 1, ArrowRight: t + 1, Home: 0, End: last }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    store.drag({ output: Math.max(0, Math.min(last, next)) });
  };
  return (
    <Figure
      name="saliency"
      title={title}
      lookFor="one dark letter, always as far back: the network has found where its answer is."
      table={saliencyTable(saliency)}
    >
      <TextField label="Letters from a to h" value={text} onSet={(next) => store.set({ text: next })} />
      <section
        class="scroll lattice"
        tabIndex={0}
        aria-label={`${title}. Arrow keys choose an output.`}
        onKeyDown={press}
      >
        <svg class="drawing" viewBox={`0 0 ${width} 104`} width={width} height={104} role="img" aria-label={title}>
          <text x={4} y={27} class="muted">
            input
          </text>
          <text x={4} y={83} class="muted">
            output
          </text>
          {inputs.map((letter, k) => (
            <g key={k} class="spot" onClick={() => store.set({ output: k })}>
              <rect x={LEFT + k * CELL} y={8} width={CELL - 2} height={30} class="tile" />
              <rect
                x={LEFT + k * CELL}
                y={8}
                width={CELL - 2}
                height={30}
                class="cell plus"
                fill-opacity={(0.6 * (strengths[k] ?? 0)).toFixed(3)}
              />
              <text x={LEFT + (k + 0.5) * CELL - 1} y={27} text-anchor="middle" class="symbol">
                {letter}
              </text>
              {(strengths[k] ?? 0) > 0.25 && (
                <path
                  class="ribbon"
                  d={`M${LEFT + (k + 0.5) * CELL} 40C${LEFT + (k + 0.5) * CELL} 52 ${LEFT + (t + 0.5) * CELL} 52 ${LEFT + (t + 0.5) * CELL} 62`}
                  stroke-opacity={strengths[k].toFixed(2)}
                />
              )}
              <rect x={LEFT + k * CELL} y={64} width={CELL - 2} height={30} class={k === t ? "tile kept" : "tile"} />
              <text x={LEFT + (k + 0.5) * CELL - 1} y={83} text-anchor="middle" class="symbol">
                {outputs[k]}
              </text>
            </g>
          ))}
        </svg>
      </section>
    </Figure>
  );
}
