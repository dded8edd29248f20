// The part of STIX Two Math that the lab's formulas and symbols need, as build/math.woff2: 403 KB become a tenth of it.
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import subsetFont from "subset-font";

const SOURCE = "node_modules/@fontsource/stix-two-math/files/stix-two-math-latin-400-normal.woff2";
const OUT = "build/math.woff2";

const range = (from, to) => String.fromCodePoint(...Array.from({ length: to - from + 1 }, (_, i) => from + i));
const characters = [
  range(0x20, 0x7e), // Latin, digits, brackets
  range(0x391, 0x3c9), // Greek
  range(0x1d434, 0x1d467).replace("\u{1d455}", "ℎ"), // italic Latin, as MathML shows a single letter
  range(0x1d6e2, 0x1d71b), // italic Greek
  range(0x2080, 0x208e), // indices
  "·×−±…′‖∂∅∆∈∏∑√∞∝∫≈≠≤≥→←↑↓ℓ⊕⊗⌈⌉⌊⌋⋯✓✗²³¹¯ˆ~",
].join("");

/** Written again only when it is older than what it is made from. */
export async function writeMathFont() {
  const made = existsSync(OUT) ? statSync(OUT).mtimeMs : 0;
  if (made > Math.max(statSync(SOURCE).mtimeMs, statSync(fileURLToPath(import.meta.url)).mtimeMs)) return;
  mkdirSync("build", { recursive: true });
  writeFileSync(OUT, await subsetMathFont());
}

/** The font with the lab's characters and `further` ones alone. */
export function subsetMathFont(further = "") {
  return subsetFont(readFileSync(SOURCE), characters + further, { targetFormat: "woff2" });
}
