import { shown } from "../../models/number.js";
import { drawReach, reachSentence, reachTable, unroll } from "../../models/reach.js";
import { Figure } from "../figure.js";
import { ScrollBox } from "../scrollBox.js";
import type { GradientProps } from "./screen.js";

const colours = ["first", "second", "third"];

/** The network unrolled; an arrow back through time is as wide as the logarithm of what it carries. */
export function UnrolledFigure({ answer }: GradientProps) {
  const drawn = unroll(answer);
  const title = "The Elman network, unrolled: the gradient comes in at the right";
  return (
    <Figure
      name="unrolled"
      title={title}
      lookFor="where the arrows thin out. Colour on one fixed scale: rust below 1, blue above 1."
      table={reachTable(answer)}
    >
      <section class="scroll lattice" tabIndex={0} aria-label={title}>
        <svg
          class="drawing"
          viewBox={`0 0 ${drawn.width} ${drawn.height}`}
          width={drawn.width}
          height={drawn.height}
          role="img"
          aria-label={title}
        >
          {drawn.arrows.map(({ x1, x2, width }) => (
            <g key={x1} class="arrow">
              <path d={`M${x1} 40H${x2 + 6}`} stroke-width={width.toFixed(2)} />
              <path class="tip" d={`M${x2} 40l9 -6v12z`} />
            </g>
          ))}
          {drawn.cells.map(({ x, text, strength, grows }) => (
            <g key={text}>
              <circle cx={x} cy={40} r={15} class="ground" />
              <circle
                cx={x}
                cy={40}
                r={15}
                class={grows ? "cell plus ring" : "cell minus ring"}
                fill-opacity={strength.toFixed(3)}
              />
              <text x={x} y={80} text-anchor="middle" class="muted">
                {text}
              </text>
            </g>
          ))}
        </svg>
      </section>
    </Figure>
  );
}

/** The norm of the gradient, step by step backwards, of three cells and of the bound. */
export function ReachFigure({ answer }: GradientProps) {
  const drawn = drawReach(answer);
  const title = reachSentence(answer);
  // names that would stand on each other are moved apart
  const ends = drawn.lines.map(({ y }, i) => ({ y, i })).toSorted((a, b) => a.y - b.y);
  ends.forEach((end, k) => {
    if (k > 0) end.y = Math.max(end.y, ends[k - 1].y + 15);
  });
  return (
    <Figure
      name="reach"
      title={title}
      lookFor="straight lines: what is multiplied by the same factor again and again falls, or grows, exponentially. Doubling T squares what is left."
      table={reachTable(answer)}
    >
      <ScrollBox label={title}>
        <svg class="drawing" viewBox={`0 0 ${drawn.width} ${drawn.height}`} role="img" aria-label={title}>
          {drawn.y.map(({ at, text, one }) => (
            <g key={text}>
              <path class={one ? "zero" : "axis"} d={`M${drawn.left} ${at}H${drawn.right}`} />
              <text x={drawn.left - 8} y={at + 4} text-anchor="end" class="muted">
                {text}
              </text>
            </g>
          ))}
          {drawn.x.map(({ at, text }) => (
            <text key={text} x={at} y={drawn.height - 16} text-anchor="middle" class="muted">
              {text}
            </text>
          ))}
          <text x={drawn.right} y={drawn.height - 2} text-anchor="end" class="muted">
            steps back
          </text>
          <path class="series dashed bound" d={drawn.bound} />
          {drawn.lines.map((line, i) => (
            <g key={line.name}>
              <path class={`series ${colours[i]}`} d={line.path} />
              <text x={line.x + 6} y={(ends.find((end) => end.i === i)?.y ?? line.y) + 4}>
                {line.name}
              </text>
            </g>
          ))}
        </svg>
      </ScrollBox>
      <p class="hint">
        Dashed: (σ · φ′)<sup>k</sup>, k steps back, with the largest singular value σ ={" "}
        {shown(answer.largestSingular, 3)} of Elman's weights and the largest slope φ′ of its tanh; its gradient can
        never be above it. Their spectral radius is {shown(answer.radius, 3)}. The LSTM's forget gates begin with a bias
        of 2.
      </p>
    </Figure>
  );
}
