import { PythonShuffle } from "./mersenneTwister.js";
import { cutOut, drawOf, type Sample, writerName } from "./samples.js";
import type { Source } from "./sources.js";

const WORDS = "7";
/** Of 200 points a second one in three is kept. */
const STANFORD_NTH = 3;
const HP_NTH = 2;
/** Of 32 writers. */
const HELD_WRITERS = 4;
/** Of each Hewlett-Packard writer. */
const HP_WORDS = 60;
const HP_SEED = 7;

/** All isolated words of the Stanford writers, of two sessions each; four writers test, four validate. */
export function stanfordWords(sources: readonly Source[]): Sample[] {
  const own = sources.filter(({ category, contributor }) => category === WORDS && contributor === "sta");
  const people = [...new Set(own.map(personOf))];
  const writerOf = (source: Source) => writerName("sta", people.indexOf(personOf(source)) + 1);
  const drawn = [...new Set(own.map(writerOf))].sort((a, b) => (drawOf(a) < drawOf(b) ? -1 : 1));
  const splitOf = (writer: string): Sample["split"] => {
    const place = drawn.indexOf(writer);
    if (place < HELD_WRITERS) return "test";
    return place < 2 * HELD_WRITERS ? "valid" : "train";
  };
  return own.flatMap((source) => {
    const writer = writerOf(source);
    const words = source.segments.filter(({ text }) => /^[A-Za-z'-]+$/.test(text));
    return cutOut(source, words, STANFORD_NTH).map((one): Sample => ({ split: splitOf(writer), writer, ...one }));
  });
}

/** hpb0-aeb and hpb1-aeb are two sessions of one. */
const personOf = ({ path }: Source): string => path.replace(/^.*\/hpb\d-?/, "");

/** Sixty words of each Hewlett-Packard writer, drawn from those of at least three letters. */
export function hewlettPackardWords(sources: readonly Source[]): Sample[] {
  const random = new PythonShuffle(HP_SEED);
  return sources
    .filter(({ category, contributor }) => category === WORDS && contributor === "hpp")
    .flatMap((source, n) => {
      const words = source.segments.filter(({ text, quality }) => /^[A-Za-z]{3,}$/.test(text) && quality !== "BAD");
      const drawn = random.shuffled(words).slice(0, HP_WORDS);
      const writer = writerName("hpp", n + 1);
      return cutOut(source, drawn, HP_NTH).map((one): Sample => ({ split: "test", writer, ...one }));
    });
}
