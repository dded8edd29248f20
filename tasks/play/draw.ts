const FRAMES = 8;
const WIDTH = 33;
const TRACK = 2.4;
/** The pole's tip and middle move by this many columns a degree: leans are drawn three times as large as they are. */
const TIP = 0.5;

/** Snapshots from the first push to the last: the pole above the cart, which moves along its track. */
export function drawPath(path: readonly { readonly lean: number; readonly position: number }[]): string[] {
  const count = Math.min(FRAMES, path.length);
  const at = Array.from({ length: count }, (_, n) => Math.round((n * (path.length - 1)) / Math.max(count - 1, 1)));
  return at.flatMap((t) => {
    const { lean, position } = path[t];
    const cart = Math.round(((position + TRACK) / (2 * TRACK)) * (WIDTH - 1));
    const place = (text: string, column: number) => {
      const start = Math.max(0, Math.min(WIDTH - text.length, column - (text.length >> 1)));
      return `${" ".repeat(start)}${text}`;
    };
    const mark = Math.abs(lean) < 1 ? "│" : lean > 0 ? "╱" : "╲";
    return [
      `${String(t).padStart(4)}  ${place(mark, cart + Math.round(2 * TIP * lean))}`,
      `      ${place(mark, cart + Math.round(TIP * lean))}`,
      `      ${place("▟█▙", cart)}  ${lean.toFixed(1)}°`,
    ];
  });
}
