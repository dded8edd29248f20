import type { Files } from "../../recipe.js";
import { readSegments, type Segment } from "./segments.js";

/** Contributors of words and of digit strings, by the category of the segments: words, and texts. */
const CONTRIBUTORS: Readonly<Record<string, RegExp>> = {
  "1a": /^/,
  "7": /^(?:apc|apd|ape|art|att|cea|ceb|cec|hpb|hpp|lex|lou|pap|par|sta)$/,
  "8": /^(?:art|hpb|hpp|scr)$/,
};
/** Not in the copy of the repository that the data set was made from. */
const LEFT_OUT = "att/att0/41412304.dat";

/** A file of segments with the ink that they are cut out of. */
export interface Source {
  /** 1a isolated digits, 7 words, 8 texts. */
  readonly category: string;
  readonly contributor: string;
  /** Without the category; sorts by contributor, then folder, then file. */
  readonly path: string;
  readonly segments: readonly Segment[];
  ink(): string;
}

/** Whether a file has segments that are used, or the ink of such, which lies after them in the repository. */
export function isNeeded(path: string, before: ReadonlySet<string>): boolean {
  const [top, second, third, ...rest] = path.split("/");
  if (!path.endsWith(".dat")) return false;
  if (top === "data") {
    return CONTRIBUTORS[second]?.test(third) === true && ![third, ...rest].join("/").startsWith(LEFT_OUT);
  }
  const beside = [second, ...rest].join("/");
  return top === "include" && Object.keys(CONTRIBUTORS).some((category) => before.has(`data/${category}/${beside}`));
}

/** In the order of contributors, then of categories. */
export function sourcesOf(originals: Files): Source[] {
  const read = (path: string) => Buffer.from(originals.get(path) ?? []).toString("latin1");
  return [...originals.keys()]
    .filter((path) => path.startsWith("data/"))
    .map((file): Source => {
      const [, category, contributor, ...rest] = file.split("/");
      const ink = ["include", contributor, "data", ...rest].join("/");
      return {
        category,
        contributor,
        path: [contributor, ...rest].join("/"),
        segments: readSegments(read(file)),
        ink: () => read(ink),
      };
    })
    .sort(
      (a, b) => compare(a.contributor, b.contributor) || compare(a.category, b.category) || compare(a.path, b.path),
    );
}

const compare = (a: string, b: string) => (a < b ? -1 : Number(a > b));
