import { part } from "../core/parts.js";
import { arenaOf } from "./arena.js";
import type { ChainScores } from "./chainRows.js";
import { KernelModule } from "./kernelModule.js";
import { addressesFrom, endOf, heap, oddBytes, type Place, withBlocks } from "./memory.js";
import { builds } from "./modules/crf.generated.js";
import { callTimes, slotNumbers, slotsFor, threadCount } from "./threads.js";

/** assembly/crf.ts */
interface CrfKernels {
  crfModelBytes(tags: number): number;
  crfCountBytes(tags: number): number;
  crfWorkspaceBytes(steps: number, tags: number): number;
  crfTables(tags: number, model: number): void;
  crfSequences(
    count: number,
    time: number,
    tags: number,
    lengths: number,
    gold: number,
    coefficients: number,
    emissions: number,
    model: number,
    losses: number,
    grad: number,
    counts: number,
    work: number,
  ): void;
  crfCounts(tags: number, groups: number, model: number, counts: number, out: number): void;
}

const crfKernels = new KernelModule<CrfKernels>(builds);

/** What the kernel adds to the gradient of the scores that all steps share. */
export interface SharedCounts {
  /** K×K. */
  readonly transitions: Float64Array;
  readonly start: Float64Array;
  readonly end: Float64Array;
}

/** Sequences that are summed in one call; many tags or many sequences make fewer groups, threads do not. */
const GROUP = 8;
const MOST_GROUPS = 16;
const MOST_COUNT_BYTES = 2 ** 24;

/**
 * The CRF loss of each sequence, sums in float64; a length of 0 leaves a sequence out, its loss 0. NaN where an emission is NaN
 * or Infinity, Infinity where the gold tagging is forbidden, both with a gradient of zeros. `grad`, when not empty, becomes
 * coefficients[b] · d losses[b] / d emissions on real steps, and the gradients of what all steps share are written into `shared`.
 *
 * @param gold [B, time]
 * @param where whom an error names
 */
export function crfSequences(
  scores: ChainScores,
  gold: Int32Array,
  coefficients: Float64Array,
  losses: Float64Array,
  grad: Float32Array,
  shared: SharedCounts,
  where = "crfLoss",
): void {
  const { emissions, time, tags: K, lengths } = scores;
  const module = crfKernels.on(heap().memory);
  const sequences = lengths.length;
  let longest = 0;
  for (let b = 0; b < sequences; b++) longest = Math.max(longest, lengths[b]);
  if (longest === 0) {
    losses.fill(0);
    return;
  }
  const countBytes = module.crfCountBytes(K);
  const most = countBytes > MOST_COUNT_BYTES ? 1 : Math.min(MOST_GROUPS, Math.ceil(sequences / GROUP));
  const size = Math.ceil(sequences / most);
  const groups = Math.ceil(sequences / size);
  const threads = threadCount();
  const workBytes = module.crfWorkspaceBytes(longest, K);
  const wanted = grad.length > 0;
  const arrays = [4 * sequences, 4 * sequences * time, 8 * sequences, 8 * sequences, 8 * K * (K + 2)];
  const bytes = [...arrays, module.crfModelBytes(K), wanted ? groups * countBytes : 0, threads * workBytes];
  const sizes = { size, groups, countBytes, workBytes };
  const work = { scores, gold, coefficients, losses, grad, shared };

  const arena = wanted ? arenaOf(emissions, grad) : undefined;
  if (arena !== undefined && endOf(bytes) <= arena.workspaceBytes) {
    const { place, workspace } = arena;
    const rows = { emissions: emissions.byteOffset, grad: grad.byteOffset };
    computeGroups(place, addressesFrom(workspace, bytes), sizes, work, rows, undefined);
    return;
  }
  const slotBytes = 4 * slotNumbers(size * time * K);
  const slots = slotsFor(groups, wanted ? 2 * slotBytes : slotBytes);
  const rows = slots * slotBytes;
  withBlocks(where, [...bytes, rows, wanted ? rows : 0], (addresses, heap) => {
    computeGroups(heap, addresses, sizes, work, undefined, slots);
  });
}

