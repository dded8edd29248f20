import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Random } from "../core/random.js";
import { tensor } from "../core/tensor.js";
import { characterErrorRate } from "../metrics/errorRate.js";
import { strings } from "../reference/alignments.js";
import { checkGradient } from "./checkGradient.js";
import { crossEntropy, sequenceCrossEntropy } from "./crossEntropy.js";
import { exactPolicyGradient } from "./exactPolicyGradient.js";
import { minimumRiskLoss } from "./minimumRisk.js";
import { type PolicyGradientOptions, policyGradientLoss } from "./policyGradient.js";
import { discountedReturns, generalizedAdvantages, movingAverageBaseline } from "./returns.js";
import { selfCriticalLoss } from "./selfCritical.js";

const minus = Number.NEGATIVE_INFINITY;
const policy = (
  logits: Parameters<typeof policyGradientLoss>[0],
  actions: number[][],
  options: PolicyGradientOptions,
) => policyGradientLoss(logits, actions, { reduction: "sum", ...options });

function randomCase(seed: number) {
  const random = new Random(seed);
  const [B, T, A] = [2, 3, 3];
  const lists = (draw: () => number) => Array.from({ length: B }, () => Array.from({ length: T }, draw));
  return {
    logits: Array.from({ length: B }, () =>
      Array.from({ length: T }, () => Array.from({ length: A }, () => random.normal())),
    ),
    actions: lists(() => random.integer(A)),
    rewards: lists(() => random.normal()),
    oldLogProbs: lists(() => -2 * random.uniform()),
    values: lists(() => random.normal()),
  };
}

