import { percent, shown } from "../../models/number.js";
import { Figure } from "../figure.js";
import { ScrollBox } from "../scrollBox.js";
import type { GradientProps } from "./screen.js";

/** How steep tanh is where the units are; and what clipping does to the gradient of the weights. */
export function SlopesFigure({ answer }: GradientProps) {
  const { slopes, meanSlope, norms } = answer;
  const most = Math.max(...slopes);
  const title = `tanh has slope ${shown(meanSlope, 3)} on average: every step back multiplies by that as well`;
  return (
    <Figure
      name="slopes"
      title={title}
      lookFor="units at the left: they are saturated, and let nothing through."
      table={{
        head: ["slope from", "to", "share"],
        rows: slopes.map((share, i) => [String(i / 10), (i + 1) / 10, share]),
      }}
    >
      <ScrollBox label={title}>
        <svg class="drawing" viewBox="0 0 680 150" role="img" aria-label={title}>
          {slopes.map((share, i) => (
            <g key={i}>
              <rect
                x={40 + i * 62}
                y={110 - (90 * share) / most}
                width={58}
                height={(90 * share) / most}
                class="bar-mark"
              />
              <text x={69 + i * 62} y={104 - (90 * share) / most} text-anchor="middle">
                {share > 0 ? percent(share) : ""}
              </text>
              <text x={40 + i * 62} y={128} text-anchor="middle" class="muted">
                {i / 10}
              </text>
            </g>
          ))}
          <text x={660} y={128} text-anchor="middle" class="muted">
            1
          </text>
          <path class="zero" d="M40 110H660" />
        </svg>
      </ScrollBox>
      <p class="hint">
        The gradient of all Elman weights together has norm {shown(norms.before)}; after clipping {shown(norms.after)}.
        Clipping shortens what explodes; it cannot bring back what has vanished.
      </p>
    </Figure>
  );
}
