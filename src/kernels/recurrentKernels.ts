import { KernelModule } from "./kernelModule.js";
import { builds } from "./modules/recurrent.generated.js";

/** Recurrent cells and matrix products: assembly/lstm.ts, gru.ts, elman.ts and matmul.ts. */
export interface RecurrentKernels {
  addBias(rows: number, columns: number, a: number, bias: number): void;
  columnSums(rows: number, columns: number, a: number, work: number, out: number): void;
  packPanels(b: number, rowBytes: number, panels: number, columns: number, rows: number): void;
  packTransposed(w: number, panels: number, columns: number, rows: number): void;
  multiplyPacked(
    M: number,
    N: number,
    K: number,
    a: number,
    aBytes: number,
    panels: number,
    c: number,
    add: number,
  ): void;
  multiplyTransposed(
    M: number,
    N: number,
    K: number,
    a: number,
    aBytes: number,
    b: number,
    work: number,
    c: number,
  ): void;
  lstmForward(
    steps: number,
    hidden: number,
    starts: number,
    counts: number,
    batch: number,
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
    starts: number,
    counts: number,
    batch: number,
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
    starts: number,
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
    starts: number,
    counts: number,
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
    starts: number,
    counts: number,
    relu: number,
    h: number,
    panels: number,
    before: number,
  ): void;
  elmanBackward(
    steps: number,
    hidden: number,
    starts: number,
    counts: number,
    relu: number,
    h: number,
    panels: number,
    gradHidden: number,
    gradH: number,
  ): void;
}

export const recurrentKernels = new KernelModule<RecurrentKernels>(builds);
