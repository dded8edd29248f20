interface Props {
  readonly symbols: readonly string[];
  readonly frames: number;
  readonly path: string;
  readonly done: boolean;
  readonly onPath: (path: string) => void;
}

const [CELL, ROW, LEFT] = [40, 36, 32];

/** A grid of symbols by frames: a click at each frame makes a path. By keyboard, the buttons below do the same. */
export function PathPicker({ symbols, frames, path, done, onPath }: Props) {
  const chosen = Array.from(path);
  const put = (t: number, symbol: string) =>
    onPath([...chosen.slice(0, t), symbol, ...chosen.slice(t + 1)].slice(0, frames).join(""));
  const at = (t: number, k: number) => ({ x: LEFT + (t + 0.5) * CELL, y: (k + 0.5) * ROW });
  const line = chosen.map((symbol, t) => at(t, symbols.indexOf(symbol)));
  return (
    <fieldset class="options" disabled={done}>
      <legend class="hint">One symbol a frame, from the left. {path}</legend>
      <div class="scroll lattice" role="group" aria-label="Symbols by frames">
        <svg
          class="drawing gamma"
          viewBox={`0 0 ${LEFT + frames * CELL} ${symbols.length * ROW}`}
          width={LEFT + frames * CELL}
          height={symbols.length * ROW}
          aria-hidden="true"
        >
          <path class="series third" d={line.map(({ x, y }, i) => `${i === 0 ? "M" : "L"}${x} ${y}`).join("")} />
          {symbols.map((symbol, k) => (
            <g key={symbol}>
              <text x={12} y={at(0, k).y + 5}>
                {symbol}
              </text>
              {Array.from({ length: frames }, (_, t) => (
                <circle
                  key={t}
                  cx={at(t, k).x}
                  cy={at(t, k).y}
                  r={12}
                  class={`node spot${chosen[t] === symbol || t <= chosen.length ? "" : " off"}`}
                  fill-opacity={chosen[t] === symbol ? 1 : 0}
                  onClick={() => !done && t <= chosen.length && put(t, symbol)}
                />
              ))}
            </g>
          ))}
        </svg>
      </div>
      <div class="row" role="group" aria-label="Build it">
        {symbols.map((symbol) => (
          <button
            key={symbol}
            type="button"
            disabled={chosen.length >= frames}
            onClick={() => put(chosen.length, symbol)}
          >
            {symbol === "-" ? "- (blank)" : symbol}
          </button>
        ))}
        <button type="button" disabled={chosen.length === 0} onClick={() => onPath(chosen.slice(0, -1).join(""))}>
          Take one back
        </button>
      </div>
    </fieldset>
  );
}
