import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { logAdd, logSoftmax } from "../../src/core/numeric.js";
import {
  ctcBeamSearch,
  ctcWordBeamSearch,
  labelNgram,
  type NgramModel,
  Random,
  readArpa,
  type Spelling,
  type Tensor,
  wordModel,
} from "../../src/index.js";
import { collapse, strings } from "../../src/reference/alignments.js";
import { sentenceLogProbability } from "../../src/reference/ngram.js";
import { prefixBeam } from "../../src/reference/prefixBeam.js";

const WORDS = ["the", "cat", "sat", "on"];
const IMPOSSIBLE = Number.NEGATIVE_INFINITY;

interface Drawn {
  readonly model: NgramModel;
  /** ln P(the words, then the end), by the reference. */
  readonly truth: (words: readonly string[]) => number;
}

/** A model of any n-grams, as a pruned one is: contexts may be missing, and a back-off weight may be above 1. */
function drawNgram(random: Random): Drawn {
  const order = 1 + random.integer(4);
  const special = ["<s>", "</s>", ...(random.uniform() < 0.7 ? ["<unk>"] : [])];
  const known = [...special, ...WORDS.filter(() => random.uniform() < 0.9)];
  const table = new Map<string, { logProbability: number; backOff: number }>();
  let text = "\\data\\\n";
  const sections: string[] = [];
  for (let n = 1; n <= order; n++) {
    const listed = n === 1 ? known : Array.from({ length: 12 }, () => drawWords(random, known, n).join(" "));
    const lines = [...new Set(listed)].map((ngram) => {
      const [p, weight] = [-(3 * random.uniform()), n === order ? 0 : 0.3 - random.uniform()].map((x) => x.toFixed(4));
      table.set(ngram, { logProbability: Number(p) * Math.LN10, backOff: Number(weight) * Math.LN10 });
      return `${p}\t${ngram}${n === order ? "" : `\t${weight}`}`;
    });
    text += `ngram ${n}=${lines.length}\n`;
    sections.push(`\\${n}-grams:\n${lines.join("\n")}\n`);
  }
  const model = readArpa(`${text}\n${sections.join("\n")}\n\\end\\\n`);
  return { model, truth: (words) => sentenceLogProbability(table, order, words) };
}

const drawWords = (random: Random, known: readonly string[], n: number): string[] =>
  Array.from({ length: n }, () => known[random.integer(known.length)]);

const seeds = fc.integer({ min: 0, max: 2 ** 31 });

describe("readArpa", () => {
  it("gives any text what the definition of back-off gives it, also where contexts are missing", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const random = new Random(seed);
        const { model, truth } = drawNgram(random);
        const sentence = drawWords(random, WORDS, random.integer(8));
        expect(model.logProbability(sentence)).toBeCloseTo(truth(sentence), 9);
      }),
      { numRuns: 500, seed: 1 },
    );
  });

  it("never gives a word more than its most", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const random = new Random(seed);
        const { model } = drawNgram(random);
        let state = model.start;
        for (const word of drawWords(random, WORDS, 20)) {
          const id = model.idOf(word);
          expect(model.wordLogProbability(state, id)).toBeLessThanOrEqual(model.mostLogProbability(id));
          state = model.next(state, id);
        }
      }),
      { numRuns: 200, seed: 2 },
    );
  });
});

/** Frames, and ln P of all that they can read as, by listing every alignment. */
function drawFrames(random: Random, T: number, V: number, blank: number) {
  const frames: Tensor = { data: Float64Array.from({ length: T * V }, () => random.normal()), shape: [1, T, V] };
  const rows = Array.from({ length: T }, (_, t) => {
    const weights = Array.from(frames.data.subarray(t * V, (t + 1) * V), Math.exp);
    const Z = weights.reduce((a, b) => a + b);
    return weights.map((weight) => weight / Z);
  });
  const masses = new Map<string, number>();
  for (const path of strings(T, V)) {
    const key = collapse(path, blank).join();
    masses.set(key, path.reduce((p, k, t) => p * rows[t][k], 1) + (masses.get(key) ?? 0));
  }
  return { frames, masses };
}

describe("labelNgram", () => {
  it("scores every reading by its characters, begun and ended", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const random = new Random(seed);
        const { model, truth } = drawNgram(random);
        const tokens = ["", ...WORDS.slice(0, 3)];
        const { frames, masses } = drawFrames(random, 4, 4, 0);
        const languageWeight = 0.2 + random.uniform();
        const options = { ...labelNgram(model, tokens), languageWeight, beamWidth: 1e4, top: 1e4 };
        const [readings] = ctcBeamSearch(frames, options);
        for (const { labels, logProbability, score } of readings) {
          expect(logProbability).toBeCloseTo(Math.log(masses.get(labels.join()) as number), 9);
          const byModel = truth(labels.map((label) => tokens[label]));
          const expected = byModel === IMPOSSIBLE ? IMPOSSIBLE : logProbability + languageWeight * byModel;
          if (score !== expected) expect(score).toBeCloseTo(expected, 9);
        }
      }),
      { numRuns: 60, seed: 3 },
    );
  });
});

