import { heat } from "../../models/ctcLattice.js";
import { shown } from "../../models/number.js";
import type { LatticeAnswer } from "../../worker/answers/ctc.js";

const W = 56;
const H = 34;
const LEFT = 40;

/** The gradient of the loss, symbol by frame: rust is negative, blue is positive. */
export function GradientMap({ lattice }: { readonly lattice: LatticeAnswer }) {
  const { gradient, symbols, frames } = lattice;
  const { cells, most } = heat(gradient);
  const [width, height] = [LEFT + frames * W + 8, symbols.length * H + 36];
  return (
    <section class="scroll lattice" tabIndex={0} aria-label="Gradient of the loss, symbol by frame">
      <svg
        class="drawing"
        viewBox={`0 0 ${width} ${height}`}
        width={width}
        height={height}
        role="img"
        aria-label={`The gradient; the largest entry is ${shown(most)} in size. The table has all of them.`}
      >
        {cells.map(({ t, k, value, strength }) => (
          <g key={`${t} ${k}`}>
            <rect
              x={LEFT + t * W + 1}
              y={k * H + 1}
              width={W - 2}
              height={H - 2}
              class={value < 0 ? "cell minus" : "cell plus"}
              fill-opacity={(0.75 * strength).toFixed(3)}
            />
            <text x={LEFT + (t + 0.5) * W} y={(k + 0.5) * H + 4} text-anchor="middle">
              {Math.abs(value) < 5e-4 ? "0" : value.toFixed(3).replace("-", "−")}
            </text>
          </g>
        ))}
        {symbols.map((symbol, k) => (
          <text
            key={symbol}
            x={20}
            y={(k + 0.5) * H + 4}
            text-anchor="middle"
            class={symbol === "∅" ? "muted" : "symbol"}
          >
            {symbol}
          </text>
        ))}
        {gradient.map((_, t) => (
          <text key={t} x={LEFT + (t + 0.5) * W} y={height - 12} text-anchor="middle" class="muted">
            {t + 1}
          </text>
        ))}
      </svg>
    </section>
  );
}
