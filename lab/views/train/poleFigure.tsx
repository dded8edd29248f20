import { poleSentence, poleStrip, poleTable, STRIP } from "../../models/poleStrip.js";
import { LONGEST, type PoleMoment } from "../../worker/train/settings.js";
import { Figure } from "../figure.js";
import { ScrollBox } from "../scrollBox.js";

/** A pole that training does not see, balanced by the network as it is now. */
export function PoleFigure({ path }: { readonly path: readonly PoleMoment[] }) {
  const { width, height, snapshots, lean, middle, scale } = poleStrip(path);
  const title = poleSentence(path, LONGEST);
  return (
    <Figure
      name="pole"
      title={title}
      lookFor="how the lean swings. The network sees where the cart is and how the pole leans, not how fast: it has to remember."
      table={poleTable(path)}
    >
      <ScrollBox label={title}>
        <svg class="drawing" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={title}>
          {snapshots.map(({ push, left, cart, tip: [x, y] }) => (
            <g key={push}>
              <path class="zero" d={`M${left + 4} ${STRIP.cart + 8}h${STRIP.cell - 8}`} />
              <path class="series second stick" d={`M${cart} ${STRIP.cart}L${x} ${y}`} />
              <rect class="tile" x={cart - 12} y={STRIP.cart - 4} width={24} height={10} />
              <text x={left + STRIP.cell / 2} y={116} text-anchor="middle" class="muted">
                {push}
              </text>
            </g>
          ))}
          <path class="zero" d={`M${STRIP.left} ${middle}H${width}`} />
          {[
            [scale.top, "12°"],
            [middle, "0"],
            [scale.bottom, "−12°"],
          ].map(([y, text]) => (
            <text key={text} x={STRIP.left - 6} y={Number(y) + 4} text-anchor="end" class="muted">
              {text}
            </text>
          ))}
          <path class="series second" d={lean} />
        </svg>
      </ScrollBox>
    </Figure>
  );
}
