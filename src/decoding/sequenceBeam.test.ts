import { describe, expect, it } from "vitest";
import { logSoftmax } from "../core/numeric.js";
import { Random } from "../core/random.js";
import { sampleSequences } from "./sampleSequences.js";
import { sequenceBeamSearch } from "./sequenceBeam.js";
import type { TokenModel } from "./tokenModel.js";

const END = 2;

/** Logits that a seed and all tokens written so far determine. */
function randomModel(classes: number, spread = 2): TokenModel<{ seed: number; written: readonly number[] }> {
  const logitsOf = (seed: number, written: readonly number[]) => {
    const random = new Random(
      seed,
      written.reduce((code, token) => code * (classes + 1) + token + 1, 0),
    );
    return Array.from({ length: classes }, () => spread * random.normal());
  };
  return {
    step(states, tokens) {
      const after = states.map(({ seed, written }, n) => ({ seed, written: [...written, tokens[n]] }));
      return { logits: after.map(({ seed, written }) => logitsOf(seed, written)), states: after };
    },
  };
}

/** Every sequence of at most `most` tokens, with its probability. */
function enumerate(model: ReturnType<typeof randomModel>, seed: number, most: number) {
  const found: { tokens: number[]; logProb: number }[] = [];
  const visit = (state: { seed: number; written: readonly number[] }, tokens: number[], logProb: number) => {
    const { logits, states } = model.step([state], [tokens.at(-1) ?? 0]);
    const logs = logSoftmax(logits[0]);
    found.push({ tokens, logProb: logProb + logs[END] });
    if (tokens.length === most) return;
    logs.forEach((log, k) => k !== END && visit(states[0], [...tokens, k], logProb + log));
  };
  visit({ seed, written: [] }, [], 0);
  return found;
}

const starts = (seeds: readonly number[]) => seeds.map((seed) => ({ seed, written: [] }));

describe("sequenceBeamSearch", () => {
  it.each([0, 0.6, 1])(
    "a beam that nothing falls out of finds the best of all sequences: length penalty %s",
    (alpha) => {
      const model = randomModel(4);
      const seeds = [1, 2, 3, 4, 5, 6];
      const found = sequenceBeamSearch(model, starts(seeds), {
        start: 0,
        end: END,
        maxLength: 4,
        width: 81,
        lengthPenalty: alpha,
        count: 12,
      });
      seeds.forEach((seed, n) => {
        const all = enumerate(model, seed, 4)
          .map((one) => ({ ...one, score: one.logProb / ((6 + one.tokens.length) / 6) ** alpha }))
          .sort((a, b) => b.score - a.score);
        expect(found[n].map(({ tokens }) => tokens)).toEqual(all.slice(0, 12).map(({ tokens }) => tokens));
        found[n].forEach(({ logProb, score }, i) => {
          expect(logProb).toBeCloseTo(all[i].logProb, 10);
          expect(score).toBeCloseTo(all[i].score, 10);
        });
      });
    },
  );

  it("many states give what each gives alone, also with limits of their own", () => {
    const model = randomModel(5);
    const options = { start: 0, end: END, width: 3, count: 2 };
    const together = sequenceBeamSearch(model, starts([7, 8, 9]), { ...options, maxLength: [0, 2, 6] });
    [0, 2, 6].forEach((maxLength, n) => {
      expect(sequenceBeamSearch(model, starts([7 + n]), { ...options, maxLength })[0]).toEqual(together[n]);
    });
    expect(together[0]).toHaveLength(1);
    expect(together[0][0].tokens).toEqual([]);
  });

  it("a wider beam finds what a beam of one misses", () => {
    // 0 is likelier than 1 at first, but after 1 the end is sure
    const model: TokenModel<number> = {
      step: (states, tokens) => ({
        states: states.map((at) => at + 1),
        logits: states.map((at, n) =>
          (at === 0 ? [0.55, 0.45, 1e-9] : tokens[n] === 1 ? [1e-9, 1e-9, 1] : [0.4, 0.3, 0.3]).map(Math.log),
        ),
      }),
    };
    const options = { start: 0, end: END, maxLength: 3 };
    expect(sequenceBeamSearch(model, [0], { ...options, width: 1 })[0][0].tokens).not.toEqual([1]);
    expect(sequenceBeamSearch(model, [0], { ...options, width: 2 })[0][0].tokens).toEqual([1]);
  });

  it("what is impossible is no reading, and a search where nothing is possible has none", () => {
    const never: TokenModel<null> = {
      step: (states) => ({ states, logits: states.map(() => [0, 0, Number.NEGATIVE_INFINITY]) }),
    };
    expect(sequenceBeamSearch(never, [null], { start: 0, end: END, maxLength: 3 })).toEqual([[]]);
    expect(sequenceBeamSearch(never, [], { start: 0, end: END, maxLength: 3 })).toEqual([]);
  });

  it.each([
    [{ width: 0 }, "width"],
    [{ count: 0 }, "count"],
    [{ lengthPenalty: -1 }, "lengthPenalty"],
    [{ end: 4 }, "end is 4"],
    [{ maxLength: [1, 2] }, "maxLength"],
    [{ maxLength: -1 }, "maxLength"],
  ])("refuses %o", (wrong, message) => {
    const options = { start: 0, end: END, maxLength: 2, ...wrong };
    expect(() => sequenceBeamSearch(randomModel(4), starts([1]), options)).toThrow(message);
  });
});

describe("sampleSequences", () => {
  it("draws sequences as often as they are probable", () => {
    const model = randomModel(3, 1);
    const draws = 4000;
    const states = Array.from({ length: draws }, () => ({ seed: 5, written: [] }));
    const drawn = sampleSequences(model, states, { start: 0, end: END, maxLength: 2, random: new Random(1) });
    const counts = new Map<string, number>();
    for (const { tokens } of drawn) counts.set(tokens.join(), (counts.get(tokens.join()) ?? 0) + 1);
    const all = enumerate(model, 5, 2);
    for (const { tokens, logProb } of drawn) {
      const same = all.find((one) => one.tokens.join() === tokens.join());
      expect(logProb).toBeCloseTo(same?.logProb ?? Number.NaN, 10);
    }
    for (const { tokens, logProb } of all.filter(({ tokens: { length } }) => length < 2)) {
      const p = Math.exp(logProb);
      const deviation = Math.sqrt((p * (1 - p)) / draws);
      expect(Math.abs((counts.get(tokens.join()) ?? 0) / draws - p)).toBeLessThan(4 * deviation);
    }
  });

  it("is determined by its generator, and a low temperature takes the likeliest tokens", () => {
    const model = randomModel(5);
    const draw = (seed: number, temperature: number) =>
      sampleSequences(model, starts([1, 2, 3]), {
        start: 0,
        end: END,
        maxLength: 5,
        random: new Random(seed),
        temperature,
      });
    expect(draw(1, 1)).toEqual(draw(1, 1));
    expect(draw(1, 1)).not.toEqual(draw(2, 1));
    expect(draw(1, 1e-3)).toEqual(draw(2, 1e-3));
    expect(() => draw(1, 0)).toThrow("temperature");
  });
});
