import type { PackedLabels } from "../core/labelSequences.js";
import { part } from "../core/parts.js";
import { arenaOf } from "./arena.js";
import type { KernelModule } from "./kernelModule.js";
import { type Place, withBlocks } from "./memory.js";
import { callTimes, threadCount, type Workspace } from "./threads.js";

/** What a kernel returns where its exponents do not settle the loss: the caller computes that sequence in float64. */
const UNCERTAIN = -1;

/** A kernel that computes one sequence a call. */
export interface SequenceKernel<Functions> {
  readonly module: KernelModule<Functions>;
  readonly name: keyof Functions & string;
  /** The loss, as errors name it. */
  readonly where: string;
  readonly workspaceBytes: number;
  /** Which argument of the call is the workspace. */
  readonly workspaceArgument: number;
  /** Calls `run` for sequence b, with the addresses of what belongs to it. */
  readonly call: (
    run: (...numbers: number[]) => number,
    b: number,
    scale: number,
    logits: number,
    labels: number,
    grad: number,
    wanted: number,
    work: number,
  ) => number;
  /**
   * Where the kernel can compute a sequence in groups of frames: does so with copies that stay in the cache, and returns the
   * loss. One thread uses it instead of the call, unless the tensors lie where the kernel works.
   */
  readonly inGroups?: (b: number, scale: number, wanted: boolean) => number;
}

export interface Sequences {
  /** [B, time, frameSize]. */
  readonly logits: Float32Array;
  readonly time: number;
  readonly frameSize: number;
  /** The real frames of each sequence. */
  readonly lengths: Int32Array;
  readonly labels: PackedLabels;
  /** Those that the kernel is to compute. */
  readonly included: Int32Array;
  /** d value / d losses[b]. */
  readonly coefficients: Float64Array;
  /** A sequence that the kernel could not settle; returns its loss, and writes its gradient onto zeros. Absent where it always does. */
  readonly settle?: (b: number) => number;
  /** Makes the gradient of a sequence NaN, which lies as zeros. */
  readonly poison: (b: number) => void;
}

/**
 * The losses of the included sequences; `grad`, when not empty, becomes coefficients[b] · d losses[b] / d logits on their real
 * frames. Each sequence is a call of its own, so that none can touch another, and stays in the cache.
 */
export function computeSequences<Functions>(
  kernel: SequenceKernel<Functions>,
  sequences: Sequences,
  losses: Float64Array,
  grad: Float32Array,
): void {
  const { logits, labels, included, coefficients } = sequences;
  const { workspaceBytes, inGroups } = kernel;
  const threads = threadCount();
  const wanted = grad.length > 0;
  const arena = wanted ? arenaOf(logits, grad) : undefined;
  const labelBytes = Math.ceil((4 * labels.ids.length) / 64) * 64;
  if (arena !== undefined && arena.workspaceBytes >= labelBytes + threads * workspaceBytes) {
    const { place, workspace } = arena;
    place.i32(workspace, labels.ids.length).set(labels.ids);
    const at = { logits: logits.byteOffset, grad: grad.byteOffset, labels: workspace, work: workspace + labelBytes };
    const stride = sequences.time * sequences.frameSize;
    callOn(kernel, sequences, wanted, { place, ...at, stride, first: 0, last: included.length, whole: true }, losses);
    // where no gradient is wanted, the kernel has worked there
    for (const b of included) if (coefficients[b] === 0) clear(sequences, b, grad);
  } else if (inGroups !== undefined && threads === 1) {
    for (const b of included) {
      const coefficient = wanted ? coefficients[b] : 0;
      losses[b] = inGroups(b, fusedScale(coefficient), coefficient !== 0);
    }
  } else {
    copyAndCall(kernel, sequences, losses, grad);
  }
  finish(sequences, losses, grad);
}

/** Where the kernel finds what it works on, for included[first] to included[last − 1]. */
interface Calls {
  readonly place: Place;
  readonly logits: number;
  readonly grad: number;
  readonly labels: number;
  readonly work: number;
  /** Numbers from the beginning of one sequence to that of the next. */
  readonly stride: number;
  readonly first: number;
  readonly last: number;
  /** The whole batch lies there; otherwise these sequences alone, one after another. */
  readonly whole: boolean;
}

