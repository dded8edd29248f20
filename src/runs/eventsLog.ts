import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { encodeTensorboard, recordEnds, type ScalarEvent } from "../interop/tensorboard.js";
import { writeAtomically } from "./atomicFile.js";
import type { MetricsLine } from "./metricsLog.js";

/** Of training steps; every other number in the metrics is a score of a validation. */
const TRAINING = ["loss", "gradientNorm", "learningRate", "skipped"];

/** A run's metrics once more, as a file of events that TensorBoard reads: one event a line, in order. */
export class EventsLog {
  constructor(readonly path: string) {}

  /** Whether the run keeps events: it does once they have been written. */
  get wanted(): boolean {
    return existsSync(this.path);
  }

  /**
   * Makes the file hold these lines and no others. Events that are there already keep their times; the others have those that
   * are given, of the first and of the last line, and what is between them.
   */
  write(lines: readonly MetricsLine[], [from, to]: readonly [from: number, to: number] = [now(), now()]): void {
    const kept = this.keep(lines.length);
    const more = lines.slice(kept.events);
    const pace = more.length > 1 ? (to - from) / (more.length - 1) : 0;
    const events = more.map((line, n) => eventOf(line, from + n * pace));
    const added = encodeTensorboard(events, { continued: kept.bytes.length > 0 });
    writeAtomically(this.path, Buffer.concat([kept.bytes, added]));
  }

  append(line: MetricsLine): void {
    appendFileSync(this.path, encodeTensorboard([eventOf(line, now())], { continued: true }));
  }

  /** The events that are there of the first lines, with the record before them that begins the file. */
  private keep(lines: number): { bytes: Uint8Array; events: number } {
    if (!this.wanted) return { bytes: new Uint8Array(0), events: 0 };
    const file = readFileSync(this.path);
    const ends = recordEnds(file).slice(0, 1 + lines);
    return { bytes: file.subarray(0, ends.at(-1) ?? 0), events: Math.max(0, ends.length - 1) };
  }
}

const now = (): number => Date.now() / 1000;

function eventOf(line: MetricsLine, wallTime: number): ScalarEvent {
  const { step, ...named } = line;
  const scalars = Object.entries<unknown>(named).flatMap(([name, value]) => {
    if (typeof value === "string") return [];
    // JSON has no NaN: the log says null
    return [
      [`${TRAINING.includes(name) ? "train" : "validation"}/${name}`, value === null ? Number.NaN : Number(value)],
    ];
  });
  return { step, wallTime, scalars: Object.fromEntries(scalars) };
}
