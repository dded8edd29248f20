import { moduleBase64 } from "./module.generated.js";

/** The functions of assembly/index.ts. Pointers are byte offsets into the memory; sizes are 32-bit. */
export interface Kernels {
  readonly memory: WebAssembly.Memory;
  heapBase(): number;
  crossEntropyRows(
    rows: number,
    classes: number,
    logits: number,
    labels: number,
    scales: number,
    losses: number,
    grad: number,
  ): void;
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

let instance: Kernels | undefined;
let supported: boolean | undefined;

/**
 * The WebAssembly module, compiled at the first call; undefined where the engine has no 128-bit SIMD,
 * and then the caller computes with the float64 reference.
 */
export function kernels(): Kernels | undefined {
  if (supported === undefined) {
    const bytes = Uint8Array.from(atob(moduleBase64), (character) => character.charCodeAt(0));
    supported = typeof WebAssembly === "object" && WebAssembly.validate(bytes);
    if (supported) {
      const module = new WebAssembly.Module(bytes);
      instance = new WebAssembly.Instance(module).exports as unknown as Kernels;
    }
  }
  return instance;
}