interface WordCase {
  readonly lexicon: readonly Spelling[];
  readonly separator: number | undefined;
  readonly blank: number;
  readonly drawn: Drawn | undefined;
  readonly languageWeight: number;
  readonly wordBonus: number;
  readonly unknownBonus: number;
}

/** Words of one to three labels, some spelled alike, some in two ways, over classes 0 to 3. */
function drawWordCase(random: Random): WordCase {
  const blank = random.integer(2) * 3;
  const labels = [0, 1, 2, 3].filter((label) => label !== blank);
  const separator = random.uniform() < 0.5 ? labels.pop() : undefined;
  const lexicon = [...WORDS, ...WORDS.slice(0, random.integer(3)), "dog"].map((word) => ({
    word,
    labels: Array.from({ length: 1 + random.integer(3) }, () => labels[random.integer(labels.length)]),
  }));
  return {
    lexicon,
    separator,
    blank,
    drawn: random.uniform() < 0.85 ? drawNgram(random) : undefined,
    languageWeight: [0, 0.4, 1, 2][random.integer(4)],
    wordBonus: [0, -0.7, 1.5][random.integer(3)],
    unknownBonus: [0, -2, 1][random.integer(3)],
  };
}

/** For all that the lexicon can write in so many labels: the best score of its words, without the frames. */
function writable(c: WordCase, longest: number): Map<string, { score: number; words: readonly string[] }> {
  const { lexicon, separator, drawn, languageWeight, wordBonus, unknownBonus } = c;
  const found = new Map<string, { score: number; words: readonly string[] }>();
  const write = (labels: readonly number[], words: readonly string[]): void => {
    const language = drawn === undefined || languageWeight === 0 ? 0 : languageWeight * drawn.truth(words);
    const unknown = drawn === undefined ? 0 : words.filter((word) => !drawn.model.knows(word)).length;
    const score = language + wordBonus * words.length + unknownBonus * unknown;
    const key = labels.join();
    if (score > (found.get(key)?.score ?? IMPOSSIBLE)) found.set(key, { score, words });
    for (const spelling of lexicon) {
      const between = separator === undefined || words.length === 0 ? [] : [separator];
      const more = [...labels, ...between, ...spelling.labels];
      if (more.length <= longest) write(more, [...words, spelling.word]);
    }
  };
  write([], []);
  return found;
}

const modelOf = ({ lexicon, separator, drawn }: WordCase) =>
  wordModel({
    lexicon,
    ...(separator !== undefined && { separator }),
    ...(drawn !== undefined && { ngram: drawn.model }),
  });

/** What labels are worth as words, seen in the best way: where a last word may have only begun, and where all must be whole. */
function prefixWorth(c: WordCase, labels: readonly number[]): { begun: number; ended: number } {
  const { lexicon, separator, drawn, languageWeight, wordBonus, unknownBonus } = c;
  const ngram = languageWeight === 0 ? undefined : drawn?.model;
  const weigh = (logProbability: number) => (ngram === undefined ? 0 : languageWeight * logProbability);
  const ending = separator === undefined ? [] : [separator];
  const starts = (long: readonly number[], short: readonly number[]) => short.every((label, u) => long[u] === label);
  let [begun, ended] = [IMPOSSIBLE, IMPOSSIBLE];
  const cut = (rest: readonly number[], state: number, score: number): void => {
    const end = weigh(ngram?.endLogProbability(state) ?? 0);
    if (rest.length === 0) {
      begun = Math.max(begun, score);
      if (separator === undefined || labels.length === 0) ended = Math.max(ended, score + end);
      return;
    }
    for (const { word, labels: spelled } of lexicon) {
      const id = drawn?.model.idOf(word) ?? -1;
      const unknown = drawn !== undefined && !drawn.model.knows(word) ? unknownBonus : 0;
      const whole = score + weigh(ngram?.wordLogProbability(state, id) ?? 0) + wordBonus + unknown;
      const next = ngram?.next(state, id) ?? 0;
      const written = [...spelled, ...ending];
      if (whole > IMPOSSIBLE && starts(rest, written)) cut(rest.slice(written.length), next, whole);
      if (separator !== undefined && rest.join() === spelled.join()) {
        ended = Math.max(ended, whole + weigh(ngram?.endLogProbability(next) ?? 0));
      }
      if (rest.length < written.length && starts(written, rest)) {
        begun = Math.max(begun, score + weigh(ngram?.mostLogProbability(id) ?? 0));
      }
    }
  };
  cut(labels, ngram?.start ?? 0, 0);
  return { begun, ended };
}

