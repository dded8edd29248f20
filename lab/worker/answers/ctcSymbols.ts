export const BLANK = "∅";

/** The classes behind a label: the blank, and its symbols in order of appearance. */
export function symbolsOf(label: string, blankLast = false): string[] {
  const symbols = [...new Set(label)];
  return blankLast ? [...symbols, BLANK] : [BLANK, ...symbols];
}
