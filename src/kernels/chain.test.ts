import { afterEach, describe, expect, it } from "vitest";
import { Random } from "../core/random.js";
import { viterbiDecode } from "../decoding/viterbi.js";
import { type ChainLossResult, crfLoss } from "../losses/crf.js";
import { structuredHingeLoss } from "../losses/structuredHinge.js";
import { useThreads } from "./threads.js";

afterEach(() => useThreads(1));

const random = new Random(1);

interface Sizes {
  readonly B: number;
  readonly T: number;
  readonly K: number;
}

function draw({ B, T, K }: Sizes, spread: number, shared = spread) {
  const normals = (count: number, size: number) => Array.from({ length: count }, () => size * random.normal());
  const data = Float32Array.from(normals(B * T * K, spread));
  const tags = Array.from({ length: B }, () => Array.from({ length: T }, () => random.integer(K)));
  const options = {
    transitions: Array.from({ length: K }, () => normals(K, shared)),
    start: normals(K, shared),
    end: normals(K, shared),
    lengths: tags.map((_, b) => (b === 0 ? T : random.integer(T + 1))),
    weights: tags.map((_, b) => [1, -0.5, 0, 2][b % 4]),
  };
  return { data, shape: [B, T, K], tags, options };
}

type Drawn = ReturnType<typeof draw>;
const losses = { crfLoss, structuredHingeLoss };

/** Float32 through the kernel, and the same numbers through the reference. */
function both(loss: keyof typeof losses, { data, shape, tags, options }: Drawn): ChainLossResult[] {
  return [data, Float64Array.from(data)].map((numbers) => losses[loss]({ data: numbers, shape }, tags, options));
}

function compare(loss: keyof typeof losses, drawn: Drawn): ChainLossResult {
  const [fast, exact] = both(loss, drawn);
  fast.losses.forEach((value, b) => {
    const right = exact.losses[b];
    if (Number.isFinite(right)) expect(Math.abs(value - right)).toBeLessThanOrEqual(2e-6 * right + 1e-30);
    else expect(value).toBe(right);
  });
  const steps = drawn.shape[1];
  for (const [part, allowed] of [
    ["grad", 5e-6],
    ["gradStart", 5e-6],
    ["gradEnd", 5e-6],
    ["gradTransitions", 5e-6 * Math.max(1, Math.sqrt(steps))],
  ] as const) {
    exact[part].data.forEach((slope, i) => {
      if (Number.isNaN(slope)) expect(fast[part].data[i]).toBeNaN();
      else expect(Math.abs(fast[part].data[i] - slope)).toBeLessThan(allowed);
    });
  }
  return fast;
}

describe.each(["crfLoss", "structuredHingeLoss"] as const)("the kernel of %s is the reference", (loss) => {
  it.each([
    { B: 3, T: 1, K: 1 },
    { B: 4, T: 5, K: 2 },
    { B: 5, T: 9, K: 7 },
    { B: 4, T: 12, K: 8 },
    { B: 3, T: 20, K: 17 },
    { B: 3, T: 11, K: 72 },
  ])("on %j, from flat to far apart, ragged and weighted", (sizes) => {
    for (const spread of [0, 1, 8, 60, 1000]) compare(loss, draw(sizes, spread));
  });

  it("over 2,000 steps", () => {
    compare(loss, draw({ B: 1, T: 2000, K: 5 }, 1));
    compare(loss, draw({ B: 1, T: 2000, K: 5 }, 1000, 1));
  });

  it("where scores and transitions pull apart: the path that wins in the end begins as the faintest", () => {
    const [T, K] = [6, 3];
    for (const pull of [20, 45, 90, 500]) {
      const drawn = draw({ B: 2, T, K }, 0.1);
      for (let t = 0; t < T; t++) drawn.data[t * K + 2] += t < T - 1 ? -pull : 7 * pull;
      const transitions = [0, 1, 2].map((i) => [0, 1, 2].map((j) => (i === j ? 0 : j === 2 ? -5 * pull : -1)));
      compare(loss, { ...drawn, options: { ...drawn.options, transitions } });
    }
  });

  it("where transitions are forbidden, hard or soft, as in BIO tagging", () => {
    for (const forbidden of [Number.NEGATIVE_INFINITY, -10_000]) {
      const drawn = draw({ B: 4, T: 10, K: 9 }, 2);
      // tag 2n + 1 begins chunk n, tag 2n + 2 goes on with it
      const transitions = drawn.options.transitions.map((row, i) =>
        row.map((x, j) => (j > 0 && j % 2 === 0 && i !== j && i !== j - 1 ? forbidden : x)),
      );
      const start = drawn.options.start.map((x, j) => (j > 0 && j % 2 === 0 ? forbidden : x));
      const tags = drawn.tags.map((row, b) => row.map((_, t) => (b === 3 ? [0, 4][t % 2] : [0, 1, 2, 2, 3][t % 5])));
      const fast = compare(loss, {
        ...drawn,
        tags,
        options: { ...drawn.options, transitions, start, lengths: [10, 7, 1, 4] },
      });
      if (forbidden === Number.NEGATIVE_INFINITY) expect(fast.losses[3]).toBe(Number.POSITIVE_INFINITY);
    }
  });

  it("where the network is sure: a loss near 0 keeps its relative accuracy", () => {
    for (const margin of [5, 15, 25]) {
      const drawn = draw({ B: 2, T: 8, K: 5 }, 0.1);
      drawn.tags.forEach((row, b) => row.forEach((tag, t) => (drawn.data[(b * 8 + t) * 5 + tag] += margin)));
      compare(loss, drawn);
    }
  });

  it("and NaN or Infinity poisons its own sequence alone, padding never", () => {
    for (const poison of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      const drawn = draw({ B: 3, T: 4, K: 3 }, 1);
      drawn.data[1] = poison;
      drawn.data.fill(Number.NaN, 3 * 4 * 2 - 3, 3 * 4 * 2);
      compare(loss, { ...drawn, options: { ...drawn.options, lengths: [4, 3, 0] } });
    }
  });

  it("with several threads and in several groups: the same to the bit", async () => {
    for (const sizes of [
      { B: 9, T: 30, K: 10 },
      { B: 70, T: 130, K: 3 },
    ]) {
      const drawn = draw(sizes, 1);
      const numbers = () => {
        const { value, losses: each, grad, gradTransitions, gradStart, gradEnd } = both(loss, drawn)[0];
        return [value, ...each, ...[grad, gradTransitions, gradStart, gradEnd].flatMap(({ data }) => [...data])];
      };
      const alone = numbers();
      await useThreads(3);
      expect(numbers()).toEqual(alone);
      await useThreads(1);
    }
  });
});

