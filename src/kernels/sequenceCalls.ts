import type { PackedLabels } from "../core/labelSequences.js";
import { part } from "../core/parts.js";
import { arenaOf } from "./arena.js";
import type { KernelModule } from "./kernelModule.js";
import { type Heap, oddBytes, withBlocks } from "./memory.js";
import { type Copies, callTimes, slotNumbers, slotsFor, threadCount } from "./threads.js";

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
  /** Calls `run` for sequence b, with the addresses of what belongs to it: the gradient's may be that of the logits. */
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
   * Where the kernel can compute a sequence in groups of frames: how many bytes of frames at a time, and what does so, with copies
   * that stay in the cache, and returns the loss. One thread uses it instead of the call, unless the tensors lie where the kernel
   * works.
   */
  readonly groupBytes?: number;
  readonly inGroups?: (b: number, scale: number, wanted: boolean, at: GroupPlace) => number;
}

/** Where a group of frames, the labels of one sequence and the kernel's workspace lie. */
export interface GroupPlace {
  readonly heap: Heap;
  readonly group: number;
  readonly labels: number;
  readonly work: number;
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

/** The most frames, and the most labels, of one of the included sequences. */
export function extentsOf(included: Int32Array, lengths: Int32Array, { starts }: PackedLabels) {
  let frames = 0;
  let most = 0;
  for (const b of included) {
    frames = Math.max(frames, lengths[b]);
    most = Math.max(most, starts[b + 1] - starts[b]);
  }
  return { frames, most };
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
  const { workspaceBytes } = kernel;
  const threads = threadCount();
  const wanted = grad.length > 0;
  const arena = wanted ? arenaOf(logits, grad) : undefined;
  const labelBytes = Math.ceil((4 * labels.ids.length) / 64) * 64;
  if (arena !== undefined && arena.workspaceBytes >= labelBytes + threads * workspaceBytes) {
    const { place, workspace } = arena;
    place.i32(workspace, labels.ids.length).set(labels.ids);
    const bytes = 4 * sequences.time * sequences.frameSize;
    const at = {
      memory: place.memory,
      logitsOf: (i: number) => logits.byteOffset + included[i] * bytes,
      gradOf: (i: number) => grad.byteOffset + included[i] * bytes,
      wanted,
      labels: workspace,
      work: workspace + labelBytes,
    };
    callOn(kernel, sequences, at, losses);
    // where no gradient is wanted, the kernel has worked there
    for (const b of included) if (coefficients[b] === 0) clear(sequences, b, grad);
  } else if (threads === 1 && kernel.inGroups !== undefined) {
    computeInGroups(kernel, sequences, losses, wanted);
  } else {
    copyAndCall(kernel, sequences, losses, grad);
  }
  finish(sequences, losses, grad);
}

/** Where the kernel finds what it works on. */
interface Addresses {
  readonly memory: WebAssembly.Memory;
  /** Of the i-th of the included sequences. */
  readonly logitsOf: (i: number) => number;
  /** Where the kernel works, also where no gradient is wanted. */
  readonly gradOf: (i: number) => number;
  readonly wanted: boolean;
  readonly labels: number;
  readonly work: number;
}

/** Computes the losses of the included sequences. */
function callOn<Functions>(
  { module, name, call, workspaceArgument, workspaceBytes }: SequenceKernel<Functions>,
  { labels, included, coefficients }: Sequences,
  at: Addresses,
  losses: Float64Array,
  copies?: Copies,
): void {
  const workspace = { argument: workspaceArgument, bytes: workspaceBytes };
  const { starts } = labels;
  const computed = callTimes(
    module,
    at.memory,
    name,
    included.length,
    (run, i) => {
      const b = included[i];
      const coefficient = at.wanted ? coefficients[b] : 0;
      const own = Number(coefficient !== 0);
      const ids = at.labels + 4 * starts[b];
      return call(run, b, fusedScale(coefficient), at.logitsOf(i), ids, at.gradOf(i), own, at.work);
    },
    workspace,
    copies,
  );
  for (let n = 0; n < included.length; n++) losses[included[n]] = computed[n];
}

/** Numbers of the longest sequence. */
function longestOf({ included, lengths, frameSize }: Sequences): number {
  let longest = 0;
  for (let n = 0; n < included.length; n++) longest = Math.max(longest, lengths[included[n]]);
  return longest * frameSize;
}

function computeInGroups<Functions>(
  { inGroups, groupBytes = 0, workspaceBytes, where }: SequenceKernel<Functions>,
  sequences: Sequences,
  losses: Float64Array,
  wanted: boolean,
): void {
  const { labels, included, coefficients } = sequences;
  const sizes = [groupBytes, 4 * labels.ids.length, workspaceBytes];
  withBlocks(where, sizes, ([group, labelsAt, work], heap) => {
    const at = { heap, group, labels: labelsAt, work };
    for (let n = 0; n < included.length; n++) {
      const b = included[n];
      const coefficient = wanted ? coefficients[b] : 0;
      losses[b] = inGroups?.(b, fusedScale(coefficient), coefficient !== 0, at) ?? 0;
    }
  });
}

/** Copies each sequence in, calls, which makes the gradient where the logits lie, and copies that out. */
function copyAndCall<Functions>(
  kernel: SequenceKernel<Functions>,
  sequences: Sequences,
  losses: Float64Array,
  grad: Float32Array,
): void {
  const { logits, time, frameSize, lengths, labels, included, coefficients } = sequences;
  const stride = slotNumbers(longestOf(sequences));
  const slots = slotsFor(included.length, 4 * stride);
  const wanted = grad.length > 0;
  const sizes = [4 * slots * stride, 4 * labels.ids.length, threadCount() * kernel.workspaceBytes];
  withBlocks(kernel.where, sizes, ([slotsAt, labelsAt, work], heap) => {
    heap.i32(labelsAt, labels.ids.length).set(labels.ids);
    const placeOf = (i: number) => {
      const b = included[i];
      return slotsAt + 4 * (i % slots) * stride + oddBytes(logits, b * time * frameSize);
    };
    const at = { memory: heap.memory, logitsOf: placeOf, gradOf: placeOf, wanted, labels: labelsAt, work };
    callOn(kernel, sequences, at, losses, {
      slots,
      before(i) {
        const b = included[i];
        const [from, size] = [b * time * frameSize, lengths[b] * frameSize];
        heap.f32(placeOf(i), size).set(part(logits, b, from, from + size));
      },
      after(i) {
        const b = included[i];
        if (!wanted || coefficients[b] === 0) return;
        grad.set(heap.f32(placeOf(i), lengths[b] * frameSize), b * time * frameSize);
      },
    });
  });
}

/** Brings scales that the kernel does not hold well up to the coefficient, and settles what it left open. */
function finish(sequences: Sequences, losses: Float64Array, grad: Float32Array): void {
  const { included, coefficients, settle, poison, time, frameSize, lengths } = sequences;
  for (let n = 0; n < included.length; n++) {
    const b = included[n];
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
