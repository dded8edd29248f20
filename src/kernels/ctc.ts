import { arenaOf } from "./arena.js";
import { KernelModule } from "./kernelModule.js";
import { heap, withBlocks } from "./memory.js";
import { builds } from "./modules/ctc.generated.js";

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

/**
 * CTC loss of each sequence, softmax fused; `grad`, when not empty, becomes coefficients[b] · d losses[b] / d logits on real
 * frames. Sequences go through the kernel one at a time, so that none can touch another, and each stays in the cache.
 */
export function ctcSequences(batch: CtcBatch, calls: CtcKernelCalls, losses: Float64Array, grad: Float32Array): void {
  const { logits, time, classes, blank, lengths, labels } = batch;
  const { includes, settle, coefficients } = calls;
  const included = Array.from(lengths.keys()).filter(includes);
  if (included.length === 0) return;
  const frames = Math.max(...included.map((b) => lengths[b]));
  const most = Math.max(1, ...included.map((b) => labels[b].length));
  const workspace = ctcKernels.on(heap().memory).ctcWorkspaceBytes(frames, most);
  const place = (compute: Compute) => {
    for (const b of included) {
      const start = b * time * classes;
      const end = start + lengths[b] * classes;
      const coefficient = coefficients[b];
      const wanted = grad.length > 0 && coefficient !== 0;
      const magnitude = Math.abs(coefficient);
      const fused = magnitude > 1e-30 && magnitude < 1e30 ? Math.fround(magnitude) : 1;
      losses[b] = compute(b, start, end, fused, wanted);
      if (!wanted) continue;
      if (losses[b] === UNCERTAIN) grad.fill(0, start, end);
      else if (Number.isNaN(losses[b])) grad.fill(Number.NaN, start, end);
      else if (coefficient !== fused) {
        scale(grad.subarray(start, end), fused === Math.fround(coefficient) ? 1 : coefficient / fused);
      }
    }
  };
  const size = (b: number) => [lengths[b], classes, labels[b].length, blank] as const;

  const arena = grad.length > 0 ? arenaOf(logits, grad) : undefined;
  if (arena !== undefined && arena.workspaceBytes >= 4 * most + 64 + workspace) {
    const module = ctcKernels.on(arena.memory);
    const work = arena.workspace + Math.ceil((4 * most) / 64) * 64;
    place((b, start, end, fused, wanted) => {
      new Int32Array(arena.memory.buffer, arena.workspace, labels[b].length).set(labels[b]);
      const at = [logits.byteOffset + 4 * start, arena.workspace, grad.byteOffset + 4 * start] as const;
      const loss = module.ctcSequence(...size(b), fused, ...at, wanted, work);
      if (!wanted) grad.fill(0, start, end); // the kernel's workspace in that case
      return loss;
    });
  } else {
    const bytes = [4 * frames * classes, 4 * most, 4 * frames * classes, workspace];
    withBlocks(bytes, ([logitsAt, labelsAt, gradAt, work], heap) => {
      const module = ctcKernels.on(heap.memory);
      place((b, start, end, fused, wanted) => {
        heap.f32(logitsAt, end - start).set(logits.subarray(start, end));
        heap.i32(labelsAt, labels[b].length).set(labels[b]);
        const loss = module.ctcSequence(...size(b), fused, logitsAt, labelsAt, gradAt, wanted, work);
        if (wanted) grad.set(heap.f32(gradAt, end - start), start);
        return loss;
      });
    });
  }
  for (const b of included) if (losses[b] === UNCERTAIN) losses[b] = settle(b);
}

/** The kernel on sequence b, whose frames lie at start..end; leaves `fused` · gradient there where it is wanted. */
type Compute = (b: number, start: number, end: number, fused: number, wanted: boolean) => number;

function scale(rows: Float32Array, factor: number): void {
  if (factor === 1) return;
  for (let i = 0; i < rows.length; i++) rows[i] *= factor;
}
