const SHADES = [" ", "░", "▒", "▓", "█"];

/** What each symbol that was written took from the source: a row each, a column for each symbol read, darker for more. */
export function drawAttention(
  source: readonly string[],
  written: readonly string[],
  shares: readonly ArrayLike<number>[],
): string[] {
  const widths = source.map((symbol) => Math.max(2, Array.from(symbol).length + 1));
  const rows = [...written, "end"];
  const margin = Math.max(...rows.map((symbol) => Array.from(symbol).length)) + 1;
  const pad = (text: string, width: number) => text + " ".repeat(Math.max(0, width - Array.from(text).length));
  return [
    `${" ".repeat(margin)}${source.map((symbol, j) => pad(symbol, widths[j])).join("")}`.trimEnd(),
    ...rows.map((symbol, u) => {
      const cells = widths.map((width, j) => pad(shadeOf(shares[u][j]).repeat(width - 1), width));
      return `${pad(symbol, margin)}${cells.join("")}`.trimEnd();
    }),
  ];
}

const shadeOf = (share: number): string => SHADES[Math.min(SHADES.length - 1, Math.round(share * (SHADES.length - 1)))];
