import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { logSoftmax } from "../core/numeric.js";
import { Random } from "../core/random.js";
import { transducerLoss } from "../losses/transducer.js";
import { type TransducerModel, transducerBeamSearch, transducerGreedyDecode } from "./transducerSearch.js";

/** A model whose logits depend on the frame and on every label so far; the state is those labels. */
function model(frames: number, classes: number, seed: number): TransducerModel<readonly number[]> {
  const found = new Map<string, number[]>();
  return {
    frames,
    start: () => [],
    step: (labels, label) => [...labels, label],
    logits(frame, labels) {
      const key = `${frame}:${labels}`;
      let row = found.get(key);
      if (row === undefined) {
        let hash = seed;
        for (const character of key) hash = (hash * 31 + character.charCodeAt(0)) % 1_000_003;
        const random = new Random(hash);
        row = Array.from({ length: classes }, () => 1.5 * random.normal());
        found.set(key, row);
      }
      return row;
    },
  };
}

/** Every sequence of at most `most` labels a frame, with its probability: by following every path. */
function exhaustive(m: TransducerModel<readonly number[]>, classes: number, blank: number, most: number) {
  const found = new Map<string, number>();
  const go = (t: number, labels: readonly number[], written: number, logProb: number) => {
    if (t === m.frames) {
      found.set(labels.join(), (found.get(labels.join()) ?? 0) + Math.exp(logProb));
      return;
    }
    const logs = logSoftmax(m.logits(t, labels));
    go(t + 1, labels, 0, logProb + logs[blank]);
    if (written === most) return;
    for (let k = 0; k < classes; k++) if (k !== blank) go(t, [...labels, k], written + 1, logProb + logs[k]);
  };
  go(0, [], 0, 0);
  return [...found].toSorted(([, a], [, b]) => b - a);
}

const cases = fc.record({
  frames: fc.integer({ min: 1, max: 3 }),
  classes: fc.integer({ min: 2, max: 3 }),
  seed: fc.nat(1e6),
  most: fc.integer({ min: 1, max: 2 }),
});

describe("transducerBeamSearch", () => {
  it("with a wide beam finds every sequence, in order, with the sum over its paths", () => {
    fc.assert(
      fc.property(cases, ({ frames, classes, seed, most }) => {
        const blank = seed % classes;
        const m = model(frames, classes, seed);
        const readings = transducerBeamSearch(m, { blank, maxLabelsPerFrame: most, width: 5000 });
        const all = exhaustive(m, classes, blank, most);
        expect(readings.map(({ labels }) => labels.join())).toEqual(all.map(([labels]) => labels));
        readings.forEach(({ logProb }, i) => expect(Math.exp(logProb)).toBeCloseTo(all[i][1], 10));
      }),
      { numRuns: 60 },
    );
  });

  it("gives the loss of what it read, where as many labels a frame are allowed as there are", () => {
    const m = model(3, 3, 5);
    for (const { labels, logProb } of transducerBeamSearch(m, { maxLabelsPerFrame: 3, width: 400 }).slice(0, 5)) {
      if (labels.length > 3) continue;
      const logits = [0, 1, 2].map((t) =>
        Array.from({ length: labels.length + 1 }, (_, u) => Array.from(m.logits(t, labels.slice(0, u)))),
      );
      expect(logProb).toBeCloseTo(-transducerLoss([logits], [labels]).value, 10);
    }
  });

  it("a narrow beam is never better than a wide one, and keeps no more than its width", () => {
    fc.assert(
      fc.property(cases, fc.integer({ min: 1, max: 4 }), ({ frames, classes, seed, most }, width) => {
        const m = model(frames, classes, seed);
        const narrow = transducerBeamSearch(m, { maxLabelsPerFrame: most, width });
        const [wide] = transducerBeamSearch(m, { maxLabelsPerFrame: most, width: 5000 });
        expect(narrow.length).toBeLessThanOrEqual(width);
        expect(narrow[0].logProb).toBeLessThanOrEqual(wide.logProb + 1e-12);
        narrow.forEach(({ labels, frames: at }) => {
          expect(at).toHaveLength(labels.length);
          expect(at).toEqual(at.toSorted((a, b) => a - b));
        });
      }),
    );
  });

  it("finds what the greedy search misses: two paths that add up", () => {
    // 0.4 for a blank at once; label 1 now (0.3) or later (0.6 · 0.75 …) adds up to more
    const logs = [[0.4, 0.3, 0.3].map(Math.log), [0.3, 0.6, 0.1].map(Math.log)];
    const m: TransducerModel<number> = {
      frames: 2,
      start: () => 0,
      step: (state) => state + 1,
      logits: (t, written) => (written === 0 ? logs[t] : [0, -40, -40]),
    };
    const [best] = transducerBeamSearch(m, { width: 4 });
    expect(best.labels).toEqual([1]);
    expect(Math.exp(best.logProb)).toBeCloseTo(0.3 + 0.4 * 0.6, 10);
    expect(best.frames).toEqual([0]); // 0.3 is more than 0.24
  });

  it.each([
    [{ width: 0 }, /width is 0; expected a whole number of at least 1/],
    [{ maxLabelsPerFrame: 0 }, /maxLabelsPerFrame is 0/],
    [{ blank: -1 }, /blank is -1/],
    [{ blank: 3 }, /blank is 3; expected a class in 0\.\.2, of the model/],
  ])("refuses %j", (options, message) => {
    expect(() => transducerBeamSearch(model(1, 3, 1), options)).toThrow(message);
    if (!("width" in options)) expect(() => transducerGreedyDecode(model(1, 3, 1), options)).toThrow(message);
  });
});

describe("transducerGreedyDecode", () => {
  it("follows the best class at each cell; its probability is that path's", () => {
    fc.assert(
      fc.property(cases, ({ frames, classes, seed }) => {
        const m = model(frames, classes, seed);
        const { labels, frames: at, logProb } = transducerGreedyDecode(m, { maxLabelsPerFrame: 2 });
        let u = 0;
        let sum = 0;
        for (let t = 0; t < frames; t++) {
          for (; at[u] === t; u++) {
            const logs = logSoftmax(m.logits(t, labels.slice(0, u)));
            expect(logs[labels[u]]).toBe(Math.max(...logs));
            sum += logs[labels[u]];
          }
          sum += logSoftmax(m.logits(t, labels.slice(0, u)))[0];
        }
        expect(logProb).toBeCloseTo(sum, 10);
      }),
    );
  });

  it("writes at most so many labels in a frame", () => {
    const forever: TransducerModel<number> = {
      frames: 3,
      start: () => 0,
      step: (state) => state,
      logits: () => [0, 1],
    };
    expect(transducerGreedyDecode(forever, { maxLabelsPerFrame: 4 }).labels).toHaveLength(12);
    expect(transducerGreedyDecode({ ...forever, frames: 0 })).toEqual({ labels: [], frames: [], logProb: 0 });
  });
});
