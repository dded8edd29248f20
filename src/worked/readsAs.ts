/** What an alignment reads as: neighbouring repeats merged, then blanks dropped. */
export function readsAs(alignment: string, blank: string): string {
  const symbols = Array.from(alignment);
  return symbols.filter((symbol, t) => symbol !== blank && symbol !== symbols[t - 1]).join("");
}
