import { arenaOf } from "./arena.js";
import { KernelModule } from "./kernelModule.js";
import { heap, withBlocks } from "./memory.js";
import { builds } from "./modules/ctc.generated.js";
import { callEach, threadCount } from "./threads.js";

/** assembly/ctc.ts */
interface CtcKernels {
  ctcWorkspaceBytes(frames: number, labels: number): number;
  ctcSequence(
    frames: number,
    classes: number,
    labelCount: number,
    blank: number,
    scale: number,
    logits: number,
    labels: number,
    grad: number,
    wanted: boolean,
    work: number,
  ): number;
}

const ctcKernels = new KernelModule<CtcKernels>(builds);

/** What the kernel returns where its exponents do not settle the loss: the caller computes that sequence in float64. */
const UNCERTAIN = -1;

export interface CtcBatch {
  readonly logits: Float32Array;
  readonly time: number;
  readonly classes: number;
  readonly blank: number;
  readonly lengths: Int32Array;
  readonly labels: readonly Int32Array[];
}

export interface CtcKernelCalls {
  /** Sequences that the kernel is to compute: those with at least one frame, whose label fits. */
  readonly includes: (b: number) => boolean;
  /** A sequence that the kernel could not settle; returns its loss, and writes its gradient onto zeros. */
  readonly settle: (b: number) => number;
  /** d value / d losses[b]. */
  readonly coefficients: Float64Array;
}

/** Which argument of ctcSequence is its workspace. */
const WORKSPACE = 9;

/**
 * CTC loss of each sequence, softmax fused; `grad`, when not empty, becomes coefficients[b] · d losses[b] / d logits on real
 * frames. Each sequence is a call of its own, so that none can touch another, and stays in the cache.
 */
export function ctcSequences(batch: CtcBatch, calls: CtcKernelCalls, losses: Float64Array, grad: Float32Array): void {
  const { logits, time, classes, blank, lengths, labels } = batch;
  const { includes, settle, coefficients } = calls;
  const included = Array.from(lengths.keys()).filter(includes);
  if (included.length === 0) return;
  const frames = Math.max(...included.map((b) => lengths[b]));
  const most = Math.max(1, ...included.map((b) => labels[b].length));
  const workspace = ctcKernels.on(heap().memory).ctcWorkspaceBytes(frames, most);
  const threads = threadCount();
  const coefficient = (b: number) => (grad.length > 0 ? coefficients[b] : 0);
  const start = (b: number) => b * time * classes;
  const end = (b: number) => start(b) + lengths[b] * classes;

  /** The losses of some sequences: `at(i)` is where the logits and the gradient of the i-th lie. */
  const compute = (some: readonly number[], memory: WebAssembly.Memory, labelsAt: number, work: number, at: Places) => {
    const computed = callEach(
      ctcKernels,
      memory,
      "ctcSequence",
      some.map((b, i) => {
        const own = labelsAt + 4 * i * most;
        new Int32Array(memory.buffer, own, labels[b].length).set(labels[b]);
        const sizes = [lengths[b], classes, labels[b].length, blank, fusedScale(coefficient(b))];
        const [logitsAt, gradAt] = at(b, i);
        return [...sizes, logitsAt, own, gradAt, Number(coefficient(b) !== 0), work];
      }),
      { argument: WORKSPACE, bytes: workspace },
    );
    some.forEach((b, i) => (losses[b] = computed[i]));
  };

  const arena = grad.length > 0 ? arenaOf(logits, grad) : undefined;
  const labelBytes = Math.ceil((4 * most * included.length) / 64) * 64;
  if (arena !== undefined && arena.workspaceBytes >= labelBytes + threads * workspace) {
    const { memory, workspace: room } = arena;
    compute(included, memory, room, room + labelBytes, (b) => [
      logits.byteOffset + 4 * start(b),
      grad.byteOffset + 4 * start(b),
    ]);
    // where no gradient is wanted, the kernel has worked there
    for (const b of included) if (coefficient(b) === 0) grad.fill(0, start(b), end(b));
  } else {
    const together = threads === 1 ? 1 : Math.min(4 * threads, included.length);
    const size = 4 * frames * classes;
    withBlocks(
      [together * size, 4 * most * together, together * size, threads * workspace],
      ([logitsAt, labelsAt, gradAt, work], heap) => {
        for (let first = 0; first < included.length; first += together) {
          const some = included.slice(first, first + together);
          some.forEach((b, i) =>
            heap.f32(logitsAt + i * size, end(b) - start(b)).set(logits.subarray(start(b), end(b))),
          );
          compute(some, heap.memory, labelsAt, work, (_, i) => [logitsAt + i * size, gradAt + i * size]);
          some.forEach((b, i) => {
            if (coefficient(b) !== 0) grad.set(heap.f32(gradAt + i * size, end(b) - start(b)), start(b));
          });
        }
      },
    );
  }

  for (const b of included) {
    if (coefficient(b) !== 0) finishGradient(grad.subarray(start(b), end(b)), coefficient(b), losses[b]);
    if (losses[b] === UNCERTAIN) losses[b] = settle(b);
  }
}

type Places = (b: number, i: number) => readonly [logits: number, grad: number];

/** The factor that the kernel puts on the gradient: the coefficient's size where float32 holds it well. */
function fusedScale(coefficient: number): number {
  const magnitude = Math.abs(coefficient);
  return magnitude > 1e-30 && magnitude < 1e30 ? Math.fround(magnitude) : 1;
}

function finishGradient(rows: Float32Array, coefficient: number, loss: number): void {
  if (loss === UNCERTAIN) rows.fill(0);
  else if (Number.isNaN(loss)) rows.fill(Number.NaN);
  else {
    const fused = fusedScale(coefficient);
    if (coefficient === fused) return;
    const factor = fused === Math.fround(coefficient) ? 1 : coefficient / fused;
    if (factor !== 1) for (let i = 0; i < rows.length; i++) rows[i] *= factor;
  }
}
