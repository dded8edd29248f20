import { largestOf } from "../core/numeric.js";
import { arenaOf } from "./arena.js";
import type { KernelModule } from "./kernelModule.js";
import { withBlocks } from "./memory.js";
import { callEach, threadCount } from "./threads.js";

/** What a kernel returns where its exponents do not settle the loss: the caller computes that sequence in float64. */
const UNCERTAIN = -1;

/** A kernel that computes one sequence a call. */
export interface SequenceKernel<Functions> {
  readonly module: KernelModule<Functions>;
  readonly name: keyof Functions & string;
  /** The loss, as errors name it. */
  readonly where: string;
  readonly workspaceBytes: number;
  /** The arguments of the call for sequence b; the workspace comes last. */
  readonly call: (
    b: number,
    scale: number,
    logits: number,
    labels: number,
    grad: number,
    wanted: number,
    work: number,
  ) => number[];
  /**
   * Where the kernel can compute a sequence in groups of frames: does so with copies that stay in the cache, and returns the
   * loss. One thread uses it instead of the call, unless the tensors lie where the kernel works.
   */
  readonly inGroups?: (b: number, scale: number, wanted: boolean) => number;
}

export interface Sequences {
  readonly logits: Float32Array;
  readonly labels: readonly Int32Array[];
  /** Those that the kernel is to compute. */
  readonly included: readonly number[];
  /** Where the numbers of sequence b lie, its padding between real ones included. */
  readonly span: (b: number) => readonly [start: number, end: number];
  /** d value / d losses[b]. */
  readonly coefficients: Float64Array;
  /** A sequence that the kernel could not settle; returns its loss, and writes its gradient onto zeros. Absent where it always does. */
  readonly settle?: (b: number) => number;
  /** Makes the gradient of a sequence NaN, which lies as zeros. */
  readonly poison: (b: number) => void;
}

/**
 * The losses of the included sequences; `grad`, when not empty, becomes coefficients[b] · d losses[b] / d logits on their spans.
 * Each sequence is a call of its own, so that none can touch another, and stays in the cache.
 */
export function computeSequences<Functions>(
  kernel: SequenceKernel<Functions>,
  sequences: Sequences,
  losses: Float64Array,
  grad: Float32Array,
): void {
  const { logits, labels, included, span, coefficients, settle, poison } = sequences;
  const { module, name, call, workspaceBytes, inGroups } = kernel;
  if (included.length === 0) return;
  const threads = threadCount();
  const most = Math.max(
    1,
    largestOf(included, (b) => labels[b].length),
  );
  const coefficient = (b: number) => (grad.length > 0 ? coefficients[b] : 0);

  /** The losses of included[first] to included[last − 1]: `at(b, i)` is where the logits and the gradient of the i-th lie. */
  const compute = (first: number, last: number, memory: WebAssembly.Memory, places: WorkPlaces, at: Places) => {
    const calls: number[][] = [];
    for (let n = first; n < last; n++) {
      const b = included[n];
      const [logitsAt, gradAt] = at(b, n - first);
      const scale = fusedScale(coefficient(b));
      const ids = places.labels + 4 * n * most;
      calls.push(call(b, scale, logitsAt, ids, gradAt, Number(coefficient(b) !== 0), places.work));
    }
    const workspace = { argument: calls[0].length - 1, bytes: workspaceBytes };
    const computed = callEach(module, memory, name, calls, workspace);
    for (let n = first; n < last; n++) losses[included[n]] = computed[n - first];
  };
  /** Puts the labels of all included sequences there, `most` ids apart. */
  const placeLabels = (memory: WebAssembly.Memory, address: number) => {
    const all = new Int32Array(memory.buffer, address, most * included.length);
    included.forEach((b, n) => all.set(labels[b], n * most));
  };

  const arena = grad.length > 0 ? arenaOf(logits, grad) : undefined;
  const labelBytes = Math.ceil((4 * most * included.length) / 64) * 64;
  if (arena !== undefined && arena.workspaceBytes >= labelBytes + threads * workspaceBytes) {
    const { memory, workspace } = arena;
    const at = (b: number) => [logits.byteOffset + 4 * span(b)[0], grad.byteOffset + 4 * span(b)[0]] as const;
    placeLabels(memory, workspace);
    compute(0, included.length, memory, { labels: workspace, work: workspace + labelBytes }, at);
    // where no gradient is wanted, the kernel has worked there
    for (const b of included) if (coefficient(b) === 0) grad.fill(0, ...span(b));
  } else if (inGroups !== undefined && threads === 1) {
    for (const b of included) losses[b] = inGroups(b, fusedScale(coefficient(b)), coefficient(b) !== 0);
  } else {
    const together = threads === 1 ? 1 : Math.min(4 * threads, included.length);
    const size = largestOf(included, (b) => span(b)[1] - span(b)[0]);
    const bytes = [4 * together * size, labelBytes, 4 * together * size, threads * workspaceBytes];
    withBlocks(kernel.where, bytes, ([logitsAt, labelsAt, gradAt, work], heap) => {
      placeLabels(heap.memory, labelsAt);
      const [inputs, outputs] = [heap.f32(logitsAt, together * size), heap.f32(gradAt, together * size)];
      const at = (_: number, i: number) => [logitsAt + 4 * i * size, gradAt + 4 * i * size] as const;
      for (let first = 0; first < included.length; first += together) {
        const last = Math.min(first + together, included.length);
        for (let n = first; n < last; n++) inputs.set(logits.subarray(...span(included[n])), (n - first) * size);
        compute(first, last, heap.memory, { labels: labelsAt, work }, at);
        for (let n = first; n < last; n++) {
          const [start, end] = span(included[n]);
          const from = (n - first) * size;
          if (coefficient(included[n]) !== 0) grad.set(outputs.subarray(from, from + end - start), start);
        }
      }
    });
  }

  for (const b of included) {
    const wanted = coefficient(b) !== 0;
    const settled = Number.isFinite(losses[b]) && losses[b] !== UNCERTAIN;
    if (wanted && settled) finishScale(grad.subarray(...span(b)), coefficient(b));
    if (wanted && !settled) grad.fill(0, ...span(b));
    if (wanted && Number.isNaN(losses[b])) poison(b);
    if (settle !== undefined && losses[b] === UNCERTAIN) losses[b] = settle(b);
  }
}

interface WorkPlaces {
  readonly labels: number;
  readonly work: number;
}

type Places = (b: number, i: number) => readonly [logits: number, grad: number];

/** The factor that the kernel puts on the gradient: the coefficient's size where float32 holds it well. */
function fusedScale(coefficient: number): number {
  const magnitude = Math.abs(coefficient);
  return magnitude > 1e-30 && magnitude < 1e30 ? Math.fround(magnitude) : 1;
}

function finishScale(rows: Float32Array, coefficient: number): void {
  const fused = fusedScale(coefficient);
  const factor = fused === Math.fround(coefficient) ? 1 : coefficient / fused;
  if (factor !== 1) for (let i = 0; i < rows.length; i++) rows[i] *= factor;
}
