import { part } from "../core/parts.js";
import { NO_FLOATS, NO_INTEGERS } from "../core/tensor.js";
import type { Reused, Workspace } from "../core/workspace.js";
import { arenaOf } from "./arena.js";
import type { ChainScores } from "./chainRows.js";
import { KernelModule } from "./kernelModule.js";
import { after, heap, oddBytes, type Place } from "./memory.js";
import { builds } from "./modules/crf.generated.js";
import { callTimes, type KernelCalls, slotNumbers, slotsFor, threadCount } from "./threads.js";

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

/** Sequences in groups, and where their arrays begin. */
class Groups implements Reused {
  emissions = NO_FLOATS;
  grad = NO_FLOATS;
  lengths = NO_INTEGERS;
  sequences = 0;
  time = 0;
  tags = 0;
  groups = 0;
  /** Sequences of a group. */
  size = 0;
  /** Groups that are in place at a time; undefined where emissions and gradient lie whole. */
  slots: number | undefined = undefined;

  place: Place = heap();
  lengthsAt = 0;
  goldAt = 0;
  coefficientsAt = 0;
  lossesAt = 0;
  out = 0;
  model = 0;
  counts = 0;
  countBytes = 0;
  work = 0;
  workBytes = 0;
  emissionsAt = 0;
  gradAt = 0;

  forget(): void {
    this.emissions = NO_FLOATS;
    this.grad = NO_FLOATS;
    this.place = heap();
  }
}

/** Where the rows of group i begin, in bytes behind the first that are in place. */
function rowsOf({ size, time, tags, slots, emissions }: Groups, i: number): number {
  const numbers = size * time * tags;
  if (slots === undefined) return 4 * numbers * i;
  return 4 * slotNumbers(numbers) * (i % slots) + oddBytes(emissions, i * numbers);
}

const groupsOfSequences: KernelCalls<CrfKernels, Groups> = {
  module: crfKernels,
  name: "crfSequences",
  workspaceArgument: 11,
  call(run, i, job) {
    const { size, time, tags, sequences, model, work } = job;
    const b = i * size;
    const own = Math.min(size, sequences - b);
    const [lengths, gold] = [job.lengthsAt + 4 * b, job.goldAt + 4 * b * time];
    const [coefficients, losses] = [job.coefficientsAt + 8 * b, job.lossesAt + 8 * b];
    const [emissions, counts] = [job.emissionsAt + rowsOf(job, i), job.counts + i * job.countBytes];
    const grad = job.grad.length > 0 ? job.gradAt + rowsOf(job, i) : 0;
    run(own, time, tags, lengths, gold, coefficients, emissions, model, losses, grad, counts, work);
  },
  before(i, job) {
    const { emissions, size, time, tags, place } = job;
    const from = i * size * time * tags;
    const end = Math.min(from + size * time * tags, emissions.length);
    place.f32(job.emissionsAt + rowsOf(job, i), end - from).set(part(emissions, i, from, end));
  },
  after(i, job) {
    const { grad, size, time, tags, lengths, sequences, place } = job;
    const first = i * size;
    for (let b = first; b < Math.min(first + size, sequences) && grad.length > 0; b++) {
      if (lengths[b] === 0) continue;
      const at = job.gradAt + rowsOf(job, i) + 4 * (b - first) * time * tags;
      grad.set(place.f32(at, lengths[b] * tags), b * time * tags);
    }
  },
};

/**
 * The CRF loss of each sequence, sums in float64; a length of 0 leaves a sequence out, its loss 0. NaN where an emission is NaN
 * or Infinity, Infinity where the gold tagging is forbidden, both with a gradient of zeros. `grad`, when not empty, becomes
 * coefficients[b] · d losses[b] / d emissions on real steps, and the gradients of what all steps share are written into `shared`.
 *
 * @param lengths of the sequences
 * @param gold [B, time]
 * @param where whom an error names
 */
