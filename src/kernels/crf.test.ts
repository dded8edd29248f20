import { afterEach, describe, expect, it } from "vitest";
import { logSumExp } from "../core/numeric.js";
import { Random } from "../core/random.js";
import { Workspace } from "../core/workspace.js";
import { crfLoss } from "../losses/crf.js";
import { kernelTensors } from "./arena.js";
import type { ChainScores } from "./chainRows.js";
import { crfSequences } from "./crf.js";
import { heap } from "./memory.js";
import { useThreads } from "./threads.js";

afterEach(() => useThreads(1));

const random = new Random(4);
const minus = Number.NEGATIVE_INFINITY;

interface Case {
  readonly T: number;
  readonly K: number;
  readonly emission?: (t: number, k: number) => number;
  readonly transition?: (from: number, to: number) => number;
  readonly ends?: () => number;
  readonly tag?: (t: number) => number;
}

/** One sequence; the tags it is asked about are drawn unless they are given. */
function chain({ T, K, emission = () => random.normal(), ...given }: Case) {
  const { transition = () => random.normal(), ends = () => random.normal(), tag = () => random.integer(K) } = given;
  const fill = (count: number, of: (i: number) => number) => Float64Array.from({ length: count }, (_, i) => of(i));
  const emissions = Float32Array.from({ length: T * K }, (_, i) => emission(Math.floor(i / K), i % K));
  const transitions = fill(K * K, (i) => transition(Math.floor(i / K), i % K));
  const gold = Int32Array.from({ length: T }, (_, t) => tag(t));
  return { emissions, T, K, transitions, start: fill(K, ends), end: fill(K, ends), gold };
}

/** The kernel's loss and gradients, times `factor`. */
function compute({ emissions, T, K, transitions, start, end, gold }: ReturnType<typeof chain>, factor = 1) {
  const scores: ChainScores = { emissions, time: T, tags: K, lengths: Int32Array.of(T), transitions, start, end };
  const grad = new Float32Array(T * K);
  const losses = new Float64Array(1);
  const counts = {
    transitions: new Float64Array(K * K),
    start: new Float64Array(K),
    end: new Float64Array(K),
  };
  crfSequences(scores, scores.lengths, gold, Float64Array.of(factor), losses, grad, counts, new Workspace());
  return { loss: losses[0], grad, ...counts };
}

function near(name: string, found: ArrayLike<number>, wanted: ArrayLike<number>, allowed: number, factor = 1): void {
  let worst = 0;
  for (let i = 0; i < wanted.length; i++) worst = Math.max(worst, Math.abs(found[i] / factor - wanted[i]));
  expect(worst, name).toBeLessThan(allowed);
}

/** The kernel against the reference, whose own logarithms lose some digits; returns the loss. */
function compare(given: ReturnType<typeof chain>, factor = 1): number {
  const { emissions, T, K, transitions, start, end, gold } = given;
  const found = compute(given, factor);
  const outputs = { data: Float64Array.from(emissions), shape: [1, T, K] };
  const shared = { transitions: { data: transitions, shape: [K, K] }, start, end };
  const right = crfLoss(outputs, Array.from(gold), shared);
  if (!Number.isFinite(right.value)) expect(found.loss).toBe(right.value);
  else expect(Math.abs(found.loss - right.value)).toBeLessThanOrEqual(1e-9 * right.value);
  near("emissions", found.grad, right.grad.data, 1e-7, factor);
  near("transitions", found.transitions, right.gradTransitions.data, 1e-7, factor);
  near("start", found.start, right.gradStart.data, 1e-7, factor);
  near("end", found.end, right.gradEnd.data, 1e-7, factor);
  return found.loss;
}

/**
 * The kernel against sums of logarithms whose largest is taken away at each step. Where scores are in the thousands, those of the
 * reference grow to millions, and lose 3e-5 of a transition's gradient; these stay as small as one step's.
 */
