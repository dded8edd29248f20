import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  ctcAlign,
  ctcBeamSearch,
  ctcGreedyDecode,
  ctcLoss,
  editAlignment,
  editDistance,
  Random,
  type Tensor,
  tokenErrorRate,
} from "../../src/index.js";
import { alignments, collapse, strings } from "../../src/reference/alignments.js";
import { extendedLabel } from "../../src/reference/ctc.js";

const seeds = fc.integer({ min: 0, max: 2 ** 31 });

interface Case {
  readonly frames: Tensor;
  readonly T: number;
  readonly V: number;
  readonly blank: number;
}

function drawCase(seed: number, { float32 = false, whole = false } = {}): Case {
  const random = new Random(seed);
  const T = 1 + random.integer(5);
  const V = 2 + random.integer(T > 4 ? 2 : 3);
  const draw = whole ? () => 0 - random.integer(3) : () => 2 * random.normal();
  const numbers = Array.from({ length: T * V }, draw);
  const data = float32 ? Float32Array.from(numbers) : Float64Array.from(numbers);
  return { frames: { data, shape: [1, T, V] }, T, V, blank: random.integer(V) };
}

/** ln of the probability of each alignment, by its symbols. */
function pathScores({ frames, T, V }: Case): (path: readonly number[]) => number {
  const rows = Array.from({ length: T }, (_, t) => Array.from(frames.data.subarray(t * V, (t + 1) * V)));
  const normalised = rows.map((row) => {
    const logZ = Math.log(row.reduce((sum, x) => sum + Math.exp(x), 0));
    return row.map((x) => x - logZ);
  });
  return (path) => path.reduce((sum, k, t) => sum + normalised[t][k], 0);
}

/** Every label that the frames can read as, and the scores of its alignments. */
function readings(drawn: Case): Map<string, number[]> {
  const score = pathScores(drawn);
  const found = new Map<string, number[]>();
  for (const path of strings(drawn.T, drawn.V)) {
    const key = collapse(path, drawn.blank).join();
    const scores = found.get(key) ?? [];
    scores.push(score(path));
    found.set(key, scores);
  }
  return found;
}

const parse = (key: string): number[] => (key === "" ? [] : key.split(",").map(Number));
const sumOf = (scores: readonly number[]) => Math.log(scores.reduce((sum, score) => sum + Math.exp(score), 0));