export function crfSequences(
  scores: ChainScores,
  lengths: Int32Array,
  gold: Int32Array,
  coefficients: Float64Array,
  losses: Float64Array,
  grad: Float32Array,
  shared: SharedCounts,
  workspace: Workspace,
  where = "crfLoss",
): void {
  const { emissions, time, tags: K } = scores;
  const sequences = lengths.length;
  let longest = 0;
  for (let b = 0; b < sequences; b++) longest = Math.max(longest, lengths[b]);
  if (longest === 0) {
    losses.fill(0);
    return;
  }
  const module = crfKernels.on(heap().memory);
  const job = workspace.object("groups of chains", Groups);
  job.emissions = emissions;
  job.grad = grad;
  job.lengths = lengths;
  job.sequences = sequences;
  job.time = time;
  job.tags = K;
  job.countBytes = module.crfCountBytes(K);
  job.workBytes = module.crfWorkspaceBytes(longest, K);
  const most = job.countBytes > MOST_COUNT_BYTES ? 1 : Math.min(MOST_GROUPS, Math.ceil(sequences / GROUP));
  job.size = Math.ceil(sequences / most);
  job.groups = Math.ceil(sequences / job.size);
  const modelBytes = module.crfModelBytes(K);

  const arena = grad.length > 0 ? arenaOf(emissions, grad) : undefined;
  if (arena !== undefined && layOut(job, 0, modelBytes) <= arena.workspaceBytes) {
    layOut(job, arena.workspace, modelBytes);
    job.place = arena.place;
    job.slots = undefined;
    job.emissionsAt = emissions.byteOffset;
    job.gradAt = grad.byteOffset;
    computeGroups(job, scores, gold, coefficients, losses, shared);
    return;
  }
  const place = heap();
  job.place = place;
  const slotBytes = 4 * slotNumbers(job.size * time * K);
  job.slots = slotsFor(job.groups, grad.length > 0 ? 2 * slotBytes : slotBytes);
  const start = place.reserve(layOutCopies(job, layOut(job, 0, modelBytes)), where);
  try {
    layOutCopies(job, layOut(job, start, modelBytes));
    computeGroups(job, scores, gold, coefficients, losses, shared);
  } finally {
    place.release(start);
  }
}

/** Where the arrays lie from an address on; returns where they end. */
function layOut(job: Groups, start: number, modelBytes: number): number {
  const { sequences, time, tags: K, groups, countBytes, workBytes } = job;
  job.lengthsAt = start;
  job.goldAt = after(job.lengthsAt, 4 * sequences);
  job.coefficientsAt = after(job.goldAt, 4 * sequences * time);
  job.lossesAt = after(job.coefficientsAt, 8 * sequences);
  job.out = after(job.lossesAt, 8 * sequences);
  job.model = after(job.out, 8 * K * (K + 2));
  job.counts = after(job.model, modelBytes);
  job.work = after(job.counts, job.grad.length > 0 ? groups * countBytes : 0);
  return after(job.work, threadCount() * workBytes);
}

/** The same of the copies of emissions and gradient. */
function layOutCopies(job: Groups, start: number): number {
  const bytes = 4 * (job.slots ?? 0) * slotNumbers(job.size * job.time * job.tags);
  job.emissionsAt = start;
  job.gradAt = after(start, bytes);
  return after(job.gradAt, job.grad.length > 0 ? bytes : 0);
}

function computeGroups(
  job: Groups,
  { transitions, start, end }: ChainScores,
  gold: Int32Array,
  coefficients: Float64Array,
  losses: Float64Array,
  shared: SharedCounts,
): void {
  const { place, lengths, sequences, time, tags: K, groups, model, counts, countBytes, out } = job;
  const wanted = job.grad.length > 0;
  place.i32(job.lengthsAt, sequences).set(lengths);
  place.i32(job.goldAt, sequences * time).set(gold);
  place.f64(job.coefficientsAt, sequences).set(coefficients);
  const given = place.f64(model, K * (K + 2));
  given.set(transitions);
  given.set(start, K * K);
  given.set(end, K * (K + 1));
  const kernels = crfKernels.on(place.memory);
  kernels.crfTables(K, model);
  if (wanted) place.i32(counts, (groups * countBytes) / 4).fill(0);
  callTimes(groupsOfSequences, place.memory, groups, job, job.workBytes, job.slots);
  const found = place.f64(job.lossesAt, sequences);
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
