import { editDistance } from "../index.js";

/** " Did you mean x?" for a name that is nearly one of those known; otherwise all of them, where they are few. */
export function suggest(name: string, known: readonly string[]): string {
  const distance = (other: string) => editDistance(name.toLowerCase(), other.toLowerCase()).distance;
  const near = known.filter((other) => distance(other) <= Math.max(1, Math.floor(other.length / 3)));
  if (near.length > 0) return ` Did you mean ${near.toSorted((a, b) => distance(a) - distance(b))[0]}?`;
  return known.length > 30 ? "" : ` Known: ${known.join(", ")}.`;
}
