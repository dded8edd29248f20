import { SeqlossError } from "../core/errors.js";
import { type NgramEntry, NgramModel } from "./ngram.js";

const LONGEST_ORDER = 16;

/**
 * Reads an n-gram language model in the ARPA format, as SRILM, KenLM and others write it. Its logarithms are of base 10; the
 * model's are natural. `<s>`, `</s>` and `<unk>` mean what they do there; a word that the model does not know has the
 * probability of `<unk>`, or 0 where the file has none.
 *
 * Source: SRILM, ngram-format(5).
 *
 * @param text the file; what comes before `\data\` and after `\end\` is passed over
 * @throws SeqlossError (FORMAT) with the line where the text is no such file: a number that is none, a probability above 1,
 *   words too few or too many, more or fewer n-grams than `\data\` says, no `\end\`
 * @example
 * const model = readArpa(String.raw`
 * \data\
 * ngram 1=3
 * ngram 2=1
 *
 * \1-grams:
 * -0.3	the	-0.1
 * -0.6	cat
 * -0.9	<unk>
 *
 * \2-grams:
 * -0.2	the cat
 *
 * \end\
 * `);
 * model.order // 2
 * model.logProbability(["the", "cat"]) / Math.LN10 // -0.5
 * model.logProbability(["the", "dog"]) / Math.LN10 // -1.3
 */
export function readArpa(text: string): NgramModel {
  const lines = new Lines(text);
  const counts = readCounts(lines);
  const ids = new Map<string, number>();
  const entries: NgramEntry[] = [];
  for (let n = 1; n <= counts.length; n++) readSection(lines, n, counts, ids, entries);
  lines.expect("\\end\\");
  return new NgramModel(counts.length, [...ids.keys()], entries);
}

/** The lines of a text that are not empty, one after another. */
class Lines {
  /** The number of the line read last, from 1. */
  number = 0;
  private at = 0;

  constructor(private readonly text: string) {}

  /** Without spaces around it; undefined at the end of the text. */
  next(): string | undefined {
    while (this.at < this.text.length) {
      const end = this.text.indexOf("\n", this.at);
      const line = this.text.slice(this.at, end === -1 ? this.text.length : end);
      this.at = end === -1 ? this.text.length : end + 1;
      this.number++;
      const trimmed = line.replace(/^[ \t\r]+|[ \t\r]+$/g, "");
      if (trimmed !== "") return trimmed;
    }
    return undefined;
  }

  expect(mark: string): void {
    const line = this.next();
    if (line?.toLowerCase() !== mark) this.refuse(mark, line);
  }

  refuse(expected: string, found: string | undefined): never {
    throw new SeqlossError("readArpa", "FORMAT", {
      argument: found === undefined ? `the text after line ${this.number}` : `line ${this.number}`,
      expected,
      found: found ?? "the end",
    });
  }
}

/** How many n-grams of each length `\data\` says there are. */
function readCounts(lines: Lines): number[] {
  let line: string | undefined;
  do line = lines.next();
  while (line !== undefined && line.toLowerCase() !== "\\data\\");
  if (line === undefined) lines.refuse("\\data\\, which begins an ARPA file", undefined);
  const counts: number[] = [];
  for (line = lines.next(); line !== undefined; line = lines.next()) {
    if (line.toLowerCase() === "\\1-grams:" && counts.length > 0) return counts;
    const [, n, count] = /^ngram\s+(\d+)\s*=\s*(\d+)$/i.exec(line) ?? [];
    if (Number(n) !== counts.length + 1 || counts.length === LONGEST_ORDER) {
      const next = counts.length === LONGEST_ORDER ? "" : `"ngram ${counts.length + 1}=" and a number, or `;
      lines.refuse(`${next}\\1-grams:`, line);
    }
    counts.push(Number(count));
  }
  return lines.refuse("\\1-grams:", undefined);
}

function readSection(
  lines: Lines,
  n: number,
  counts: readonly number[],
  ids: Map<string, number>,
  entries: NgramEntry[],
): void {
  if (n > 1) lines.expect(`\\${n}-grams:`);
  for (let i = 0; i < counts[n - 1]; i++) {
    const line = lines.next();
    if (line === undefined || /^\\(?:\d+-grams:|end\\)$/.test(line)) {
      lines.refuse(`${n}-gram ${i + 1} of the ${counts[n - 1]} that \\data\\ says`, line);
    }
    entries.push(readEntry(lines, line as string, n, ids));
  }
}

function readEntry(lines: Lines, line: string, n: number, ids: Map<string, number>): NgramEntry {
  const fields = line.split(/[ \t]+/);
  if (fields.length !== n + 1 && fields.length !== n + 2) {
    lines.refuse(`log10 of a probability, ${n} word${n === 1 ? "" : "s"}, and perhaps a back-off weight`, line);
  }
  const log10 = readNumber(lines, fields[0], line);
  if (log10 > 0) lines.refuse("log10 of a probability, at most 0", line);
  const words = fields.slice(1, n + 1).map((word) => {
    const id = ids.get(word);
    if (id === undefined && n > 1) lines.refuse(`words that are 1-grams; "${word}" is none`, line);
    if (id !== undefined && n === 1) lines.refuse("each 1-gram once", line);
    ids.set(word, id ?? ids.size);
    return id ?? ids.size - 1;
  });
  const backOff = fields.length === n + 2 ? readNumber(lines, fields[n + 1], line) : 0;
  return { words, logProbability: log10 * Math.LN10, backOff: backOff * Math.LN10 };
}

function readNumber(lines: Lines, field: string, line: string): number {
  if (/^-inf(?:inity)?$/i.test(field)) return Number.NEGATIVE_INFINITY;
  if (!/^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i.test(field)) lines.refuse(`a number where "${field}" stands`, line);
  return Number(field);
}
