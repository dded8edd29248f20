/** How bad: an `error` stops learning or makes it wrong, a `warning` hinders it, a `note` is worth knowing. */
export type Severity = "error" | "warning" | "note";

/** What a check found; stable across versions. */
export type FindingCode =
  // about a batch
  | "refused"
  | "output-not-finite"
  | "target-not-finite"
  | "axes-swapped"
  | "lengths-too-long"
  | "label-out-of-range"
  | "blank-in-labels"
  | "labels-do-not-fit"
  | "blank-collapse"
  | "certain-and-wrong"
  | "already-softmax"
  | "already-log-softmax"
  | "already-sigmoid"
  | "not-normalised"
  | "padding-counts"
  | "class-imbalance"
  | "majority-only"
  | "target-out-of-range"
  | "targets-unscaled"
  | "loss-infinite"
  | "nothing-counts"
  | "gradient-zero"
  // about a history
  | "steps-skipped"
  | "loss-diverges"
  | "loss-rises"
  | "no-progress"
  | "blind-plateau"
  | "rate-too-low"
  | "mostly-clipped"
  | "gradient-spikes"
  | "overfitting"
  | "still-falling"
  | "unfinished"
  // about gradients and activations
  | "gradient-not-finite"
  | "gradient-vanishes"
  | "gradient-explodes"
  | "memory-short"
  | "parameter-unreached"
  | "update-too-large"
  | "update-too-small"
  | "units-dead"
  | "gates-saturated";

/** One thing that is wrong, or worth knowing: what, on what evidence, and what to do. */
export interface Finding {
  readonly code: FindingCode;
  readonly severity: Severity;
  readonly title: string;
  /** What was seen, in a sentence with its numbers. */
  readonly evidence: string;
  /** The numbers of the evidence, by name. */
  readonly numbers?: Readonly<Record<string, number>>;
  /** What to do about it. */
  readonly remedy: string;
  /** The first place, as it is written in the arguments: `outputs[0][3][1]`, `labels[2]`, `step 40`, a parameter's name. */
  readonly where?: string;
}
