import { arenaOf } from "./arena.js";
import type { ChainScores } from "./chain.js";
import { KernelModule } from "./kernelModule.js";
import { heap, withBlocks } from "./memory.js";
import { builds } from "./modules/crf.generated.js";
import { callEach, threadCount } from "./threads.js";

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
 * The CRF loss of each sequence, sums in float64; a length of 0 leaves a sequence out, its loss 0. NaN where an emission is NaN or Infinity, Infinity where the gold tagging is forbidden, both with a
 * gradient of zeros. `grad`, when not empty, becomes coefficients[b] · d losses[b] / d emissions on real steps.
 *
 * @param gold [B, time]
 */
export function crfSequences(
  scores: ChainScores,
  gold: Int32Array,
  coefficients: Float64Array,
  losses: Float64Array,
  grad: Float32Array,
): SharedCounts {
  const { emissions, time, tags: K, lengths, transitions, start, end } = scores;
  const module = crfKernels.on(heap().memory);
  const sequences = lengths.length;
  const countBytes = module.crfCountBytes(K);
  const groups = countBytes > MOST_COUNT_BYTES ? 1 : Math.min(MOST_GROUPS, Math.ceil(sequences / GROUP));
  const size = Math.ceil(sequences / groups);
  const threads = threadCount();
  const longest = lengths.reduce((most, length) => Math.max(most, length), 0);
  const workBytes = module.crfWorkspaceBytes(longest, K);
  const wanted = grad.length > 0;

  const numbers = K * (K + 2);
  const arrays = [4 * sequences, 4 * sequences * time, 8 * sequences, 8 * sequences, 8 * numbers];
  const bytes = [...arrays, module.crfModelBytes(K), wanted ? groups * countBytes : 0, threads * workBytes];
  const shared = new Float64Array(numbers);

  const run = (addresses: readonly number[], memory: WebAssembly.Memory, round: number, place: Place) => {
    const [lengthsAt, goldAt, coefficientsAt, lossesAt, out, model, counts, work] = addresses;
    const { buffer } = memory;
    new Int32Array(buffer, lengthsAt, sequences).set(lengths);
    new Int32Array(buffer, goldAt, sequences * time).set(gold);
    new Float64Array(buffer, coefficientsAt, sequences).set(coefficients);
    const given = new Float64Array(buffer, model, numbers);
    given.set(transitions);
    given.set(start, K * K);
    given.set(end, K * (K + 1));
    const kernels = crfKernels.on(memory);
    kernels.crfTables(K, model);
    for (let first = 0; first < sequences; first += round * size) {
      const last = Math.min(first + round * size, sequences);
      const calls: number[][] = [];
      const [emissionsAt, gradAt] = place.before(first, last);
      for (let b = first; b < last; b += size) {
        const count = Math.min(size, last - b);
        if (wanted) new Uint8Array(buffer, counts + (b / size) * countBytes, countBytes).fill(0);
        if (!lengths.subarray(b, b + count).some((length) => length > 0)) continue;
        const skipped = 4 * (b - first) * time * K;
        calls.push([
          ...[count, time, K, lengthsAt + 4 * b, goldAt + 4 * b * time, coefficientsAt + 8 * b, emissionsAt + skipped],
          ...[model, lossesAt + 8 * b, wanted ? gradAt + skipped : 0, counts + (b / size) * countBytes, work],
        ]);
      }
      if (calls.length === 0) continue;
      const workspace = { argument: calls[0].length - 1, bytes: workBytes };
      callEach(crfKernels, memory, "crfSequences", calls, workspace);
      place.after(first, last);
    }
    const found = new Float64Array(buffer, lossesAt, sequences);
    for (let b = 0; b < sequences; b++) losses[b] = lengths[b] === 0 ? 0 : found[b];
    if (!wanted) return;
    kernels.crfCounts(K, Math.ceil(sequences / size), model, counts, out);
    shared.set(new Float64Array(buffer, out, numbers));
  };

  const arena = wanted ? arenaOf(emissions, grad) : undefined;
  const inPlace = arena && addressesFrom(arena.workspace, bytes);
  if (sequences === 0 || longest === 0) losses.fill(0);
  else if (arena !== undefined && inPlace !== undefined && inPlace.end <= arena.workspace + arena.workspaceBytes) {
    const at = (first: number) => 4 * first * time * K;
    run(inPlace.addresses, arena.place.memory, groups, {
      before: (first) => [emissions.byteOffset + at(first), grad.byteOffset + at(first)],
      after: () => {},
    });
  } else {
    const round = threads === 1 ? 1 : Math.min(groups, 4 * threads);
    const rows = 4 * Math.min(round * size, sequences) * time * K;
    withBlocks("crfLoss", [...bytes, rows, wanted ? rows : 0], (addresses, heap) => {
      const [emissionsAt, gradAt] = addresses.slice(-2);
      run(addresses, heap.memory, round, {
        before(first, last) {
          heap.f32(emissionsAt, (last - first) * time * K).set(emissions.subarray(first * time * K, last * time * K));
          return [emissionsAt, gradAt];
        },
        after(first, last) {
          for (let b = first; b < last && wanted; b++) {
            if (lengths[b] === 0) continue;
            grad.set(heap.f32(gradAt + 4 * (b - first) * time * K, lengths[b] * K), b * time * K);
          }
        },
      });
    });
  }
  return {
    transitions: shared.subarray(0, K * K),
    start: shared.subarray(K * K, K * (K + 1)),
    end: shared.subarray(K * (K + 1)),
  };
}

/** Where the emissions and the gradient of some sequences lie, before the kernel works on them; and what follows. */
interface Place {
  before(first: number, last: number): readonly [emissions: number, grad: number];
  after(first: number, last: number): void;
}

/** Blocks of these sizes one after another, 64-byte aligned. */
function addressesFrom(start: number, bytes: readonly number[]): { addresses: number[]; end: number } {
  let end = start;
  const addresses = bytes.map((size) => {
    const at = end;
    end += Math.ceil(size / 64) * 64;
    return at;
  });
  return { addresses, end };
}