it("the kernel of structuredHingeLoss settles ties as the reference does", () => {
  for (let n = 0; n < 30; n++) {
    const drawn = draw({ B: 3, T: 6, K: n % 2 === 0 ? 4 : 13 }, 1);
    const whole = (numbers: readonly number[]) => numbers.map(Math.round);
    const { transitions, start, end } = drawn.options;
    const options = { ...drawn.options, transitions: transitions.map(whole), start: whole(start), end: whole(end) };
    const data = drawn.data.map(Math.round);
    const [fast, exact] = [data, Float64Array.from(data)].map((numbers) =>
      structuredHingeLoss({ data: numbers, shape: drawn.shape }, drawn.tags, options),
    );
    expect(fast.competitors).toEqual(exact.competitors);
  }
});

describe("the kernel of structuredHingeLoss finds the competitor that float64 finds", () => {
  it.each<[string, (x: number, i: number) => number]>([
    ["in scores that differ in the last bits of float32", (x) => 1 + x * 2 ** -22],
    ["in scores that are hardly more than nothing", (x) => x * 1e-30],
    ["in scores of a size that float32 hardly holds", (x) => x * 1e37],
    ["in scores around a large number", (x) => x + 1e6],
    ["where most are masked by a large negative number", (x, i) => (i % 3 === 0 ? x : -1e9)],
    ["where a few are far above the others", (x, i) => (i % 101 === 7 ? 5000 : x)],
    ["where half are the same number", (x, i) => (i % 2 === 0 ? 0.5 : x)],
    ["where some are forbidden", (x, i) => (i % 4 === 1 ? Number.NEGATIVE_INFINITY : x)],
  ])("%s", (_, change) => {
    for (const { B, T, K } of [
      { B: 9, T: 14, K: 13 },
      { B: 4, T: 70, K: 24 },
    ]) {
      for (const changed of ["emissions", "transitions"]) {
        const drawn = draw({ B, T, K }, 1);
        const { transitions } = drawn.options;
        const options = {
          ...drawn.options,
          transitions:
            changed === "transitions"
              ? transitions.map((row, i) => row.map((x, j) => change(x, i * K + j)))
              : transitions,
        };
        const data = changed === "emissions" ? drawn.data.map(change) : drawn.data;
        const [fast, exact] = [data, Float64Array.from(data)].map((numbers) =>
          structuredHingeLoss({ data: numbers, shape: drawn.shape }, drawn.tags, options),
        );
        expect(fast.competitors).toEqual(exact.competitors);
        expect(fast.losses).toEqual(exact.losses);
      }
    }
  });
});

describe("viterbiDecode of float32 is that of float64", () => {
  const compared = ({ data, shape, options: { weights: _, ...options } }: Drawn) => {
    const [fast, exact] = [data, Float64Array.from(data)].map((numbers) =>
      viterbiDecode({ data: numbers, shape }, options),
    );
    expect(fast.map(({ tags, score }) => [tags, score])).toEqual(exact.map(({ tags, score }) => [tags, score]));
    exact.forEach(({ logProb }, b) => {
      if (Number.isNaN(logProb)) expect(fast[b].logProb).toBeNaN();
      else
        expect(Math.abs(fast[b].logProb - logProb)).toBeLessThanOrEqual(1e-10 * Math.max(1, Math.abs(exact[b].score)));
    });
    return fast;
  };

  it.each([
    { B: 3, T: 1, K: 1 },
    { B: 9, T: 12, K: 5 },
    { B: 7, T: 40, K: 19 },
    { B: 3, T: 9, K: 72 },
  ])("on %j, ragged, from flat to far apart", (sizes) => {
    for (const spread of [0, 1, 60]) compared(draw(sizes, spread));
  });

  it("where taggings are forbidden, all of them or some, and where numbers are none", () => {
    const drawn = draw({ B: 5, T: 4, K: 13 }, 1);
    const transitions = drawn.options.transitions.map((row, i) =>
      row.map((x, j) => ((i + j) % 3 === 0 ? Number.NEGATIVE_INFINITY : x)),
    );
    drawn.data.fill(Number.NEGATIVE_INFINITY, 4 * 13, 5 * 13);
    drawn.data[2 * 4 * 13 + 5] = Number.NaN;
    const fast = compared({ ...drawn, options: { ...drawn.options, transitions, lengths: [4, 3, 4, 0, 2] } });
    expect(fast[1].tags.length).toBe(0);
  });

  it("with several threads too, to the bit", async () => {
    const { data, shape, options } = draw({ B: 11, T: 17, K: 15 }, 1);
    const alone = viterbiDecode({ data, shape }, options);
    await useThreads(3);
    expect(viterbiDecode({ data, shape }, options)).toEqual(alone);
  });
});
