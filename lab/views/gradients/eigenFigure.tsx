import { shown } from "../../models/number.js";
import { Figure } from "../figure.js";
import type { GradientProps } from "./screen.js";

const [SIZE, MIDDLE] = [300, 150];

/** The eigenvalues of Elman's recurrent weights beside the unit circle. */
export function EigenFigure({ answer }: GradientProps) {
  const { eigenvalues, radius } = answer;
  const outside = eigenvalues.filter(({ re, im }) => Math.hypot(re, im) > 1).length;
  const scale = (MIDDLE - 16) / Math.max(1.2, 1.1 * radius);
  const title =
    outside === 0
      ? `All ${eigenvalues.length} eigenvalues are inside the unit circle; the farthest is at ${shown(radius, 3)}`
      : `${outside} of ${eigenvalues.length} eigenvalues are outside the unit circle; the farthest is at ${shown(radius, 3)}`;
  return (
    <Figure
      name="eigenvalues"
      title={title}
      lookFor="what is inside the circle: along those directions a state shrinks at each step, and so does a gradient on its way back."
      table={{
        head: ["eigenvalue", "real", "imaginary", "size"],
        rows: eigenvalues.map(({ re, im }, i) => [String(i + 1), re, im, Math.hypot(re, im)]),
      }}
    >
      <svg class="drawing square" viewBox={`0 0 ${SIZE} ${SIZE}`} role="img" aria-label={title}>
        <path class="axis" d={`M0 ${MIDDLE}H${SIZE}M${MIDDLE} 0V${SIZE}`} />
        <circle cx={MIDDLE} cy={MIDDLE} r={scale} class="unit" />
        <text x={MIDDLE + scale + 4} y={MIDDLE - 6} class="muted">
          1
        </text>
        {eigenvalues.map(({ re, im }, i) => (
          <circle
            key={i}
            cx={MIDDLE + scale * re}
            cy={MIDDLE - scale * im}
            r={4}
            class={Math.hypot(re, im) > 1 ? "eigen grows" : "eigen"}
          />
        ))}
      </svg>
    </Figure>
  );
}
