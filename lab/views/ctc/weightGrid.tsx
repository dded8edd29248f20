import type { CtcProps } from "./screen.js";

/** The scores as boxes: a row for all frames, or a row for each. */
export function WeightGrid({ store, answer }: Pick<CtcProps, "store" | "answer">) {
  const { given, lattice } = answer;
  const perFrame = store.state.value.source === "frame";
  const put = (t: number, k: number, text: string) => {
    const value = Number(text);
    if (text.trim() === "" || !Number.isFinite(value) || value < 0) return;
    const changed = given.map((row, i) => (i === t ? row.map((x, j) => (j === k ? Math.min(value, 1000) : x)) : row));
    store.set(perFrame ? { grid: changed } : { weights: changed });
  };
  const box = (t: number, k: number) => (
    <input
      type="number"
      min={0}
      step="any"
      aria-label={perFrame ? `Score of ${lattice.symbols[k]} at frame ${t + 1}` : `Score of ${lattice.symbols[k]}`}
      value={given[t]?.[k]}
      onChange={(event) => put(t, k, event.currentTarget.value)}
    />
  );
  if (!perFrame) {
    return (
      <div class="weights">
        {lattice.symbols.map((symbol, k) => (
          <div key={symbol}>
            <span class={symbol === "∅" ? "blank" : undefined}>{symbol}</span>
            {box(0, k)}
          </div>
        ))}
      </div>
    );
  }
  return (
    <section class="scroll grid" aria-label="Scores of each frame">
      <table>
        <thead>
          <tr>
            <th scope="col">t</th>
            {lattice.symbols.map((symbol) => (
              <th key={symbol} scope="col">
                {symbol}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {given.map((_, t) => (
            <tr key={t}>
              <th scope="row">{t + 1}</th>
              {lattice.symbols.map((symbol, k) => (
                <td key={symbol}>{box(t, k)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
