import { SeqlossError } from "../core/errors.js";

/** For each hypothesis its references, of which there must be at least one; a single string is a list of one. */
export function listReferences<Text>(
  where: string,
  count: number,
  references: readonly (string | readonly Text[])[],
): readonly (readonly (string | Text)[])[] {
  if (references.length !== count) {
    throw new SeqlossError(where, "LENGTH", {
      argument: "the size of references",
      expected: `${count}, as many as hypotheses`,
      found: references.length,
    });
  }
  return references.map((listed, i) => {
    const choices = typeof listed === "string" ? [listed] : listed;
    if (choices.length > 0) return choices;
    const details = { argument: `references[${i}]`, expected: "at least one reference", found: [] };
    throw new SeqlossError(where, "LENGTH", details);
  });
}

/** How many references sentences have, as sacreBLEU's signature says it: a number, or `var` where it varies. */
export function referenceCount(references: readonly (readonly unknown[])[]): string {
  const sizes = new Set(references.map(({ length }) => length));
  return sizes.size === 1 ? String([...sizes][0]) : "var";
}

/** Hypotheses and references that must be strings. */
export function checkTexts(
  where: string,
  hypotheses: readonly unknown[],
  references: readonly (readonly unknown[])[],
): void {
  const check = (argument: string, found: unknown): void => {
    if (typeof found !== "string") throw new SeqlossError(where, "VALUE", { argument, expected: "a string", found });
  };
  hypotheses.forEach((text, i) => check(`hypotheses[${i}]`, text));
  references.forEach((listed, i) => listed.forEach((text, k) => check(`references[${i}][${k}]`, text)));
}
