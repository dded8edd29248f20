import { largestOf } from "../core/numeric.js";
import { arenaOf } from "./arena.js";
import type { KernelModule } from "./kernelModule.js";
import { withBlocks } from "./memory.js";
import { callEach, threadCount } from "./threads.js";

/** What a kernel returns where its exponents do not settle the loss: the caller computes that sequence in float64. */
const UNCERTAIN = -1;

/** A kernel that computes one sequence a call: its sizes, then scale, logits, labels, gradient, whether it is wanted, workspace. */
export interface SequenceKernel<Functions> {
  readonly module: KernelModule<Functions>;
  readonly name: keyof Functions & string;
  /** The loss, as errors name it. */
  readonly where: string;
  readonly workspaceBytes: number;
  /** The first arguments of the call for sequence b. */
  readonly sizes: (b: number) => readonly number[];
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
  /** A sequence that the kernel could not settle; returns its loss, and writes its gradient onto zeros. */
  readonly settle: (b: number) => number;
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
  const { module, name, sizes, workspaceBytes } = kernel;
  if (included.length === 0) return;
  const threads = threadCount();
  const most = Math.max(
    1,
    largestOf(included, (b) => labels[b].length),
  );
  const coefficient = (b: number) => (grad.length > 0 ? coefficients[b] : 0);

  /** The losses of some sequences: `at(b, i)` is where the logits and the gradient of the i-th lie. */
  const compute = (some: readonly number[], memory: WebAssembly.Memory, labelsAt: number, work: number, at: Places) => {
    const calls = some.map((b, i) => {
      const own = labelsAt + 4 * i * most;
      new Int32Array(memory.buffer, own, labels[b].length).set(labels[b]);
      const [logitsAt, gradAt] = at(b, i);
      const scale = fusedScale(coefficient(b));
      return [...sizes(b), scale, logitsAt, own, gradAt, Number(coefficient(b) !== 0), work];
    });
    const workspace = { argument: calls[0].length - 1, bytes: workspaceBytes };
    const computed = callEach(module, memory, name, calls, workspace);
    some.forEach((b, i) => (losses[b] = computed[i]));
  };

  const arena = grad.length > 0 ? arenaOf(logits, grad) : undefined;
  const labelBytes = Math.ceil((4 * most * included.length) / 64) * 64;
  if (arena !== undefined && arena.workspaceBytes >= labelBytes + threads * workspaceBytes) {
    const { memory, workspace } = arena;
    const at = (b: number) => [logits.byteOffset + 4 * span(b)[0], grad.byteOffset + 4 * span(b)[0]] as const;
    compute(included, memory, workspace, workspace + labelBytes, at);
    // where no gradient is wanted, the kernel has worked there
    for (const b of included) if (coefficient(b) === 0) grad.fill(0, ...span(b));
  } else {
    const together = threads === 1 ? 1 : Math.min(4 * threads, included.length);
    const size = 4 * largestOf(included, (b) => span(b)[1] - span(b)[0]);
    const bytes = [together * size, 4 * most * together, together * size, threads * workspaceBytes];
    withBlocks(kernel.where, bytes, ([logitsAt, labelsAt, gradAt, work], heap) => {
      for (let first = 0; first < included.length; first += together) {
        const some = included.slice(first, first + together);
        some.forEach((b, i) => {
          const [start, end] = span(b);
          heap.f32(logitsAt + i * size, end - start).set(logits.subarray(start, end));
        });
        compute(some, heap.memory, labelsAt, work, (_, i) => [logitsAt + i * size, gradAt + i * size]);
        some.forEach((b, i) => {
          const [start, end] = span(b);
          if (coefficient(b) !== 0) grad.set(heap.f32(gradAt + i * size, end - start), start);
        });
      }
    });
  }

  for (const b of included) {
    const wanted = coefficient(b) !== 0;
    const settled = Number.isFinite(losses[b]) && losses[b] !== UNCERTAIN;
    if (wanted && settled) finishScale(grad.subarray(...span(b)), coefficient(b));
    if (wanted && !settled) grad.fill(0, ...span(b));
    if (wanted && Number.isNaN(losses[b])) poison(b);
    if (losses[b] === UNCERTAIN) losses[b] = settle(b);
  }
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
