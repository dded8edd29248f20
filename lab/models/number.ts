/** A number for people: `digits` significant ones, no trailing zeros, real minus and infinity signs. */
export function shown(x: number, digits = 4): string {
  if (Number.isNaN(x)) return "NaN";
  if (!Number.isFinite(x)) return x < 0 ? "−∞" : "+∞";
  if (x === 0) return "0";
  const size = Math.abs(x);
  const text =
    size < 1e-4 || size >= 1e7
      ? x.toExponential(digits - 1).replace(/\.?0+e/, "e")
      : String(Number(x.toPrecision(digits)));
  return text.replace("e+", "e").replaceAll("-", "−");
}

export const percent = (share: number): string =>
  share > 0 && share < 5e-4 ? `${shown(100 * share, 2)} %` : `${(100 * share).toFixed(share < 0.0995 ? 1 : 0)} %`;

/** 1 001, 1 961 256. */
export const grouped = (count: bigint | number | string): string => String(count).replace(/\B(?=(\d{3})+$)/g, "\u202f");

/** "1 frame", "2 frames". */
export const counted = (count: number, thing: string): string => `${count} ${thing}${count === 1 ? "" : "s"}`;
