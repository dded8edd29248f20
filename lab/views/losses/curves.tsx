import { useRef } from "preact/hooks";
import { type Axis, curveSentence, curveTable, drawCurves, outputAt, type Plot, stepped } from "../../models/curve.js";
import { shown } from "../../models/number.js";
import { Figure } from "../figure.js";
import { put } from "./edit.js";
import type { LossProps } from "./screen.js";

const Ticks = ({ axis, left, right }: { axis: Axis; left: number; right: number }) => (
  <>
    {axis.ticks.map(({ at, text }) => (
      <g key={text}>
        <path class={at === axis.zero ? "zero" : "axis"} d={`M${left} ${at}H${right}`} />
        <text x={left - 8} y={at + 4} text-anchor="end" class="muted">
          {text}
        </text>
      </g>
    ))}
  </>
);

const rivals = ["third", "fourth", "fifth"];

interface CurveProps {
  readonly plot: Plot;
  readonly mark: number;
  readonly colour: string;
  readonly term: string;
  readonly right: number;
}

const Curve = ({ plot, mark, colour, term, right }: CurveProps) => (
  <>
    {plot.versus.map(({ name, path, end }, i) => (
      <g key={name}>
        <path class={`series ${rivals[i]} dashed`} d={path} />
        <text x={right} y={end} text-anchor="end" class={`name ${rivals[i]}`}>
          {name}
        </text>
      </g>
    ))}
    <path class={`series ${colour}`} d={plot.path} data-term={term} />
    {Number.isFinite(plot.point) && (
      <circle cx={mark} cy={plot.point} r={6} class={`point ${colour}`} data-term={term} />
    )}
  </>
);

/** The loss over one output, its slope below, and the point that the reader moves. */
export function Curves({ store, answer }: LossProps) {
  const drawn = drawCurves(answer);
  const { left, right, loss, slope, x } = drawn;
  const box = useRef<SVGSVGElement>(null);
  const { edits } = store.state.value;
  const value = answer.outputs[answer.place];
  // keys go on from the newest value, whose answer may still be under way
  const newest = edits.find(([place]) => place === answer.place)?.[1] ?? answer.outputs[answer.place];
  const follow = (event: PointerEvent, end: boolean) => {
    const { left: from, width } = (box.current as SVGSVGElement).getBoundingClientRect();
    const moved = put(edits, answer.place, outputAt(answer.domain, (event.clientX - from) / width));
    if (end) store.set({ edits: moved });
    else store.drag({ edits: moved });
  };
  const press = (event: KeyboardEvent) => {
    const next = stepped(newest, event.key, answer.domain);
    if (next === undefined) return;
    event.preventDefault();
    store.set({ edits: put(edits, answer.place, next) });
  };
  const rightHalf = drawn.tangent[2] > right - 80;
  const end = rightHalf ? drawn.tangent.slice(0, 2) : drawn.tangent.slice(2);
  const checked = Math.abs(answer.difference - answer.gradient[answer.place]);
  return (
    <Figure
      name={answer.name}
      title={curveSentence(answer)}
      lookFor="the slope below is what backpropagation hands down: it says how hard this output is pulled, and which way."
      table={curveTable(answer)}
    >
      <div
        class="plot"
        role="slider"
        tabIndex={0}
        aria-label={`This output, ${answer.outputName}`}
        aria-valuemin={answer.domain[0]}
        aria-valuemax={answer.domain[1]}
        aria-valuenow={value}
        aria-valuetext={`${shown(value)}: loss ${shown(answer.value)}, slope ${shown(answer.gradient[answer.place])}`}
        onKeyDown={press}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          follow(event, false);
        }}
        onPointerMove={(event) => event.buttons === 1 && follow(event, false)}
        onPointerUp={(event) => follow(event, true)}
      >
        <svg ref={box} class="drawing" viewBox={`0 0 ${drawn.width} ${drawn.height}`} aria-hidden="true">
          <text x={8} y={14} class="muted">
            loss
          </text>
          <Ticks axis={loss.y} left={left} right={right} />
          <text x={8} y={slope.top - 12} class="muted">
            slope, ∂loss/∂output
          </text>
          <Ticks axis={slope.y} left={left} right={right} />
          {x.ticks.map(({ at, text }) => (
            <text key={text} x={at} y={drawn.height - 14} text-anchor="middle" class="muted">
              {text}
            </text>
          ))}
          {drawn.goal !== undefined && (
            <g data-term="target">
              <path class="goal" d={`M${drawn.goal} ${loss.top}V${slope.bottom}`} />
              <text x={drawn.goal + 5} y={loss.top + 10}>
                target
              </text>
            </g>
          )}
          <path class="cursor-line" d={`M${drawn.point} ${loss.top}V${slope.bottom}`} data-term="output" />
          <Curve plot={loss} mark={drawn.point} colour="first" term="loss" right={right} />
          <Curve plot={slope} mark={drawn.point} colour="second" term="slope" right={right} />
          {drawn.kinks.map((kink) => (
            <g key={kink.x}>
              <path class="kink" d={`M${kink.x} ${kink.y - 6}l6 6l-6 6l-6 -6z`} />
              <text x={kink.x} y={kink.y + 20} text-anchor="middle" class="muted">
                bends at {kink.text}
              </text>
            </g>
          ))}
          {drawn.tangent.every(Number.isFinite) && (
            <path
              class="tangent"
              d={`M${drawn.tangent[0]} ${drawn.tangent[1]}L${drawn.tangent[2]} ${drawn.tangent[3]}`}
            />
          )}
          {Number.isFinite(end[1]) && (
            <text
              x={end[0]}
              y={Math.min(loss.bottom - 4, Math.max(loss.top + 12, end[1] - 10))}
              text-anchor={rightHalf ? "end" : "start"}
              class="muted"
              data-term="slope"
            >
              slope {shown(answer.gradient[answer.place], 3)}
            </text>
          )}
        </svg>
      </div>
      {answer.versus.length > 0 && <p class="hint">Dashed: other losses, on the same case.</p>}
      <p class="hint">
        At {shown(value)} the slope is {shown(answer.gradient[answer.place], 6)} by the library's gradient and{" "}
        {shown(answer.difference, 6)} by a central difference; they are {shown(checked, 2)} apart.
      </p>
    </Figure>
  );
}
