import { placeName } from "../../models/curve.js";
import { shown } from "../../models/number.js";
import { Slider } from "../controls.js";
import { Figure } from "../figure.js";
import { put } from "./edit.js";
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
  const total = real.reduce((sum, { loss = 0, weight }) => sum + weight * loss, 0);
  const perCell = answer.outputs.length / cells.length;
  const [width, height] = [LEFT + steps * CELL, shape[0] * ROW + 34];
  const here = Math.floor(answer.place / perCell);
  const { weights } = store.state.value;
  const weigh = (weight: number) => (weight === 1 ? weights.filter(([at]) => at !== here) : put(weights, here, weight));
  const weighed = real.some(({ weight }) => weight !== 1);
  const title = perStep
    ? `${real.length} real steps cost ${shown(total)} together${weighed ? ", weighed" : ""}; the value is ${shown(value)}`
    : `The value is ${shown(value)}: a whole sequence costs, not a step of it`;
  return (
    <Figure
      name={`${answer.name}-steps`}
      title={title}
      lookFor="padding, and steps that are masked: they cost nothing and get no gradient, whatever stands there. The bar below a step is the length of its gradient."
      table={{
        head: ["sequence", "step", "padding", "weight", "loss", "gradient"],
        rows: cells.map((cell) => [
          String(cell.sequence),
          cell.step,
          cell.padded ? "yes" : "no",
          cell.padded ? 0 : cell.weight,
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
            const chosen = here === i;
            const masked = cell.padded || cell.weight === 0;
            return (
              <g
                key={`${cell.sequence} ${cell.step}`}
                class="spot"
                onClick={() => store.set({ place: i * perCell })}
                data-term={chosen ? "output" : undefined}
              >
                <rect
                  x={x}
                  y={y}
                  width={CELL - 6}
                  height={ROW - 12}
                  class={`tile${masked ? " padding" : ""}${chosen ? " chosen" : ""}`}
                />
                <text x={x + CELL / 2 - 3} y={y + 20} text-anchor="middle" class={masked ? "muted" : undefined}>
                  {cell.padded
                    ? "padding"
                    : cell.weight === 0
                      ? "masked"
                      : `${cell.weight === 1 ? "" : `${shown(cell.weight, 2)} · `}${cell.loss === undefined ? "" : shown(cell.loss, 3)}`}
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
      {answer.weighs && !answer.cells[here].padded && (
        <div class="narrow">
          <Slider
            label={`Weight of ${placeName(here, [answer.shape[0], steps])} (0: masked)`}
            value={answer.cells[here].weight}
            least={0}
            most={3}
            step={0.1}
            onDrag={(weight) => store.drag({ weights: weigh(weight) })}
            onSet={(weight) => store.set({ weights: weigh(weight) })}
          />
        </div>
      )}
    </Figure>
  );
}
