import { cutOut, drawOf, type Sample, writerName } from "./samples.js";
import type { Segment } from "./segments.js";
import type { Source } from "./sources.js";

const ISOLATED = "1a";
/** A digit, whatever digits and signs, a digit. */
const STRING = /^\d[\d/., -]*\d$/;
/** Written on two lines. */
const TWO_LINES: readonly string[] = [
  "7/hpp/hpp3/hpb3-gi0.dat 644-661",
  "7/hpp/hpp3/hpb3-vh0.dat 420-459",
  "8/hpp/hpp3/hpb3-rdc.dat 1592-1631",
];
/** Of contributors, or folders of theirs, with more than about 100 points a second, one in so many is kept. */
const NTH: Readonly<Record<string, number>> = {
  att: 3,
  ced: 3,
  gmd: 3,
  lou: 2,
  pap: 3,
  pri: 2,
  sta: 3,
  "syn/syn1": 3,
  tos: 3,
  val: 2,
};
/** Writers of more isolated digits train. */
const MANY = 200;

/** Isolated digits and strings of them, split by writer over both. */
export function digitSamples(sources: readonly Source[]): { isolated: Sample[]; strings: Sample[] } {
  const used = sources
    .map((source) => ({ source, digits: digitsOf(source) }))
    .filter(({ digits }) => digits.length > 0);
  const writers = nameWriters(used.map(({ source }) => source));
  const written = new Map<string, number>();
  for (const { source, digits } of used) {
    if (source.category !== ISOLATED) continue;
    const writer = writers.get(source) as string;
    written.set(writer, (written.get(writer) ?? 0) + digits.length);
  }
  const samples = used.flatMap(({ source, digits }) => {
    const writer = writers.get(source) as string;
    const split = splitOf(writer, written.get(writer) ?? 0);
    return cutOut(source, digits, nthOf(source)).map((one) => ({ kind: source.category, split, writer, ...one }));
  });
  return {
    isolated: samples.filter(({ kind }) => kind === ISOLATED),
    strings: samples.filter(({ kind }) => kind !== ISOLATED),
  };
}

function nthOf({ path }: Source): number {
  const [, nth = 1] = Object.entries(NTH).find(([folder]) => path.startsWith(`${folder}/`)) ?? [];
  return nth;
}

function digitsOf({ category, path, segments }: Source): readonly Segment[] {
  if (category === ISOLATED) return segments;
  return segments.filter(({ text, range }) => STRING.test(text) && !TWO_LINES.includes(`${category}/${path} ${range}`));
}

/** Each contributor's writers numbered as they come. */
function nameWriters(sources: readonly Source[]): Map<Source, string> {
  const names = new Map<string, Map<string, string>>();
  return new Map(
    sources.map((source) => {
      const own = names.get(source.contributor) ?? new Map<string, string>();
      names.set(source.contributor, own);
      const [, id = source.path] = /^\s*\.WRITER_ID[ \t]+(.*?)\s*$/m.exec(source.ink()) ?? [];
      if (!own.has(id)) own.set(id, writerName(source.contributor, own.size + 1));
      return [source, own.get(id) as string];
    }),
  );
}

/** Of ten writers two test and one validates. */
function splitOf(writer: string, isolated: number): Sample["split"] {
  const tenth = drawOf(writer) % 10n;
  if (isolated > MANY || tenth > 2n) return "train";
  return tenth === 2n ? "valid" : "test";
}
