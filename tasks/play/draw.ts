import type { Film } from "../task.js";

const FRAMES = 8;
const WIDTH = 33;
const TRACK = 2.4;
/** The pole's tip and middle move by this many columns a degree: leans are drawn three times as large as they are. */
const TIP = 0.5;

/** Degrees to the right, and metres to the right of the middle. */
export interface Snapshot {
  readonly lean: number;
  readonly position: number;
}

/** Snapshots from the first push to the last: the pole above the cart, which moves along its track. */
export function drawPath(path: readonly Snapshot[]): string[] {
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

const STAGE = 61;
const HEIGHT = 7;
const CART = "▟███▙";
/** Columns of the stage that the cart's middle does not come to. */
const MARGIN = 5;
/** Leans are shown three times as large, and a line of a terminal is about as high as two of its columns are wide. */
const SLANT = 3;
const ASPECT = 2;
/** Steps of a fiftieth of a second from one picture to the next. */
const EVERY = 2;

/** What the first pole did, as a film: the pole on its cart, the track, the time, and which way it is pushed. */
export function filmPath(path: readonly Snapshot[], pushes: readonly number[]): Film {
  const shown = path.filter((_, t) => t % EVERY === 0 || t === path.length - 1);
  return {
    milliseconds: (1000 * EVERY) / 50,
    pictures: shown.map((snapshot, n) => {
      const t = Math.min(n * EVERY, path.length - 1);
      return drawStage(snapshot, t, pushes[t]);
    }),
  };
}

function drawStage({ lean, position }: Snapshot, t: number, push: number): string[] {
  const cart = MARGIN + Math.round(((position + TRACK) / (2 * TRACK)) * (STAGE - 1 - 2 * MARGIN));
  const slope = ASPECT * Math.tan((Math.PI / 180) * SLANT * lean);
  const mark = Math.abs(slope) < 0.25 ? "│" : slope > 0 ? "╱" : "╲";
  const stick = Array.from({ length: HEIGHT }, (_, row) => {
    const column = Math.max(0, Math.round(cart + slope * (HEIGHT - row - 0.5)));
    return `${" ".repeat(column)}${row === 0 ? "●" : mark}`;
  });
  const pushed = push === 1 ? `▶ ${CART}` : `  ${CART} ◀`;
  return [
    ...stick,
    `${" ".repeat(cart - (CART.length >> 1) - 2)}${pushed}`,
    `├${"─".repeat(STAGE - 2)}┤`,
    `${(t / 50).toFixed(2).padStart(6)} s   leans by ${lean.toFixed(1)}°`,
  ];
}
