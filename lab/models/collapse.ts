/** An alignment as ribbons: what merges, what is dropped, what is left. */
export interface Collapse {
  readonly runs: readonly {
    readonly symbol: string;
    readonly from: number;
    readonly size: number;
    readonly kept: boolean;
  }[];
  readonly output: string;
}

export function collapse(path: readonly string[], blank: string): Collapse {
  const runs: { symbol: string; from: number; size: number; kept: boolean }[] = [];
  path.forEach((symbol, t) => {
    const last = runs.at(-1);
    if (last?.symbol === symbol) last.size++;
    else runs.push({ symbol, from: t, size: 1, kept: symbol !== blank });
  });
  return {
    runs,
    output: runs
      .filter(({ kept }) => kept)
      .map(({ symbol }) => symbol)
      .join(""),
  };
}

/** Why an alignment does or does not stand for a label. */
export function verdict(path: readonly string[], blank: string, label: string, frames: number): string {
  const { output } = collapse(path, blank);
  if (path.length < frames) return `${frames - path.length} more to choose: one symbol for each frame.`;
  if (output === label) return `It reads as ${label}.`;
  const merged = Array.from(label).some(
    (symbol, u) => u > 0 && symbol === label[u - 1] && output.length < label.length,
  );
  const why = merged ? " Equal neighbours merge unless a blank stands between them." : "";
  return `It reads as ${output === "" ? "nothing" : output}, not ${label}.${why}`;
}