function callOn<Functions>(
  kernel: SequenceKernel<Functions>,
  { labels, included, coefficients }: Sequences,
  wanted: boolean,
  { place, logits, grad, labels: labelsAt, work, stride, first, last, whole }: Calls,
  losses: Float64Array,
): void {
  const { module, name, call, workspaceArgument, workspaceBytes } = kernel;
  const workspace: Workspace = { argument: workspaceArgument, bytes: workspaceBytes };
  const computed = callTimes(
    module,
    place.memory,
    name,
    last - first,
    (run, i) => {
      const b = included[first + i];
      const skipped = 4 * stride * (whole ? b : i);
      const coefficient = wanted ? coefficients[b] : 0;
      const ids = labelsAt + 4 * labels.starts[b];
      const own = Number(coefficient !== 0);
      return call(run, b, fusedScale(coefficient), logits + skipped, ids, grad + skipped, own, work);
    },
    workspace,
  );
  for (let n = first; n < last; n++) losses[included[n]] = computed[n - first];
}

/** Copies the sequences in and their gradients out, as many at a time as keep the threads busy. */
function copyAndCall<Functions>(
  kernel: SequenceKernel<Functions>,
  sequences: Sequences,
  losses: Float64Array,
  grad: Float32Array,
): void {
  const { logits, time, frameSize, lengths, labels, included, coefficients } = sequences;
  const threads = threadCount();
  const wanted = grad.length > 0;
  const together = threads === 1 ? 1 : Math.min(4 * threads, included.length);
  let longest = 0;
  for (const b of included) longest = Math.max(longest, lengths[b]);
  const stride = longest * frameSize;
  const bytes = 4 * together * stride;
  const sizes = [bytes, 4 * labels.ids.length, bytes, threads * kernel.workspaceBytes];
  withBlocks(kernel.where, sizes, ([logitsAt, labelsAt, gradAt, work], heap) => {
    heap.i32(labelsAt, labels.ids.length).set(labels.ids);
    const at = { place: heap, logits: logitsAt, grad: gradAt, labels: labelsAt, work, stride, whole: false };
    for (let first = 0; first < included.length; first += together) {
      const last = Math.min(first + together, included.length);
      for (let n = first; n < last; n++) {
        const b = included[n];
        const size = lengths[b] * frameSize;
        const from = b * time * frameSize;
        heap.f32(logitsAt + 4 * (n - first) * stride, size).set(part(logits, b, from, from + size));
      }
      callOn(kernel, sequences, wanted, { ...at, first, last }, losses);
      for (let n = first; n < last && wanted; n++) {
        const b = included[n];
        if (coefficients[b] === 0) continue;
        grad.set(heap.f32(gradAt + 4 * (n - first) * stride, lengths[b] * frameSize), b * time * frameSize);
      }
    }
  });
}

/** Brings scales that the kernel does not hold well up to the coefficient, and settles what it left open. */
function finish(sequences: Sequences, losses: Float64Array, grad: Float32Array): void {
  const { included, coefficients, settle, poison, time, frameSize, lengths } = sequences;
  for (const b of included) {
    const wanted = grad.length > 0 && coefficients[b] !== 0;
    const settled = Number.isFinite(losses[b]) && losses[b] !== UNCERTAIN;
    if (wanted && settled) {
      const start = b * time * frameSize;
      finishScale(grad, start, start + lengths[b] * frameSize, coefficients[b]);
    }
    if (wanted && !settled) clear(sequences, b, grad);
    if (wanted && Number.isNaN(losses[b])) poison(b);
    if (settle !== undefined && losses[b] === UNCERTAIN) losses[b] = settle(b);
  }
}

function clear({ time, frameSize, lengths }: Sequences, b: number, grad: Float32Array): void {
  const start = b * time * frameSize;
  grad.fill(0, start, start + lengths[b] * frameSize);
}

/** The factor that the kernel puts on the gradient: the coefficient's size where float32 holds it well. */
function fusedScale(coefficient: number): number {
  const magnitude = Math.abs(coefficient);
  return magnitude > 1e-30 && magnitude < 1e30 ? Math.fround(magnitude) : 1;
}

function finishScale(grad: Float32Array, start: number, end: number, coefficient: number): void {
  const fused = fusedScale(coefficient);
  const factor = fused === Math.fround(coefficient) ? 1 : coefficient / fused;
  if (factor !== 1) for (let i = start; i < end; i++) grad[i] *= factor;
}