describe("decoding against enumeration", () => {
  it("row 30: a beam of full width is exhaustive, in float32 and float64", () => {
    fc.assert(
      fc.property(seeds, fc.boolean(), (seed, float32) => {
        const drawn = drawCase(seed, { float32 });
        const truth = readings(drawn);
        const { frames, blank } = drawn;
        const [hypotheses] = ctcBeamSearch(frames, { blank, beamWidth: truth.size, top: truth.size });
        expect(hypotheses).toHaveLength(truth.size);
        for (const { labels, logProbability } of hypotheses) {
          expect(logProbability).toBeCloseTo(sumOf(truth.get(labels.join()) as number[]), 10);
        }
        const best = Math.max(...[...truth.values()].map(sumOf));
        expect(hypotheses[0].logProbability).toBeCloseTo(best, 10);
      }),
      { numRuns: 100, seed: 1 },
    );
  });

  it("a narrow beam never overstates a probability", () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 1, max: 6 }), (seed, beamWidth) => {
        const drawn = drawCase(seed);
        const truth = readings(drawn);
        const [hypotheses] = ctcBeamSearch(drawn.frames, { blank: drawn.blank, beamWidth, top: beamWidth });
        for (const { labels, logProbability } of hypotheses) {
          expect(logProbability).toBeLessThanOrEqual(sumOf(truth.get(labels.join()) as number[]) + 1e-10);
        }
      }),
      { numRuns: 100, seed: 2 },
    );
  });

  it("the greedy path is the most probable of all, at most as probable as its labels", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const drawn = drawCase(seed);
        const [greedy] = ctcGreedyDecode(drawn.frames, { blank: drawn.blank });
        const truth = readings(drawn);
        expect(greedy.score).toBeCloseTo(Math.max(...[...truth.values()].flat()), 10);
        const own = truth.get(greedy.labels.join()) as number[];
        expect(greedy.score).toBeLessThanOrEqual(sumOf(own) + 1e-12);
        const [aligned] = ctcAlign(drawn.frames, [greedy.labels], { blank: drawn.blank });
        expect(aligned.score).toBeCloseTo(greedy.score, 10);
        expect(aligned.spans.map(({ start, end }) => [start, end])).toEqual(
          greedy.spans.map(({ start, end }) => [start, end]),
        );
      }),
      { numRuns: 100, seed: 3 },
    );
  });

  it("row 27: an alignment is the best of all that are listed, and reads as the label", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const drawn = drawCase(seed);
        const score = pathScores(drawn);
        for (const [key, scores] of readings(drawn)) {
          const label = parse(key);
          const [aligned] = ctcAlign(drawn.frames, [label], { blank: drawn.blank });
          expect(aligned.score).toBeCloseTo(Math.max(...scores), 10);
          expect(score(Array.from(aligned.path))).toBeCloseTo(aligned.score, 10);
          expect(collapse(aligned.path, drawn.blank)).toEqual(label);
          expect(aligned.spans.map((span) => span.label)).toEqual(label);
        }
      }),
      { numRuns: 40, seed: 4 },
    );
  });

  it("row 27: of alignments that tie, the one furthest along, compared from the last frame backwards", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const drawn = drawCase(seed, { whole: true });
        const { frames, T, V, blank } = drawn;
        const score = (path: readonly number[]) => path.reduce((sum, k, t) => sum + frames.data[t * V + k], 0);
        for (const key of readings(drawn).keys()) {
          const label = parse(key);
          const all = alignments(T, V, label, blank);
          const most = Math.max(...all.map(score));
          const tied = all.filter((path) => score(path) === most);
          const progress = (path: readonly number[]) => statesOf(path, label, blank).reverse();
          tied.sort((a, b) => compareLists(progress(b), progress(a)));
          const [aligned] = ctcAlign(frames, [label], { blank, inputs: "logProbs" });
          expect(aligned.score).toBe(most);
          expect(Array.from(aligned.path)).toEqual(tied[0]);
        }
      }),
      { numRuns: 40, seed: 5 },
    );
  });

  it("permuting the classes permutes what is read", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const { frames, T, V, blank } = drawCase(seed);
        const moved = new Random(seed).shuffle(Array.from({ length: V }, (_, k) => k));
        const data = new Float64Array(T * V);
        for (let t = 0; t < T; t++) for (let k = 0; k < V; k++) data[t * V + moved[k]] = frames.data[t * V + k];
        const permuted = { data, shape: frames.shape };
        const rename = (labels: readonly number[]) => labels.map((k) => moved[k]);
        const options = { blank, beamWidth: 4, top: 4 };
        const [before] = ctcBeamSearch(frames, options);
        const [after] = ctcBeamSearch(permuted, { ...options, blank: moved[blank] });
        expect(after.map(({ labels }) => labels)).toEqual(before.map(({ labels }) => rename(labels)));
        const [greedy] = ctcGreedyDecode(frames, { blank });
        expect(ctcGreedyDecode(permuted, { blank: moved[blank] })[0].labels).toEqual(rename(greedy.labels));
        const [aligned] = ctcAlign(permuted, [rename(greedy.labels)], { blank: moved[blank] });
        expect(Array.from(aligned.path)).toEqual(
          rename(Array.from(ctcAlign(frames, [greedy.labels], { blank })[0].path)),
        );
      }),
      { numRuns: 100, seed: 6 },
    );
  });

  it("on long frames: every probability is at most what the loss says, the sum over all alignments", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const random = new Random(seed);
        const data = Float64Array.from({ length: 60 * 8 }, () => 3 * random.normal());
        const frames = { data, shape: [1, 60, 8] };
        for (const { labels, logProbability } of ctcBeamSearch(frames, { beamWidth: 10, top: 10 })[0]) {
          expect(logProbability).toBeLessThanOrEqual(1e-9 - ctcLoss(frames, [labels]).value);
        }
      }),
      { numRuns: 15, seed: 7 },
    );
  });
});

/** The state of the extended label at each frame of an alignment. */
function statesOf(path: readonly number[], label: readonly number[], blank: number): number[] {
  const extended = extendedLabel(label, blank);
  let state = path[0] === blank ? 0 : 1;
  return path.map((symbol, t) => {
    if (t > 0 && symbol !== path[t - 1]) state += extended[state + 1] === symbol ? 1 : 2;
    return state;
  });
}

