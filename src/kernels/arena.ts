import { sizeOf, type Tensor, zeros } from "../core/tensor.js";
import { hasKernels } from "./engine.js";
import { PAGE, Place, takeMemory } from "./memory.js";
import { threadCount } from "./threads.js";

/** Tensors in a memory of their own, which never grows, so that they stay where they are; and room for a kernel's workspace. */
export interface Arena {
  readonly place: Place;
  readonly workspace: number;
  readonly workspaceBytes: number;
}

/** Reserved, not used, until a kernel needs it: the pages of a WebAssembly memory are the system's until they are written. */
const WORKSPACE = 2 ** 24;

const arenas = new WeakMap<ArrayBufferLike, Arena>();

/**
 * Float32 tensors of zeros that lie where the kernels work. A loss whose logits and whose gradient (`into`) are two of them
 * is computed in place, without the copies in and out that large alphabets spend half of their time on: `crossEntropy` of ids,
 * `ctcLoss`, `transducerLoss`, and `crfLoss` of more than 64 steps. Everywhere else they are like any tensor. They share one memory, which is freed when none is used any more.
 *
 * @param shape of each
 * @param count how many. Default 1
 * @returns ordinary tensors where there is no WebAssembly SIMD
 * @throws SeqlossError (MEMORY) when the memory cannot be had: 4 GiB, less a page, at most
 * @example
 * const [logits, into] = kernelTensors([1, 3, 4], 2);
 * ctcLoss(logits, [[1, 2]], { into: into.data }).value // 2.549445
 */
export function kernelTensors(shape: readonly number[], count = 1): Tensor<Float32Array>[] {
  if (!hasKernels()) return Array.from({ length: count }, () => zeros(shape));
  const size = sizeOf(shape);
  const { stride, workspace, total } = planArena(size, count);
  const argument = `the memory, in bytes, of ${count} tensors [${shape.join(", ")}] and a workspace`;
  const advice = "Use a smaller batch, or tensors from `zeros`: losses then copy them in groups, past 4 GiB too.";
  const memory = takeMemory("kernelTensors", { argument, total, advice }, threadCount() > 1);
  const { buffer } = memory;
  arenas.set(buffer, { place: new Place(memory), workspace, workspaceBytes: buffer.byteLength - workspace });
  return Array.from({ length: count }, (_, n) => ({ data: new Float32Array(buffer, PAGE + n * stride, size), shape }));
}

/** Where `count` tensors of `size` numbers lie `stride` bytes apart, where the workspace begins, and the bytes of it all. */
export function planArena(size: number, count: number): { stride: number; workspace: number; total: number } {
  const stride = Math.ceil((4 * size) / 64) * 64;
  const workspace = PAGE + count * stride;
  return { stride, workspace, total: Math.ceil((workspace + WORKSPACE) / PAGE) * PAGE };
}

/** The arena that both arrays lie in, apart from one another. */
export function arenaOf(inputs: Float32Array, outputs: Float32Array): Arena | undefined {
  if (inputs.buffer !== outputs.buffer) return undefined;
  const apart =
    inputs.byteOffset + inputs.byteLength <= outputs.byteOffset ||
    outputs.byteOffset + outputs.byteLength <= inputs.byteOffset;
  return apart ? arenas.get(inputs.buffer) : undefined;
}
