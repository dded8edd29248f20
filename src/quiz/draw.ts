import type { Random } from "../core/random.js";

// Numbers that are easy to compute with.

export const list = <Item>(size: number, draw: (i: number) => Item): Item[] =>
  Array.from({ length: size }, (_, i) => draw(i));

/** A whole number in least..most. */
export const whole = (random: Random, least: number, most: number): number => least + random.integer(most - least + 1);

/** A number with one decimal in least..most. */
export const tenths = (random: Random, least: number, most: number): number =>
  whole(random, Math.round(10 * least), Math.round(10 * most)) / 10;

export const pick = <Item>(random: Random, items: readonly Item[]): Item => items[random.integer(items.length)];

/** `size` probabilities in twentieths, none of them 0, that sum to 1. */
export function distribution(random: Random, size: number): number[] {
  const cuts = random
    .shuffle(list(19, (i) => i + 1))
    .slice(0, size - 1)
    .toSorted((a, b) => a - b);
  return [...cuts, 20].map((cut, i) => (cut - (cuts[i - 1] ?? 0)) / 20);
}

/** A list as it is written in a prompt. */
export const show = (numbers: readonly number[]): string => `[${numbers.map(minus).join(", ")}]`;

/** A number with a true minus sign. */
export const minus = (x: number): string => String(x).replace("-", "−");

/** A number to four significant digits, as a reason quotes it. */
export const about = (x: number): string => minus(Number(x.toPrecision(4)));
