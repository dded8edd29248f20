import type { Trellis } from "../../../src/index.js";

/** How many paths there are from the first state to each, and from each to the last; moves that weigh nothing lead nowhere. */
export function pathCounts({ alpha, moves }: Trellis): {
  readonly to: readonly bigint[];
  readonly from: readonly bigint[];
} {
  const to: bigint[] = new Array(alpha.length).fill(0n);
  const from: bigint[] = new Array(alpha.length).fill(0n);
  to[0] = 1n;
  from[alpha.length - 1] = 1n;
  const open = moves.filter(({ logProb }) => logProb > Number.NEGATIVE_INFINITY);
  for (const move of open) to[move.to] += to[move.from];
  for (const move of open.toReversed()) from[move.from] += from[move.to];
  return { to, from };
}

/** The paths from one state to a later one: how many, and ln of what they weigh together. */
export function pathsBetween({ alpha, moves }: Trellis, first: number, last: number) {
  const weight = new Float64Array(alpha.length).fill(Number.NEGATIVE_INFINITY);
  const count: bigint[] = new Array(alpha.length).fill(0n);
  weight[first] = 0;
  count[first] = 1n;
  for (const { from, to, logProb } of moves) {
    const [a, b] = [weight[to], weight[from] + logProb];
    if (b === Number.NEGATIVE_INFINITY) continue;
    weight[to] = Math.max(a, b) + Math.log1p(Math.exp(-Math.abs(a - b)));
    count[to] += count[from];
  }
  return { logWeight: weight[last], count: count[last] };
}

/** Every path from the first state to the last with ln of its weight, the likeliest first: only where they are few. */
export function everyPath(trellis: Trellis): { readonly path: number[]; readonly logProb: number }[] {
  const { alpha, moves } = trellis;
  const out: Trellis["moves"][number][][] = Array.from(alpha, () => []);
  for (const move of moves) if (move.logProb > Number.NEGATIVE_INFINITY) out[move.from].push(move);
  const { from: toEnd } = pathCounts(trellis);
  const found: { path: number[]; logProb: number }[] = [];
  const walk = (state: number, path: readonly number[], logProb: number): void => {
    if (state === alpha.length - 1) found.push({ path: [...path], logProb });
    for (const { to, symbol, logProb: step } of out[state]) {
      if (toEnd[to] > 0n) walk(to, symbol < 0 ? path : [...path, symbol], logProb + step);
    }
  };
  walk(0, [], 0);
  return found.toSorted((a, b) => b.logProb - a.logProb);
}
