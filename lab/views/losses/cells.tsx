import { shown } from "../../models/number.js";
import { Figure } from "../figure.js";
import type { LossProps } from "./screen.js";

const CELL = 84;
const ROW = 56;
const LEFT = 88;

/** From one step to a sequence: what each step adds, what padding does not. */
export function Cells({ answer, store }: LossProps) {
  const { cells, shape, value } = answer;
  const steps = shape[1] ?? 1;
  const perStep = cells.some(({ loss }) => loss !== undefined);
  const most = Math.max(...cells.map(({ gradient }) => gradient), 1e-300);
  const real = cells.filter(({ padded }) => !padded);
  const total = real.reduce((sum, { loss = 0 }) => sum + loss, 0);
  const perCell = answer.outputs.length / cells.length;
  const [width, height] = [LEFT + steps * CELL, shape[0] * ROW + 34];
  const title = perStep
    ? `${real.length} real steps cost ${shown(total)} together; the value is ${shown(value)}`
    : `The value is ${shown(value)}: a whole sequence costs, not a step of it`;
  return (
    <Figure
      name={`${answer.name}-steps`}
      title={title}
      lookFor="padding: it costs nothing and gets no gradient, whatever stands there. The bar below a step is the length of its gradient."
      table={{
        head: ["sequence", "step", "padding", "loss", "gradient"],
        rows: cells.map((cell) => [
          String(cell.sequence),
          cell.step,
          cell.padded ? "yes" : "no",
          cell.loss ?? "",
          cell.gradient,
        ]),
      }}
    >
      <section class="scroll lattice" tabIndex={0} aria-label="Steps of both sequences">
        <svg
          class="drawing"
          viewBox={`0 0 ${width} ${height}`}
          width={width}
          height={height}
          role="img"
          aria-label={title}
        >
          {cells.map((cell, i) => {
            const [x, y] = [LEFT + cell.step * CELL, cell.sequence * ROW + 4];
            const chosen = Math.floor(answer.place / perCell) === i;
            return (
              <g key={`${cell.sequence} ${cell.step}`} class="spot" onClick={() => store.set({ place: i * perCell })}>
                <rect
                  x={x}
                  y={y}
                  width={CELL - 6}
                  height={ROW - 12}
                  class={cell.padded ? "tile padding" : chosen ? "tile chosen" : "tile"}
                />
                <text x={x + CELL / 2 - 3} y={y + 20} text-anchor="middle" class={cell.padded ? "muted" : undefined}>
                  {cell.padded ? "padding" : cell.loss === undefined ? "" : shown(cell.loss, 3)}
                </text>
                <rect x={x + 6} y={y + ROW - 22} width={((CELL - 18) * cell.gradient) / most} height={4} class="pull" />
              </g>
            );
          })}
          {Array.from({ length: shape[0] }, (_, b) => (
            <text key={b} x={0} y={b * ROW + 28} class="muted">
              sequence {b}
            </text>
          ))}
          {Array.from({ length: steps }, (_, t) => (
            <text key={t} x={LEFT + (t + 0.5) * CELL - 3} y={height - 10} text-anchor="middle" class="muted">
              {t}
            </text>
          ))}
        </svg>
      </section>
    </Figure>
  );
}
