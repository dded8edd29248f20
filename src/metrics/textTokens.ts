/** What Python takes for white space, and so sacreBLEU: Unicode's and ASCII's four separators, not the byte order mark. */
const SPACE = "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+";
const WHITESPACE = new RegExp(SPACE, "u");
const TRAILING_SPACE = new RegExp(`${SPACE}$`, "u");

export function splitWords(text: string): string[] {
  return text.split(WHITESPACE).filter((word) => word !== "");
}

/** The code points of a text, less its white space. */
export function splitCharacters(text: string): string[] {
  return Array.from(text.split(WHITESPACE).join(""));
}

const ENTITIES = [
  ["&quot;", '"'],
  ["&amp;", "&"],
  ["&lt;", "<"],
  ["&gt;", ">"],
] as const;

/** ASCII's punctuation but for ' , - and the full stop. */
const PUNCTUATION = /[!-&(-+/:-@[-`{-~]/gu;

/**
 * The words of NIST's mteval-v13a.pl, WMT's rule: punctuation stands alone, full stops and commas do unless between digits,
 * a hyphen does after a digit. Apostrophes and other hyphens stay inside words; what is not ASCII is no punctuation.
 */
function split13a(text: string): string[] {
  const joined = text
    .replace(TRAILING_SPACE, "")
    .replaceAll("<skipped>", "")
    .replaceAll("-\n", "")
    .replaceAll("\n", " ");
  const plain = ENTITIES.reduce((so, [entity, character]) => so.replaceAll(entity, character), joined);
  const spaced = ` ${plain} `
    .replace(PUNCTUATION, " $& ")
    .replace(/([^0-9])([.,])/gu, "$1 $2 ")
    .replace(/([.,])([^0-9])/gu, " $1 $2")
    .replace(/([0-9])(-)/gu, "$1 $2 ");
  return splitWords(spaced);
}

/** sacreBLEU's tokenisers by its names. */
export const tokenisers = { "13a": split13a, none: splitWords, char: splitCharacters } as const;

export type BleuTokeniser = keyof typeof tokenisers;
