/** One line of a run's log: a training step with its loss, or a validation with its scores; what is missing or null is not known. */
export interface HistoryRecord {
  readonly step: number;
  /** null, as JSON has it, for a loss that is not finite. */
  readonly loss?: number | null;
  /** Before clipping. */
  readonly gradientNorm?: number | null;
  readonly learningRate?: number;
  /** True where the weights were left as they were. */
  readonly skipped?: boolean;
  /** Scores of a validation, by name. */
  readonly [name: string]: unknown;
}

export interface HistoryEvidence {
  readonly records: readonly HistoryRecord[];
  /** The global norm that gradients were clipped to. */
  readonly clip?: number;
  /** The steps that were planned. */
  readonly steps?: number;
}

/** A history with its columns apart. */
export interface ReadHistory {
  readonly steps: readonly number[];
  /** NaN where a loss was not finite. */
  readonly losses: readonly number[];
  /** NaN where it is not known. */
  readonly gradientNorms: readonly number[];
  readonly learningRates: readonly number[];
  readonly skipped: readonly boolean[];
  /** What validations found, by the score's name. */
  readonly scores: ReadonlyMap<string, readonly { readonly step: number; readonly value: number }[]>;
  readonly clip: number | undefined;
  readonly planned: number | undefined;
}

const COLUMNS = ["step", "loss", "gradientNorm", "learningRate", "skipped"];

export function readHistory({ records: given, clip, steps: planned }: HistoryEvidence): ReadHistory {
  const records = given.filter((record) => typeof record?.step === "number"); // a log may have been written to by others
  const training = records.filter((record) => record.loss !== undefined);
  const column = (name: string) =>
    training.map((record) => (typeof record[name] === "number" ? (record[name] as number) : Number.NaN));
  const scores = new Map<string, { step: number; value: number }[]>();
  for (const record of records) {
    for (const [name, value] of Object.entries(record)) {
      if (COLUMNS.includes(name) || typeof value !== "number") continue;
      const list = scores.get(name) ?? [];
      list.push({ step: record.step, value });
      scores.set(name, list);
    }
  }
  return {
    steps: training.map(({ step }) => step),
    losses: column("loss"),
    gradientNorms: column("gradientNorm"),
    learningRates: column("learningRate"),
    skipped: training.map(({ skipped }) => skipped === true),
    scores,
    clip: clip !== undefined && Number.isFinite(clip) ? clip : undefined,
    planned,
  };
}

/** Whether the last planned step was taken; false where it is not known. */
export const isFinished = ({ steps, planned }: ReadHistory): boolean =>
  planned !== undefined && (steps.at(-1) ?? 0) >= planned;

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((x, y) => x - y);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