function compareLists(a: readonly number[], b: readonly number[]): number {
  const differs = a.findIndex((x, i) => x !== b[i]);
  return differs === -1 ? 0 : a[differs] - b[differs];
}

describe("edit distance", () => {
  const text = fc.array(fc.integer({ min: 0, max: 2 }), { maxLength: 6 });

  /** The distance by its definition, and the fewest insertions and deletions that reach it. */
  function byRecursion(a: readonly number[], b: readonly number[]): { distance: number; gaps: number } {
    if (a.length === 0 || b.length === 0) return { distance: a.length + b.length, gaps: a.length + b.length };
    const paired = byRecursion(a.slice(1), b.slice(1));
    const options = [
      { distance: paired.distance + (a[0] === b[0] ? 0 : 1), gaps: paired.gaps },
      ...[byRecursion(a.slice(1), b), byRecursion(a, b.slice(1))].map(({ distance, gaps }) => ({
        distance: distance + 1,
        gaps: gaps + 1,
      })),
    ];
    return options.reduce((best, x) =>
      x.distance < best.distance || (x.distance === best.distance && x.gaps < best.gaps) ? x : best,
    );
  }

  it("equals the recursion that defines it, and counts the fewest insertions and deletions", () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        const { distance, substitutions, insertions, deletions } = editDistance(a, b);
        expect({ distance, gaps: insertions + deletions }).toEqual(byRecursion(a, b));
        expect(substitutions + insertions + deletions).toBe(distance);
        expect(insertions - deletions).toBe(b.length - a.length);
      }),
      { numRuns: 150, seed: 8 },
    );
  });

  it("is a metric", () => {
    const long = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 20 });
    fc.assert(
      fc.property(long, long, long, (a, b, c) => {
        const d = (x: number[], y: number[]) => editDistance(x, y).distance;
        expect(d(a, a)).toBe(0);
        expect(d(a, b) === 0).toBe(a.join() === b.join());
        expect(d(a, b)).toBe(d(b, a));
        expect(d(a, c)).toBeLessThanOrEqual(d(a, b) + d(b, c));
        expect(d([...a, ...c], [...b, ...c])).toBe(d(a, b));
      }),
      { numRuns: 200, seed: 9 },
    );
  });

  it("its alignment turns one into the other with as many edits of each kind", () => {
    const long = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 20 });
    fc.assert(
      fc.property(long, long, (a, b) => {
        const operations = editAlignment(a, b);
        const count = (kind: string) => operations.filter((operation) => operation.kind === kind).length;
        const { substitutions, insertions, deletions } = editDistance(a, b);
        expect([count("substitution"), count("insertion"), count("deletion")]).toEqual([
          substitutions,
          insertions,
          deletions,
        ]);
        const read = operations.flatMap((operation) => ("reference" in operation ? [operation.reference] : []));
        const written = operations.flatMap((operation) => ("hypothesis" in operation ? [operation.hypothesis] : []));
        expect(read).toEqual(a.map((_, i) => i));
        expect(written).toEqual(b.map((_, j) => j));
        for (const operation of operations) {
          if (operation.kind === "match") expect(a[operation.reference]).toBe(b[operation.hypothesis]);
          if (operation.kind === "substitution") expect(a[operation.reference]).not.toBe(b[operation.hypothesis]);
        }
      }),
      { numRuns: 200, seed: 10 },
    );
  });

  it("row 33: the rate of a corpus is the mean of its rates, weighted by the lengths of the references", () => {
    const pair = fc.tuple(fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 12 }), text);
    fc.assert(
      fc.property(fc.array(pair, { minLength: 1, maxLength: 6 }), (pairs) => {
        const whole = tokenErrorRate(
          pairs.map(([a]) => a),
          pairs.map(([, b]) => b),
        );
        const length = pairs.reduce((sum, [a]) => sum + a.length, 0);
        const mean = pairs.reduce((sum, [a, b]) => sum + (a.length * tokenErrorRate([a], [b]).rate) / length, 0);
        expect(whole.rate).toBeCloseTo(mean, 12);
        expect(whole.length).toBe(length);
      }),
      { numRuns: 100, seed: 11 },
    );
  });
});
