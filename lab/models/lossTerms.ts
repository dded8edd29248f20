// Which letter of a formula stands for what of a loss's screen.

/** Letters that have a mark in the figure. */
const marks: Readonly<Record<string, string>> = {
  ŷ: "output",
  z: "output",
  x: "output",
  y: "target",
  ℓ: "loss",
  L: "loss",
  p: "chance",
  δ: "δ",
  q: "q",
  w: "w",
  γ: "γ",
  ε: "ε",
  m: "m",
  λ: "λ",
  β: "β",
};

export const termOf = (letter: string): string | undefined =>
  Object.hasOwn(marks, letter) ? marks[letter] : undefined;

/** The letter that an option's description begins with: "δ, where the quadratic part ends". */
export function symbolOf(about: string): string | undefined {
  const [first] = about.split(",");
  return Array.from(first).length === 1 ? first : undefined;
}
