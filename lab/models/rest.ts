// An answer of the library in the page itself, so that a screen at rest needs no worker. JSON has no infinity and no NaN.

const LOST: Readonly<Record<string, number>> = {
  "\u0000NaN": Number.NaN,
  "\u0000+": Number.POSITIVE_INFINITY,
  "\u0000-": Number.NEGATIVE_INFINITY,
};

/** As text that can stand in a script element. */
export function pack(answer: unknown): string {
  const text = JSON.stringify(answer, (_, value) => {
    if (typeof value !== "number" || Number.isFinite(value)) return value;
    return Number.isNaN(value) ? "\u0000NaN" : value > 0 ? "\u0000+" : "\u0000-";
  });
  return text.replaceAll("<", "\\u003c");
}

export function unpack(text: string): unknown {
  return JSON.parse(text, (_, value) => (typeof value === "string" && value in LOST ? LOST[value] : value));
}
