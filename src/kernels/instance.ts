import { moduleBase64, relaxedModuleBase64 } from "./module.generated.js";

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
  crossEntropySoftRows(
    rows: number,
    classes: number,
    logits: number,
    targets: number,
    kept: number,
    scales: number,
    losses: number,
    grad: number,
  ): void;
  squaredError(n: number, outputs: number, targets: number, scales: number, losses: number, grad: number): void;
  absoluteError(n: number, outputs: number, targets: number, scales: number, losses: number, grad: number): void;
  huber(n: number, delta: number, outputs: number, targets: number, scales: number, losses: number, grad: number): void;
  quantile(
    n: number,
    quantiles: number,
    outputs: number,
    targets: number,
    scales: number,
    losses: number,
    grad: number,
  ): void;
  hinge(
    n: number,
    margin: number,
    squared: number,
    outputs: number,
    targets: number,
    scales: number,
    losses: number,
    grad: number,
  ): void;
  binaryCrossEntropy(
    n: number,
    weight: number,
    logits: number,
    targets: number,
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
  addBias(rows: number, columns: number, a: number, bias: number): void;
  columnSums(rows: number, columns: number, a: number, work: number, out: number): void;
  packPanels(b: number, rowBytes: number, panels: number, columns: number, rows: number): void;
  multiplyPacked(M: number, N: number, K: number, a: number, panels: number, c: number, add: number): void;
  multiplyTransposed(M: number, N: number, K: number, a: number, b: number, panels: number, c: number): void;
  lstmForward(
    steps: number,
    hidden: number,
    counts: number,
    gates: number,
    panels: number,
    before: number,
    cells: number,
    squashed: number,
    h: number,
  ): void;
  lstmBackward(
    steps: number,
    hidden: number,
    counts: number,
    rows: number,
    gates: number,
    panels: number,
    cells: number,
    squashed: number,
    gradHidden: number,
    gradH: number,
    gradC: number,
  ): void;
  gruForward(
    steps: number,
    hidden: number,
    counts: number,
    inputs: number,
    recurrent: number,
    bias: number,
    panels: number,
    before: number,
    h: number,
  ): void;
  gruBackward(
    steps: number,
    hidden: number,
    counts: number,
    rows: number,
    inputs: number,
    recurrent: number,
    panels: number,
    before: number,
    gradHidden: number,
    gradH: number,
    work: number,
  ): void;
  elmanForward(
    steps: number,
    hidden: number,
    counts: number,
    relu: number,
    h: number,
    panels: number,
    before: number,
  ): void;
  elmanBackward(
    steps: number,
    hidden: number,
    counts: number,
    rows: number,
    relu: number,
    h: number,
    panels: number,
    gradHidden: number,
    gradH: number,
  ): void;
}

let compiled: WebAssembly.Module | undefined;
let instance: Kernels | undefined;
let asked = false;

/**
 * The WebAssembly module, compiled at the first call: with relaxed SIMD where the engine has it, with 128-bit SIMD elsewhere.
 * Undefined where there is neither, and then the caller computes with the float64 reference.
 */
export function kernels(): Kernels | undefined {
  if (!asked) {
    asked = true;
    compiled = compile(relaxedModuleBase64) ?? compile(moduleBase64);
    instance = instantiate();
  }
  return instance;
}

/** The module once more, with a memory of its own. */
export function instantiate(): Kernels | undefined {
  if (!asked) kernels();
  return compiled && (new WebAssembly.Instance(compiled).exports as unknown as Kernels);
}

function compile(base64: string): WebAssembly.Module | undefined {
  if (typeof WebAssembly !== "object") return undefined;
  const characters = atob(base64);
  const bytes = new Uint8Array(characters.length); // a loop: Uint8Array.from with a function takes four times as long
  for (let i = 0; i < bytes.length; i++) bytes[i] = characters.charCodeAt(i);
  return WebAssembly.validate(bytes) ? new WebAssembly.Module(bytes) : undefined;
}
