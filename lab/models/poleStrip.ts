// A pole's way as a strip of snapshots, and its lean over time.
import { shown } from "./number.js";
import type { Table } from "./table.js";

interface Moment {
  readonly lean: number;
  readonly position: number;
}

export interface PoleStrip {
  readonly width: number;
  readonly height: number;
  readonly snapshots: readonly {
    readonly push: number;
    readonly left: number;
    /** The cart's middle and the pole's tip. */
    readonly cart: number;
    readonly tip: readonly [number, number];
  }[];
  readonly lean: string;
  readonly middle: number;
  readonly scale: { readonly top: number; readonly bottom: number };
}

export const STRIP = { width: 680, cell: 80, count: 8, left: 40, cart: 92, stick: 70 } as const;
const TRACK = 2.4;
const LEAN = 12;

/** Eight snapshots from the first push to the last, each on its own track; below, the lean at every push. */
export function poleStrip(path: readonly Moment[]): PoleStrip {
  const count = Math.min(STRIP.count, path.length);
  const at = Array.from({ length: count }, (_, n) => Math.round((n * (path.length - 1)) / Math.max(count - 1, 1)));
  const [top, bottom] = [128, 188];
  const middle = (top + bottom) / 2;
  const x = (t: number) => STRIP.left + (t * STRIP.cell * STRIP.count) / Math.max(path.length - 1, 1);
  const y = (lean: number) => middle - (lean / LEAN) * (middle - top);
  return {
    width: STRIP.width,
    height: 208,
    snapshots: at.map((t, n) => {
      const { lean, position } = path[t];
      const left = STRIP.left + n * STRIP.cell;
      const cart = left + STRIP.cell / 2 + (position / TRACK) * (STRIP.cell / 2 - 12);
      const angle = (lean * Math.PI) / 180;
      return {
        push: t,
        left,
        cart,
        tip: [cart + STRIP.stick * Math.sin(angle), STRIP.cart - STRIP.stick * Math.cos(angle)],
      };
    }),
    lean: path.map(({ lean }, t) => `${t === 0 ? "M" : "L"}${x(t).toFixed(1)} ${y(lean).toFixed(1)}`).join(""),
    middle,
    scale: { top, bottom },
  };
}

export const poleTable = (path: readonly Moment[]): Table => ({
  head: ["push", "lean, degrees", "position, metres"],
  rows: path.map(({ lean, position }, t) => [String(t), lean, position]),
});

/** What the strip shows, as a finding. */
export function poleSentence(path: readonly Moment[], longest: number): string {
  const widest = Math.max(...path.map(({ lean }) => Math.abs(lean)));
  return path.length >= longest
    ? `It stood to the end: ${path.length} pushes, and never leant by more than ${shown(widest, 2)}°`
    : `It fell after ${path.length} pushes, ${(path.length / 50).toFixed(1)} s`;
}
