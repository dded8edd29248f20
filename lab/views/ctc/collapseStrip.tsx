import { collapse, verdict } from "../../models/collapse.js";
import { percent } from "../../models/number.js";
import { Figure } from "../figure.js";
import type { CtcProps } from "./screen.js";

const BLANK = "∅";
const CELL = 44;

/** An alignment built by hand: what merges, what is dropped, and whether it reads as the label. */
export function CollapseStrip({ store, answer, state }: CtcProps) {
  const { lattice, label } = answer;
  const { symbols, frames, alignments, built } = lattice;
  const own = Array.from(state.built.replaceAll("-", BLANK)).filter((symbol) => symbols.includes(symbol));
  const resting = own.length === 0 && alignments.length > 0;
  const path = resting ? alignments[0].path.map((k) => symbols[k]) : own.slice(0, frames);
  const { runs, output } = collapse(path, BLANK);
  const put = (next: readonly string[]) => store.set({ built: next.join("").replaceAll(BLANK, "-") });
  const fits = output === label && path.length === frames;
  const share = alignments.find((one) => one.path.map((k) => symbols[k]).join("") === path.join(""))?.share;
  const width = Math.max(frames, 1) * CELL + 8;
  return (
    <Figure
      name="ctc-collapse"
      title={`${path.join("") || "Nothing yet"} reads as ${output || "nothing"}`}
      lookFor="the three rows: an alignment, equal neighbours merged, blanks dropped. Only a blank keeps two equal symbols apart."
      table={{
        head: ["run", "symbol", "frames", "kept"],
        rows: runs.map((run, i) => [String(i + 1), run.symbol, run.size, run.kept ? "yes" : "no"]),
      }}
    >
      <section class="scroll lattice" tabIndex={0} aria-label="The alignment, merged, and what is left">
        <svg
          class="drawing"
          viewBox={`0 0 ${width} 148`}
          width={width}
          height={148}
          role="img"
          aria-label={`${path.join(" ")} reads as ${output}`}
        >
          {path.map((symbol, t) => (
            <g key={t}>
              <rect x={4 + t * CELL} y={4} width={CELL - 4} height={32} class="tile" />
              <text x={2 + (t + 0.5) * CELL} y={25} text-anchor="middle" class={symbol === BLANK ? "muted" : "symbol"}>
                {symbol}
              </text>
            </g>
          ))}
          {runs.map(({ symbol, from, size, kept }) => (
            <g key={from}>
              <path d={`M${4 + from * CELL} 38v14h${size * CELL - 4}v-14`} class="ribbon" />
              <rect
                x={4 + from * CELL}
                y={54}
                width={size * CELL - 4}
                height={32}
                class={kept ? "tile kept" : "tile"}
              />
              <text x={2 + (from + size / 2) * CELL} y={75} text-anchor="middle" class={kept ? "symbol" : "muted"}>
                {symbol}
              </text>
              {kept && <path d={`M${2 + (from + size / 2) * CELL} 88v16`} class="ribbon" />}
              {kept && (
                <text x={2 + (from + size / 2) * CELL} y={126} text-anchor="middle" class="symbol">
                  {symbol}
                </text>
              )}
            </g>
          ))}
        </svg>
      </section>
      <p class={`note ${fits ? "ok" : ""}`} role="status">
        <b>{fits ? "Yes. " : "No. "}</b>
        {verdict(path, BLANK, label, frames)}
        {fits && share !== undefined && ` It holds ${percent(share)} of the alignments' weight.`}
        {fits && built.length > 0 && " Its path is marked in the lattice."}
      </p>
      <div class="row" role="group" aria-label="Build an alignment">
        {symbols.map((symbol) => (
          <button
            key={symbol}
            type="button"
            disabled={!resting && path.length >= frames}
            onClick={() => put(resting ? [symbol] : [...path, symbol])}
          >
            {symbol}
          </button>
        ))}
        <button type="button" disabled={resting || path.length === 0} onClick={() => put(path.slice(0, -1))}>
          Take one back
        </button>
        <button type="button" disabled={resting} onClick={() => put([])}>
          Start again
        </button>
      </div>
    </Figure>
  );
}
