import { drawHeat, heatSentence, heatTable } from "../../models/heatStrip.js";
import type { LearningAnswer } from "../../worker/answers/learning.js";
import { Figure } from "../figure.js";
import { ScrollBox } from "../scrollBox.js";

/** How far back a gradient reaches, while a network learns: training step by lag, on one fixed scale. */
export function LearningFigure({ learning }: { readonly learning: LearningAnswer }) {
  const { width, height, left, cell, cells, x, y } = drawHeat(learning);
  const title = heatSentence(learning);
  return (
    <Figure
      name="learning"
      title={title}
      lookFor={`the row of ${learning.lag}: the network is to say what came ${learning.lag} steps before. What it needs reaches it; what it does not need may fade. Rust is less than 1, blue is more; full colour is a thousandth, or a thousand.`}
      table={heatTable(learning)}
    >
      <ScrollBox label={title}>
        <svg class="drawing" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={title}>
          {cells.map(({ x, y, grows, strength }) => (
            <rect
              key={`${x} ${y}`}
              x={x.toFixed(1)}
              y={y}
              width={cell.width.toFixed(1)}
              height={cell.height}
              class={grows ? "cell plus" : "cell minus"}
              fill-opacity={strength.toFixed(3)}
            />
          ))}
          {y.map(({ at, text, asked }) => (
            <text key={text} x={left - 8} y={at} text-anchor="end" class={asked ? "symbol" : "muted"}>
              {asked ? `${text} back` : text}
            </text>
          ))}
          <text x={left - 8} y={height - 12} text-anchor="end" class="muted">
            step
          </text>
          {x.map(({ at, text }) => (
            <text key={text} x={at} y={height - 12} text-anchor="middle" class="muted">
              {text}
            </text>
          ))}
        </svg>
      </ScrollBox>
    </Figure>
  );
}
