import { editDistance } from "../index.js";

/** " Did you mean x?" for a name that is nearly one of those known; otherwise nothing. */
export function suggestNear(name: string, known: readonly string[]): string {
  const distance = (other: string) => editDistance(name.toLowerCase(), other.toLowerCase()).distance;
  const near = known.filter((other) => distance(other) <= Math.max(1, Math.floor(other.length / 3)));
  return near.length === 0 ? "" : ` Did you mean ${near.toSorted((a, b) => distance(a) - distance(b))[0]}?`;
}

/** The same, or else all the names known, where they are few. */
export function suggest(name: string, known: readonly string[]): string {
  return suggestNear(name, known) || (known.length > 30 ? "" : ` Known: ${known.join(", ")}.`);
}