function compareCentred(given: ReturnType<typeof chain>): void {
  const { emissions, T, K, transitions, start, end, gold } = given;
  const centred = (row: Float64Array) => row.map((x) => x - row.reduce((a, b) => Math.max(a, b)));
  const forward = (t: number, k: number) =>
    t === 0 ? start[k] : logSumExp(alpha[t - 1].map((a, i) => a + transitions[i * K + k]));
  const alpha: Float64Array[] = [];
  for (let t = 0; t < T; t++) alpha[t] = centred(start.map((_, k) => forward(t, k) + emissions[t * K + k]));
  let beta = centred(end);
  const steps = new Float64Array(T * K);
  const pairs = new Float64Array(K * K);
  for (let t = T - 1; t >= 0; t--) {
    const here = alpha[t].map((a, k) => a + beta[k]);
    const all = logSumExp(here);
    for (let k = 0; k < K; k++) steps[t * K + k] = Math.exp(here[k] - all) - Number(k === gold[t]);
    if (t === 0) break;
    const edge = Float64Array.from(pairs, (_, i) => transitions[i] + emissions[t * K + (i % K)] + beta[i % K]);
    const both = edge.map((x, i) => alpha[t - 1][Math.floor(i / K)] + x);
    const sum = logSumExp(both);
    for (let i = 0; i < K * K; i++) pairs[i] += Math.exp(both[i] - sum);
    pairs[gold[t - 1] * K + gold[t]]--;
    beta = centred(beta.map((_, k) => logSumExp(edge, k * K, (k + 1) * K)));
  }
  const found = compute(given);
  near("emissions", found.grad, steps, 1e-7);
  near("transitions", found.transitions, pairs, 1e-10);
}

describe("crfSequences is the reference", () => {
  it("for every number of tags around the lanes, from flat to far apart", () => {
    for (const K of [1, 2, 3, 4, 5, 7, 8, 9, 16, 17, 31]) {
      for (const spread of [0, 1, 30, 1000]) {
        for (const pull of [0, 1, 30, 1000]) {
          const size = (by: number) => () => by * random.normal();
          compare(chain({ T: 1 + random.integer(20), K, emission: size(spread), transition: size(pull) }));
        }
      }
    }
  });

  it("over 2,000 steps of tags that never mix, where the rounding of one weight would add up", () => {
    const own = [0.123456789, 0.123457789, 0.12345, 0.12346];
    const transition = (i: number, j: number) => (i === j ? own[i] : -18);
    compare(chain({ T: 2000, K: 4, emission: () => 0, transition, tag: () => 1 }));
    compare(chain({ T: 2000, K: 4, emission: () => 0.01 * random.normal(), transition, tag: () => 3 }));
  });

  it("over 2,000 steps of scores to 1e3, and of transitions that are as large", () => {
    const wide = () => 2000 * random.uniform() - 1000;
    compareCentred(chain({ T: 2000, K: 6, emission: wide }));
    compareCentred(chain({ T: 2000, K: 6, emission: wide, transition: () => -1000 }));
    compareCentred(chain({ T: 2000, K: 5, emission: wide, transition: wide }));
    compareCentred(chain({ T: 2000, K: 9 }));
  });

  it("where transitions are forbidden, at -Infinity or softly", () => {
    for (const forbidden of [minus, -1e4, -400]) {
      const tag = (t: number) => Math.min(12, t >> 2);
      const onwards = (i: number, j: number) => (j === i || j === i + 1 ? random.normal() : forbidden);
      compare(chain({ T: 60, K: 13, transition: onwards, tag }));
      compare(chain({ T: 60, K: 13, emission: () => 200 * random.normal(), transition: onwards, tag }));
      // a tag that nothing leads to, and one that leads nowhere
      const outer = (i: number, j: number) => (j === 0 || i === 4 ? forbidden : random.normal());
      compare(chain({ T: 30, K: 5, transition: outer, tag: (t) => (t === 0 ? 0 : t === 29 ? 4 : 1 + (t % 3)) }));
      const some = () => (random.uniform() < 0.4 ? forbidden : random.normal());
      for (let n = 0; n < 40; n++) compare(chain({ T: 8, K: 5, transition: some, ends: some }));
    }
    const impossible = chain({ T: 4, K: 3, transition: () => minus });
    expect(compare(impossible)).toBe(Number.POSITIVE_INFINITY);
    expect(compare(chain({ T: 1, K: 3, transition: () => minus }))).toBeLessThan(100);
  });

  it("where one emission of a step is possible", () => {
    const emission = (t: number, k: number) => (k === t % 3 ? random.normal() : minus);
    expect(compare(chain({ T: 20, K: 3, emission, tag: (t) => t % 3 }))).toBe(0);
    expect(compare(chain({ T: 20, K: 3, emission, tag: () => 0 }))).toBe(Number.POSITIVE_INFINITY);
  });

  it("where the faintest path wins in the end, from beyond what float64 holds", () => {
    for (const pull of [100, 400, 1000]) {
      const transition = (i: number, j: number) => (i === j ? 0 : j === 2 ? -5 * pull : -1);
      const emission = (t: number, k: number) => (k === 2 ? (t < 5 ? -pull : 7 * pull) : 0) + random.normal();
      for (const gold of [0, 2]) compare(chain({ T: 6, K: 3, emission, transition, tag: () => gold }));
    }
  });

  it("where the gold tagging is nearly certain: the loss keeps its relative accuracy", () => {
    for (const margin of [3, 10, 30, 100, 300]) {
      const tag = (t: number) => t % 5;
      const emission = (t: number, k: number) => (k === tag(t) ? margin : 0) + 0.1 * random.normal();
      const loss = compare(chain({ T: 500, K: 5, emission, tag }));
      expect(loss).toBeGreaterThan(0);
    }
    const two = { emissions: new Float32Array([40, 0, 40, 0]), T: 2, K: 2, gold: new Int32Array(2) };
    const zeros = { transitions: new Float64Array(4), start: new Float64Array(2), end: new Float64Array(2) };
    expect(compare({ ...two, ...zeros }) / (2 * Math.exp(-40))).toBeCloseTo(1, 12);
  });

  it("for coefficients that float32 or a product would not hold", () => {
    for (const factor of [-1, 0.3, 1e-20, -1e20]) compare(chain({ T: 12, K: 4 }), factor);
  });
});

