import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type SequenceBatch, tensor } from "../../src/index.js";
import type { LanguageFiles } from "../task.js";
import { Alphabet } from "./alphabet.js";
import { languageDecoder } from "./language.js";

const alphabet = new Alphabet(" ACHT");
let folder = "";
const file = (name: string, contents: string | Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, contents);
  return path;
};
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "seqloss-language-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A model of 1-grams, log10 of each. */
const arpa = (grams: Readonly<Record<string, number>>) =>
  `\\data\\\nngram 1=${Object.keys(grams).length}\n\n\\1-grams:\n${Object.entries(grams)
    .map(([word, log10]) => `${log10}\t${word}\n`)
    .join("")}\n\\end\\\n`;

/** Logits of a network that is sure of all but one letter, where H is a little likelier than C. */
const outputs = (text: string): SequenceBatch => {
  const rows = Array.from(text, (character) => {
    const k = alphabet.toLabels(character === "?" ? "H" : character)[0];
    return Array.from({ length: alphabet.classes }, (_, j) =>
      j === k ? 4 : character === "?" && j === alphabet.toLabels("C")[0] ? 3.5 : 0,
    );
  });
  return { ...tensor([rows]), lengths: Int32Array.of(rows.length) };
};
const read = (files: LanguageFiles, text: string) =>
  languageDecoder(files, alphabet)
    .decode(outputs(text))
    .map((labels) => alphabet.toText(labels))[0];

describe("languageDecoder", () => {
  it("reads words of the model, of those that the alphabet can write", () => {
    const lm = file("words.arpa", arpa({ "<s>": 0, "</s>": -0.3, CAT: -0.5, HAT: -2, dog: -0.5 }));
    expect(read({ lm }, "?AT CAT")).toBe("CAT CAT");
    expect(read({ lm, weight: 0 }, "?AT CAT")).toBe("HAT CAT");
    expect(languageDecoder({ lm }, alphabet).name).toBe(`beam search with the words of ${lm}`);
  });

  it("reads words of a lexicon, which may be others than the model's", () => {
    const lm = file("unknown.arpa.gz", gzipSync(arpa({ "<unk>": -3, "</s>": -0.3, CAT: -0.5 })));
    const lexicon = file("words.txt", "CHAT\nHAT\n");
    expect(read({ lm, lexicon }, "?AT")).toBe("HAT");
  });

  it("reads words of a lexicon alone, all alike: between spaces, or, where the alphabet has none, just one", () => {
    const lexicon = file("alone.txt", "CHAT\nHAT\n");
    expect(read({ lexicon }, "?AT HAT")).toBe("HAT HAT");
    const unspaced = new Alphabet("ACHT");
    const rows = Array.from("CHATHAT", (symbol) =>
      Array.from({ length: 5 }, (_, k) => (k === unspaced.toLabels(symbol)[0] ? 4 : 0)),
    );
    const one = { ...tensor([rows]), lengths: Int32Array.of(rows.length) };
    const { name, decode } = languageDecoder({ lexicon }, unspaced);
    expect(name).toBe(`beam search with the words of ${lexicon}`);
    expect(decode(one).map((labels) => unspaced.toText(labels))).toEqual(["CHAT"]);
    expect(() => languageDecoder({}, alphabet)).toThrow("expected a model or a lexicon");
    expect(() => read({ lexicon: file("none.txt", "\n") }, "A")).toThrow(/none\.txt: the lexicon is "empty"/);
  });

  it("reads characters where the model's words are single ones, with its own sign for a space", () => {
    const lm = file("characters.arpa", arpa({ "<s>": 0, "</s>": -1, "|": -1, A: -0.5, C: -0.3, H: -2, T: -0.5 }));
    expect(read({ lm, bonus: 2 }, "?AT T")).toBe("CAT T");
    expect(languageDecoder({ lm }, alphabet).name).toContain("the characters of");
  });

  it("says which file is wrong, and where", () => {
    const lm = file("good.arpa", arpa({ CAT: -0.5 }));
    expect(() => read({ lm: file("bad.arpa", "\\data\\\nngram 1=x") }, "A")).toThrow(
      /bad\.arpa: line 2 is "ngram 1=x"/,
    );
    expect(() => read({ lm, lexicon: file("bad.txt", "CAT\nCOT") }, "A")).toThrow(
      /bad\.txt: a token of "COT" at line 2/,
    );
    expect(() => read({ lm, lexicon: file("empty.txt", "\n") }, "A")).toThrow(/empty\.txt: the lexicon is "empty"/);
    expect(() => read({ lm: file("dogs.arpa", arpa({ dog: -1 })) }, "A")).toThrow(
      /dogs\.arpa: its words .*some that " ACHT"/,
    );
    expect(() => read({ lm: join(folder, "none") }, "A")).toThrow(/ENOENT/);
  });
});