describe("ctcWordBeamSearch", () => {
  it("a beam that nothing falls out of finds the best of all words, over all alignments, in order", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const random = new Random(seed);
        const c = drawWordCase(random);
        const T = 1 + random.integer(5);
        const { frames, masses } = drawFrames(random, T, 4, c.blank);
        const expected = [...writable(c, T)]
          .filter(([key]) => masses.has(key))
          .map(([key, { score, words }]) => ({ key, words, score: score + Math.log(masses.get(key) as number) }))
          .toSorted((a, b) => b.score - a.score);
        const { lexicon, separator, blank, languageWeight, wordBonus, unknownBonus } = c;
        const options = { blank, languageWeight, wordBonus, unknownBonus, beamWidth: 1e4, top: 1e4 };
        const [readings] = ctcWordBeamSearch(frames, modelOf(c), options);
        if (expected.length === 0) {
          expect(readings).toEqual([{ labels: [], words: [], logProbability: IMPOSSIBLE, score: IMPOSSIBLE }]);
          return;
        }
        expect(readings.length).toBe(expected.length);
        readings.forEach(({ labels, words, score, logProbability }, n) => {
          expect(score).toBeCloseTo(expected[n].score, 8);
          const same = expected.find(({ key }) => key === labels.join());
          expect(same?.score).toBeCloseTo(score, 8);
          expect(logProbability).toBeCloseTo(Math.log(masses.get(labels.join()) as number), 9);
          expect(words.length === 0).toBe(labels.length === 0);
        });
        // where nothing else scores the same, the words are those of the best too
        const alone = expected.length === 1 || expected[0].score - expected[1].score > 1e-9;
        if (
          alone &&
          new Set(lexicon.map(({ labels }) => labels.join())).size === lexicon.length &&
          separator !== undefined
        ) {
          expect(readings[0].words).toEqual(expected[0].words);
        }
      }),
      { numRuns: 300, seed: 4 },
    );
  });

  it("a narrow beam keeps what the reference keeps, by what whole words are worth and a begun one can be", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const random = new Random(seed);
        const c = drawWordCase(random);
        const { blank, languageWeight, wordBonus, unknownBonus } = c;
        const T = 4 + random.integer(12);
        const rows = Array.from({ length: T }, () => logSoftmax(Array.from({ length: 4 }, () => 2 * random.normal())));
        const width = 1 + random.integer(6);
        const frames = { data: Float64Array.from(rows.flatMap((row) => Array.from(row))), shape: [1, T, 4] };
        const weights = { languageWeight, wordBonus, unknownBonus };
        const options = { blank, inputs: "logProbs", beamWidth: width, top: width, ...weights } as const;
        const [found] = ctcWordBeamSearch(frames, modelOf(c), options);
        const worth = (labels: readonly number[]) => prefixWorth(c, labels).begun;
        const kept = prefixBeam(rows, { blank, width, bonus: worth })
          .map(({ labels, endsInBlank, endsInLabel }) => ({
            labels,
            score: logAdd(endsInBlank, endsInLabel) + prefixWorth(c, labels).ended,
          }))
          .filter(({ score }) => score > IMPOSSIBLE)
          .toSorted((a, b) => b.score - a.score);
        if (kept.length === 0) expect(found.map(({ score }) => score)).toEqual([IMPOSSIBLE]);
        else expect(found.map(({ score }) => score)).toEqual(kept.map(({ score }) => expect.closeTo(score, 8)));
      }),
      { numRuns: 300, seed: 6 },
    );
  });

  it("a narrow beam finds what the wide one finds where the frames are sure", () => {
    const random = new Random(5);
    for (let n = 0; n < 30; n++) {
      const { model: ngram } = drawNgram(random);
      const lexicon = WORDS.map((word) => ({ word, labels: Array.from(word, (c) => 2 + "acehnost".indexOf(c)) }));
      const model = wordModel({ lexicon, separator: 1, ngram });
      const words = drawWords(random, WORDS, 1 + random.integer(6));
      if (ngram.logProbability(words) === IMPOSSIBLE) continue;
      const path = words.flatMap((word, w) => [
        ...(w === 0 ? [] : [1]),
        ...(lexicon.find((one) => one.word === word) as Spelling).labels.flatMap((label) => [label, 0]),
      ]);
      const logits = path.map((k) => Array.from({ length: 10 }, (_, j) => (j === k ? 12 : 0) + random.normal()));
      expect(ctcWordBeamSearch([logits], model, { beamWidth: 8 })[0][0].words).toEqual(words);
    }
  });
});