describe("crfLoss on long float32 sequences", () => {
  const [B, T, K] = [11, 90, 6];
  const lengths = Array.from({ length: B }, (_, b) => [90, 70, 0, 3, 66][b % 5]);
  const weights = Array.from({ length: B }, (_, b) => [1, 0, 2, -0.5][b % 4]);
  const normals = (count: number) => Float32Array.from({ length: count }, () => 2 * random.normal());
  const tags = Array.from({ length: B }, () => Array.from({ length: T }, () => random.integer(K)));
  const shared = { transitions: { data: normals(K * K), shape: [K, K] }, lengths };
  const options = { ...shared, weights };
  const padded = normals(B * T * K).map((x, i) => (Math.floor(i / K) % T < lengths[Math.floor(i / (T * K))] ? x : NaN));
  const numbers = ({ value, losses, grad, gradTransitions, gradStart, gradEnd }: ReturnType<typeof crfLoss>) => [
    value,
    ...losses,
    ...[grad, gradTransitions, gradStart, gradEnd].flatMap(({ data }) => Array.from(data)),
  ];
  const run = (more = {}) => crfLoss({ data: padded, shape: [B, T, K] }, tags, { ...options, ...more });

  it("weighs, leaves out and never reads padding, as the reference; without a gradient as with one", () => {
    const exact = crfLoss({ data: Float64Array.from(padded), shape: [B, T, K] }, tags, options);
    const fast = run();
    expect(fast.value).toBeCloseTo(exact.value, 6);
    for (const part of ["grad", "gradStart", "gradEnd", "gradTransitions"] as const) {
      exact[part].data.forEach((x, i) => expect(Math.abs(fast[part].data[i] - x)).toBeLessThan(5e-6));
    }
    expect(run({ gradient: false }).losses).toEqual(fast.losses);
    expect(run({ gradient: false }).gradTransitions.data).toHaveLength(0);
  });

  it("computes in place, with several threads, and into a buffer that was used: the same to the bit", async () => {
    const alone = numbers(run());
    const inPlace = () => {
      const [emissions, into] = kernelTensors([B, T, K], 2);
      emissions.data.set(padded);
      into.data.fill(7);
      return crfLoss(emissions, tags, { ...options, into: into.data });
    };
    expect(numbers(run({ into: new Float32Array(B * T * K).fill(3) }))).toEqual(alone);
    expect(numbers(inPlace())).toEqual(alone);
    const before = heap().reservedBytes;
    run();
    expect(heap().reservedBytes).toBe(before);
    await useThreads(3);
    expect(numbers(run())).toEqual(alone);
    expect(numbers(inPlace())).toEqual(alone);
  });

  it("keeps NaN and Infinity in their own sequence", () => {
    for (const poison of [Number.NaN, Number.POSITIVE_INFINITY]) {
      const data = padded.slice();
      data[(4 * T + 65) * K] = poison;
      const { losses, grad, gradTransitions } = crfLoss({ data, shape: [B, T, K] }, tags, shared);
      losses.forEach((loss, b) => expect(Number.isNaN(loss)).toBe(b === 4));
      const at = 4 * T * K;
      expect(grad.data.subarray(0, at).every(Number.isFinite)).toBe(true);
      expect(grad.data.subarray(at, at + 66 * K).every(Number.isNaN)).toBe(true);
      expect(grad.data.subarray(at + 66 * K).every(Number.isFinite)).toBe(true);
      expect(gradTransitions.data.every(Number.isNaN)).toBe(true);
    }
  });
});
