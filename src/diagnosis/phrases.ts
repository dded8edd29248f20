/** A number as evidence shows it. */
export const rounded = (x: number): string => String(Number(x.toPrecision(3)));

export const percent = (share: number): string => `${rounded(100 * share)} %`;

/** "1 step", "2 steps" */
export const counted = (count: number, noun: string, plural = `${noun}s`): string =>
  `${count} ${count === 1 ? noun : plural}`;

const SHOWN = 5;

/** "0, 3 and 5", or the first few of many. */
export function listed(items: readonly (string | number)[]): string {
  if (items.length > SHOWN) return `${items.slice(0, SHOWN).join(", ")} and ${items.length - SHOWN} more`;
  return items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;
}
