import { KernelModule } from "./kernelModule.js";
import { builds } from "./modules/steps.generated.js";

/** Losses that are a sum over steps: assembly/crossEntropy.ts, elements.ts and binary.ts. */
export interface StepKernels {
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
  squaredError(
    n: number,
    outputs: number,
    targets: number,
    scales: number,
    each: number,
    losses: number,
    grad: number,
  ): void;
  absoluteError: StepKernels["squaredError"];
  huber(
    n: number,
    delta: number,
    outputs: number,
    targets: number,
    scales: number,
    each: number,
    losses: number,
    grad: number,
  ): void;
  quantile(
    n: number,
    quantiles: number,
    outputs: number,
    targets: number,
    scales: number,
    each: number,
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
    each: number,
    losses: number,
    grad: number,
  ): void;
  binaryCrossEntropy(
    n: number,
    weight: number,
    logits: number,
    targets: number,
    scales: number,
    each: number,
    losses: number,
    grad: number,
  ): void;
}

export const stepKernels = new KernelModule<StepKernels>(builds);