interface GroupSizes {
  /** Sequences of a group. */
  readonly size: number;
  readonly groups: number;
  readonly countBytes: number;
  readonly workBytes: number;
}

interface CrfWork {
  readonly scores: ChainScores;
  readonly gold: Int32Array;
  readonly coefficients: Float64Array;
  readonly losses: Float64Array;
  readonly grad: Float32Array;
  readonly shared: SharedCounts;
}

/**
 * @param rows where emissions and gradient lie; undefined where they are copied to the last two addresses and back
 * @param slots groups that are in place at a time, where they are copied
 */
function computeGroups(
  place: Place,
  addresses: readonly number[],
  { size, groups, countBytes, workBytes }: GroupSizes,
  { scores, gold, coefficients, losses, grad, shared }: CrfWork,
  rows: { readonly emissions: number; readonly grad: number } | undefined,
  slots: number | undefined,
): void {
  const { emissions, time, tags: K, lengths, transitions, start, end } = scores;
  const sequences = lengths.length;
  const wanted = grad.length > 0;
  const [lengthsAt, goldAt, coefficientsAt, lossesAt, out, model, counts, work, copied, copiedGrad] = addresses;
  place.i32(lengthsAt, sequences).set(lengths);
  place.i32(goldAt, sequences * time).set(gold);
  place.f64(coefficientsAt, sequences).set(coefficients);
  const given = place.f64(model, K * (K + 2));
  given.set(transitions);
  given.set(start, K * K);
  given.set(end, K * (K + 1));
  const kernels = crfKernels.on(place.memory);
  kernels.crfTables(K, model);
  if (wanted) place.i32(counts, (groups * countBytes) / 4).fill(0);
  const emissionsAt = rows === undefined ? copied : rows.emissions;
  const gradAt = rows === undefined ? copiedGrad : rows.grad;
  const numbers = size * time * K;
  /** Where the rows of a group begin. */
  const rowsOf = (i: number) =>
    slots === undefined ? 4 * numbers * i : 4 * slotNumbers(numbers) * (i % slots) + oddBytes(emissions, i * numbers);
  const copies = slots !== undefined && {
    slots,
    before(i: number) {
      const [from, end] = [i * numbers, Math.min((i + 1) * numbers, emissions.length)];
      place.f32(emissionsAt + rowsOf(i), end - from).set(part(emissions, i, from, end));
    },
    after(i: number) {
      if (!wanted) return;
      for (let b = i * size; b < Math.min((i + 1) * size, sequences); b++) {
        if (lengths[b] === 0) continue;
        const own = place.f32(gradAt + rowsOf(i) + 4 * (b - i * size) * time * K, lengths[b] * K);
        grad.set(own, b * time * K);
      }
    },
  };
  callTimes(
    crfKernels,
    place.memory,
    "crfSequences",
    groups,
    (run, i) => {
      const b = i * size;
      const [lengthsOf, goldOf] = [lengthsAt + 4 * b, goldAt + 4 * b * time];
      const [slopesOf, lossesOf] = [coefficientsAt + 8 * b, lossesAt + 8 * b];
      const [emissionsOf, gradOf] = [emissionsAt + rowsOf(i), wanted ? gradAt + rowsOf(i) : 0];
      const countsOf = counts + i * countBytes;
      const own = Math.min(size, sequences - b);
      return run(own, time, K, lengthsOf, goldOf, slopesOf, emissionsOf, model, lossesOf, gradOf, countsOf, work);
    },
    { argument: 11, bytes: workBytes },
    copies || undefined,
  );
  const found = place.f64(lossesAt, sequences);
  for (let b = 0; b < sequences; b++) losses[b] = lengths[b] === 0 ? 0 : found[b];
  if (!wanted) return;
  kernels.crfCounts(K, groups, model, counts, out);
  const counted = place.f64(out, K * (K + 2));
  for (let i = 0; i < K * K; i++) shared.transitions[i] = counted[i];
  for (let k = 0; k < K; k++) {
    shared.start[k] = counted[K * K + k];
    shared.end[k] = counted[K * (K + 1) + k];
  }
}