describe("policyGradientLoss", () => {
  it("row 60: two actions alike, reward 1", () => {
    const { value, grad } = policy([[[0, 0]]], [[0]], { rewards: [[1]] });
    expect(value).toBeCloseTo(Math.LN2, 12);
    expect(Array.from(grad.data)).toEqual([-0.5, 0.5]);
  });

  it("row 61: rewards 1, 0, 2 discounted by 0.9 return 2.62, 1.8, 2", () => {
    expect(discountedReturns([[1, 0, 2]], 0.9)).toEqual([[expect.closeTo(2.62, 12), expect.closeTo(1.8, 12), 2]]);
    const { returns } = policy(
      [
        [
          [0, 0],
          [0, 0],
          [0, 0],
        ],
      ],
      [[0, 0, 0]],
      { rewards: [[1, 0, 2]], discount: 0.9 },
    );
    expect(Array.from(returns.data)).toEqual([expect.closeTo(2.62, 12), expect.closeTo(1.8, 12), 2]);
  });

  it("row 62: returns, baseline and entropy together, worked by hand", () => {
    const options = { rewards: [[1, 0, 2]], discount: 0.9, baseline: 2, entropyWeight: 0.01 };
    const { value, grad } = policy(
      [
        [
          [0, 1],
          [1, 0],
          [0, 0],
        ],
      ],
      [[1, 0, 1]],
      options,
    );
    expect(value).toBeCloseTo(0.112994, 6);
    const wanted = [0.164778, -0.164778, 0.055754, -0.055754, 0, 0];
    wanted.forEach((x, i) => expect(grad.data[i]).toBeCloseTo(x, 6));
  });

  it("row 63: a baseline leaves the mean of the gradient as it is", () => {
    const logits = [0.3, -1, 0.7];
    const rewards = [1, 0, 4];
    const p = logits.map((z) => Math.exp(z) / logits.reduce((sum, x) => sum + Math.exp(x), 0));
    for (const baseline of [0, 5]) {
      const mean = [0, 0, 0];
      p.forEach((share, a) => {
        const { grad } = policy([[logits]], [[a]], { rewards: [[rewards[a]]], baseline });
        grad.data.forEach((x, k) => (mean[k] += share * x));
      });
      [0.550003, 0.248481, -0.798485].forEach((x, k) => expect(mean[k]).toBeCloseTo(x, 6));
    }
    const exact = exactPolicyGradient([logits], ([a]) => rewards[a]);
    [0.550003, 0.248481, -0.798485].forEach((x, k) => expect(exact.grad.data[k]).toBeCloseTo(x, 6));
  });

  it("row 64: equal advantages normalise to 0; one rollout compares its own steps", () => {
    const zeros = [
      [
        [0, 0],
        [0, 0],
      ],
    ];
    const equal = policy(zeros, [[0, 1]], { rewards: [[0, 3]], normalizeAdvantages: true });
    expect(Array.from(equal.advantages.data)).toEqual([0, 0]);
    expect(equal.value).toBe(0);
    const one = policy(zeros, [[0, 1]], { rewards: [[1, 3]], normalizeAdvantages: true });
    expect(Array.from(one.advantages.data)).toEqual([1, -1]);
    const nearly = policy(zeros, [[0, 1]], {
      rewards: [[0, 0.1 + 0.2]],
      baseline: [[0, 0]],
      normalizeAdvantages: true,
    });
    expect(Array.from(nearly.advantages.data)).toEqual([0, 0]);
  });

  it("row 65: a masked action has no part; choosing it is an error", () => {
    const options = { rewards: [[1]], entropyWeight: 0.1 };
    for (const given of [
      { logits: [[[0, minus, 0]]], options },
      { logits: [[[0, 9, 0]]], options: { ...options, mask: [[[1, 0, 1]]] } },
    ]) {
      const { value, grad } = policy(given.logits, [[2]], given.options);
      expect(value).toBeCloseTo(0.623832, 6);
      [0.5, 0, -0.5].forEach((x, k) => expect(grad.data[k]).toBeCloseTo(x, 12));
      expect(grad.data[1]).toBe(0);
      expect(() => policy(given.logits, [[1]], given.options)).toThrow(/action at sequence 0, step 0 is 1; .*allowed/);
    }
  });

  it("is the cross-entropy of the actions when every return is 1", () => {
    const { logits, actions } = randomCase(3);
    const rewards = [
      [0, 0, 1],
      [0, 0, 1],
    ];
    const a = policyGradientLoss(logits, actions, { rewards });
    const b = sequenceCrossEntropy(logits, actions);
    expect(a.value).toBeCloseTo(b.value, 12);
    a.grad.data.forEach((x, i) => expect(x).toBeCloseTo(b.grad.data[i], 12));
    expect(policyGradientLoss(logits, actions, { rewards: [1, 1] }).value).toBeCloseTo(b.value, 12);
  });

  it("takes returns to go, or whole; rewards and baselines for steps or for sequences", () => {
    const { logits, actions, rewards, values } = randomCase(4);
    const whole = policy(logits, actions, { rewards, returns: "total", discount: 0.5 });
    rewards.forEach((list, b) => {
      const total = list.reduce((sum, r, t) => sum + r * 0.5 ** t, 0);
      for (let t = 0; t < 3; t++) expect(whole.returns.data[b * 3 + t]).toBeCloseTo(total, 12);
    });
    const each = policy(logits, actions, { rewards, baseline: values });
    const flat = policy(logits, actions, { rewards: rewards.flat(), baseline: values.flat() });
    expect(each.value).toBe(flat.value);
    each.advantages.data.forEach((x, i) => expect(x).toBeCloseTo(each.returns.data[i] - values.flat()[i], 12));
    const perSequence = policy(logits, actions, { rewards, baseline: [1, -1] });
    perSequence.advantages.data.forEach((x, i) => {
      expect(x).toBeCloseTo(perSequence.returns.data[i] - (i < 3 ? 1 : -1), 12);
    });
  });

  it("has gradients that differences confirm: entropy, baseline, normalisation, PPO inside and outside its clip", () => {
    fc.assert(
      fc.property(fc.nat(1e6), fc.boolean(), fc.boolean(), (seed, ppo, normalizeAdvantages) => {
        const { logits, actions, rewards, oldLogProbs, values } = randomCase(seed);
        const options: PolicyGradientOptions = {
          rewards,
          discount: 0.9,
          baseline: values,
          entropyWeight: 0.3,
          normalizeAdvantages,
          lengths: [3, 2],
          ...(ppo && { clip: [0.2, 0.3], oldLogProbs }),
        };
        const { passed, worst } = checkGradient(policyGradientLoss, logits, actions, options);
        expect(passed, JSON.stringify(worst)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  it("PPO: the surrogate is clipped where the ratio went too far the good way, and says how often", () => {
    const logits = [[[2, 0]]];
    const at = (old: number, reward: number) =>
      policy(logits, [[0]], { rewards: [[reward]], clip: 0.2, oldLogProbs: [[Math.log(old)]] });
    const p = Math.exp(2) / (1 + Math.exp(2));
    const far = at(0.5, 1);
    expect(far.value).toBeCloseTo(-1.2, 12);
    expect(Array.from(far.grad.data)).toEqual([0, 0]);
    expect(far.clippedShare).toBe(1);
    const near = at(0.85, 1);
    expect(near.value).toBeCloseTo(-p / 0.85, 12);
    expect(near.clippedShare).toBe(0);
    const bad = at(0.5, -1);
    expect(bad.value).toBeCloseTo(p / 0.5, 12);
    const same = at(p, 1);
    const plain = policy(logits, [[0]], { rewards: [[1]] });
    same.grad.data.forEach((x, k) => expect(x).toBeCloseTo(plain.grad.data[k], 12));
  });

  it("never reads padding, keeps NaN in its own sequence, and does not let padded rewards into returns", () => {
    const nan = Number.NaN;
    const { value, losses, grad } = policy(
      [
        [
          [0, 1],
          [nan, nan],
        ],
        [
          [0, nan],
          [0, 0],
        ],
      ],
      [
        [1, 7],
        [0, 0],
      ],
      {
        rewards: [
          [1, nan],
          [1, 1],
        ],
        lengths: [1, 2],
      },
    );
    expect(losses[0]).toBeCloseTo(crossEntropy([[0, 1]], [1]).value, 12);
    expect(losses[1]).toBeNaN();
    expect(value).toBeNaN();
    expect(Array.from(grad.data.slice(2, 4))).toEqual([0, 0]);
    expect(Array.from(grad.data.slice(0, 2)).every(Number.isFinite)).toBe(true);
  });

  it("gives the mean entropy, and float32 gradients for float32 logits", () => {
    const result = policyGradientLoss(
      tensor([
        [
          [0, 0],
          [0, 0],
        ],
      ]),
      [[0, 1]],
      { rewards: [1] },
    );
    expect(result.entropy).toBeCloseTo(Math.log(2), 12);
    expect(result.grad.data).toBeInstanceOf(Float32Array);
  });

  it.each([
    [{ rewards: [[1]] }, /size of rewards\[0\] is 1; expected at least 2/],
    [{ rewards: [[1, Infinity]] }, /rewards\[0\]\[1\] is Infinity/],
    [{ rewards: [1, 2, 3] }, /size of rewards is 3; expected 1, one for each sequence, or 2/],
    [{ rewards: [[1, 1]], discount: 1.1 }, /discount is 1.1/],
    [{ rewards: [[1, 1]], entropyWeight: -1 }, /entropyWeight is -1/],
    [{ rewards: [[1, 1]], clip: 0.2 }, /oldLogProbs is undefined; expected to be given/],
    [{ rewards: [[1, 1]], oldLogProbs: [[0, 0]] }, /clip is undefined/],
    [{ rewards: [[1, 1]], clip: 0, oldLogProbs: [[0, 0]] }, /clip is 0/],
    [{ rewards: [[1, 1]], returns: "all" }, /returns is "all"/],
    [{ rewards: [[1, 1]], mask: [[[1]]] }, /size of mask\[0\]\[0\] is 1; expected 2/],
    [{}, /rewards is undefined/],
  ])("refuses %j", (options, message) => {
    expect(() =>
      policyGradientLoss(
        [
          [
            [0, 0],
            [0, 0],
          ],
        ],
        [[0, 0]],
        options as never,
      ),
    ).toThrow(message);
  });
});

describe("returns and baselines", () => {
  it("generalised advantages: λ = 1 is the return less the value, λ = 0 the one-step error", () => {
    const [rewards, values] = [[[1, 0, 2]], [[0.5, 1, 1.5]]];
    const [full] = generalizedAdvantages(rewards, values, { discount: 0.9, lambda: 1 });
    discountedReturns(rewards, 0.9)[0].forEach((g, t) => expect(full[t]).toBeCloseTo(g - values[0][t], 12));
    const [short] = generalizedAdvantages(rewards, values, { discount: 0.9, lambda: 0 });
    expect(short).toEqual([expect.closeTo(1 + 0.9 - 0.5, 12), expect.closeTo(0.9 * 1.5 - 1, 12), 0.5]);
    expect(() => generalizedAdvantages([[1]], [[]])).toThrow(/size of values\[0\] is 0/);
    expect(() => generalizedAdvantages([[1]], [[1]], { lambda: 2 })).toThrow(/lambda is 2/);
  });

  it("a moving average starts unbiased, follows, and goes on from its state", () => {
    const average = movingAverageBaseline(0.9);
    expect(average.value).toBe(0);
    average.update([4]);
    expect(average.value).toBeCloseTo(4, 12);
    for (let i = 0; i < 200; i++) average.update([10, 12]);
    expect(average.value).toBeCloseTo(11, 6);
    const resumed = movingAverageBaseline(0.9, average.state);
    average.update([3]);
    resumed.update([3]);
    expect(resumed.value).toBe(average.value);
    expect(() => movingAverageBaseline(1)).toThrow(/decay is 1/);
  });
});

describe("exactPolicyGradient", () => {
  const logits = [
    [0.5, -0.2, 0.1],
    [0, 1, -1],
  ];
  const reward = (actions: readonly number[]) => (actions[0] === actions[1] ? 3 : 0) + actions[1];

  it("is the slope of the expected return, by differences", () => {
    const value = (point: number[][]) => exactPolicyGradient(point, reward).expectedReturn;
    const { grad } = exactPolicyGradient(logits, reward);
    logits.forEach((row, t) =>
      row.forEach((_, k) => {
        const moved = (by: number) => logits.map((r, i) => r.map((z, j) => (i === t && j === k ? z + by : z)));
        expect(-grad.data[t * 3 + k]).toBeCloseTo((value(moved(1e-5)) - value(moved(-1e-5))) / 2e-5, 8);
      }),
    );
  });

  it("has the same mean under every baseline, and the least variance under the best one", () => {
    const { grad, estimators } = exactPolicyGradient(logits, reward);
    for (const { mean } of estimators) mean.data.forEach((x, i) => expect(x).toBeCloseTo(grad.data[i], 12));
    const variance = Object.fromEntries(estimators.map((one) => [one.name, one.variance]));
    expect(variance.best).toBeLessThanOrEqual(Math.min(...Object.values(variance)));
    expect(variance.mean).toBeLessThan(variance.none);
  });

  it("agrees with policyGradientLoss over every sequence of actions", () => {
    const mean = new Float64Array(6);
    let total = 0;
    for (const actions of strings(2, 3)) {
      const p = Math.exp(-sequenceCrossEntropy([logits], [actions]).value);
      const { grad } = policyGradientLoss([logits], [actions], { rewards: [reward(actions)], baseline: 1.7 });
      grad.data.forEach((x, i) => (mean[i] += p * x));
      total += p;
    }
    expect(total).toBeCloseTo(1, 12);
    exactPolicyGradient(logits, reward).grad.data.forEach((x, i) => expect(x).toBeCloseTo(mean[i], 12));
  });

  it("refuses what cannot be listed", () => {
    expect(() => exactPolicyGradient([[0], [0, 1]], () => 0)).toThrow(/rows of equal size/);
    expect(() => exactPolicyGradient(new Array(30).fill([0, 0]), () => 0)).toThrow(/at most 1000000/);
  });
});

describe("minimumRiskLoss", () => {
  it("weighs the costs by the candidates' shares: −20, −30, −25", () => {
    const { value, grad } = minimumRiskLoss([[-20, -30, -25]], [[1, 2, 3]]);
    const shares = [0.99326, 4.5e-5, 0.0066925];
    expect(value).toBeCloseTo(shares[0] + 2 * shares[1] + 3 * shares[2], 4);
    const slopes = shares.map((share, n) => share * (n + 1 - value));
    slopes.forEach((slope, n) => expect(grad.data[n]).toBeCloseTo(slope, 4));
  });

  it("is the mean cost for equal candidates, the cost of the only one, and 0 for none", () => {
    expect(minimumRiskLoss([[-3, -3]], [[0, 1]]).value).toBeCloseTo(0.5, 12);
    const only = minimumRiskLoss([[-3]], [[0.7]]);
    expect([only.value, only.grad.data[0]]).toEqual([expect.closeTo(0.7, 12), expect.closeTo(0, 12)]);
    expect(minimumRiskLoss([[-1, -2], []], [[1, 1], []]).losses[1]).toBe(0);
  });

  it("has gradients that differences confirm, sums of 0, and does not mind a shift", () => {
    fc.assert(
      fc.property(fc.nat(1e6), fc.constantFrom(0.5, 1, 3), (seed, sharpness) => {
        const random = new Random(seed);
        const rows = Array.from({ length: 2 }, () => Array.from({ length: 4 }, () => 3 * random.normal()));
        const costs = rows.map((row) => row.map(() => random.uniform()));
        const options = { sharpness, lengths: [4, 2] };
        expect(checkGradient(minimumRiskLoss, rows, costs, options).passed).toBe(true);
        const { value, grad } = minimumRiskLoss(rows, costs, options);
        expect(Array.from(grad.data).reduce((sum, x) => sum + x, 0)).toBeCloseTo(0, 12);
        const moved = minimumRiskLoss(
          rows.map((row) => row.map((x) => x + 7)),
          costs.map((row) => row.map((c) => c + 2)),
          options,
        );
        expect(moved.value).toBeCloseTo(value + 2, 10);
        moved.grad.data.forEach((x, i) => expect(x).toBeCloseTo(grad.data[i], 10));
      }),
      { numRuns: 30 },
    );
  });

  it("gives an impossible candidate no share, and never reads padding", () => {
    const { value, grad } = minimumRiskLoss([[-1, minus, Number.NaN]], [[1, 5, Number.NaN]], { lengths: [2] });
    expect(value).toBe(1);
    expect(Array.from(grad.data)).toEqual([0, 0, 0]);
  });

  it("trains towards the error rate: a step against the gradient lowers it", () => {
    const candidates = ["cat", "cut", "dog"];
    const costs = [candidates.map((word) => characterErrorRate([word], ["cat"]).rate)];
    let logProbs = [[-2, -1, -1]];
    const before = minimumRiskLoss(logProbs, costs);
    logProbs = [logProbs[0].map((x, n) => x - before.grad.data[n])];
    expect(minimumRiskLoss(logProbs, costs).value).toBeLessThan(before.value);
  });

  it.each([
    [() => minimumRiskLoss([[-1]], [[1]], { sharpness: 0 }), /sharpness is 0/],
    [() => minimumRiskLoss([[-1, -2]], [[1]]), /size of costs\[0\] is 1; expected at least 2/],
    [() => minimumRiskLoss([[-1]], [[Number.NaN]]), /costs\[0\]\[0\] is NaN/],
    [() => minimumRiskLoss([[minus]], [[1]]), /logProbs\[0\] is .*; expected at least one candidate/],
    [() => minimumRiskLoss([[[-1]]], [[1]], {}), /shape of logProbs/],
  ])("refuses wrong input %#", (call, message) => {
    expect(call).toThrow(message);
  });
});

describe("selfCriticalLoss", () => {
  it("is the cross-entropy of the samples times how much better they are than greedy decoding", () => {
    const { logits, actions } = randomCase(8);
    const options = { rewards: [0.8, 0.1], greedyRewards: [0.5, 0.4] };
    const { losses, grad } = selfCriticalLoss(logits, actions, options);
    const plain = sequenceCrossEntropy(logits, actions, { reduction: "none" });
    expect(losses[0]).toBeCloseTo(0.3 * plain.losses[0], 12);
    expect(losses[1]).toBeCloseTo(-0.3 * plain.losses[1], 12);
    grad.data.forEach((x, i) => expect(x).toBeCloseTo(((i < 9 ? 0.3 : -0.3) * plain.grad.data[i]) / 2, 12));
    expect(checkGradient(selfCriticalLoss, logits, actions, options as never).passed).toBe(true);
  });

  it("asks for one finite reward a sequence", () => {
    const logits = [[[0, 0]]];
    expect(() => selfCriticalLoss(logits, [[0]], { rewards: [1, 2], greedyRewards: [1] })).toThrow(
      /size of rewards is 2/,
    );
    expect(() => selfCriticalLoss(logits, [[0]], { rewards: [1], greedyRewards: [Number.NaN] })).toThrow(
      /greedyRewards\[0\]/,
    );
  });
});
