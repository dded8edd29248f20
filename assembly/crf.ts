import { crfBackward, crfScratchRows } from "./crfBackward";
import { crfForward, STEP_ROWS } from "./crfForward";
import { paddedTags } from "./crfModel";

// Linear-chain CRF: loss, and expected counts less those of the gold tagging (Lafferty, McCallum, Pereira 2001).
//
// Sizes: T steps of K tags; rows are padded to a multiple of 8. Lanes: two of float64; emissions and their gradient are float32.
// A step is a row times a matrix, alpha' = (alpha · e^A) e^x, of masses divided by the largest of them: one below 2^-500 counts
// as 0 there. A sum that is at least 2^-400 has lost less than K 2^-98 of itself to that; any smaller one is computed again, term
// by term, from masses that have exponents of their own. They keep those from step to step, so no path is lost, however far it
// falls behind.
//
// Error: a step adds at most (K + 8) 2^-53 and two errors of e^x, 2e-14, to the relative error of a mass: 6e-11 after 2000 steps
// of 72 tags, and twice that in a posterior. The gradient is rounded to float32 once.

export function crfWorkspaceBytes(T: i32, K: i32): f64 {
  return (<f64>STEP_ROWS * <f64>T + <f64>crfScratchRows()) * <f64>paddedTags(K) * 8;
}

// One group of `count` sequences of `time` steps, of which lengths[b] are real (i32). gold: count × time i32. coefficients: f64,
// d value / d losses[b]. emissions: count × time × K f32. losses: f64 out; NaN where an emission is NaN or +Infinity, Infinity where
// the gold tagging is forbidden; both have a gradient of zeros. grad: like emissions, real steps are written; or 0 where
// none is wanted. counts: crfCountBytes, to which the group adds its part of the other scores' gradient.
export function crfSequences(
  count: i32, time: i32, K: i32, lengths: usize, gold: usize, coefficients: usize, emissions: usize, model: usize, losses: usize,
  grad: usize, counts: usize, work: usize,
): void {
  const frameBytes = <usize>K << 2;
  const scratch = work, rows = work + <usize>crfScratchRows() * (<usize>paddedTags(K) << 3);
  for (let b: usize = 0; b < <usize>count; b++) {
    const T = load<i32>(lengths + (b << 2)), first = b * <usize>time;
    const tags = gold + (first << 2), x = emissions + first * frameBytes, g = grad + first * frameBytes;
    const coefficient = load<f64>(coefficients + (b << 3));
    const loss = T == 0 ? 0 : poisoned(x, <usize>T * frameBytes) ? NaN : crfForward(T, K, x, tags, model, rows, scratch);
    store<f64>(losses + (b << 3), loss);
    if (grad == 0 || T == 0) continue;
    if (coefficient == 0 || !(loss < Infinity)) memory.fill(g, 0, <usize>T * frameBytes);
    else crfBackward(T, K, coefficient, tags, model, rows, scratch, g, counts);
  }
}

// True where a number is NaN or +Infinity.
function poisoned(x: usize, bytes: usize): bool {
  const end = x + bytes, whole = x + (bytes & ~15);
  let fine = i32x4.splat(-1);
  for (; x < whole; x += 16) fine = v128.and(fine, f32x4.lt(v128.load(x), f32x4.splat(Infinity)));
  let all: bool = i32x4.all_true(fine);
  for (; x < end; x += 4) all = all && load<f32>(x) < Infinity;
  return !all;
}
