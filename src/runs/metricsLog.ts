import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { writeAtomically } from "./atomicFile.js";

/** One line of a run's metrics. */
export interface MetricsLine {
  readonly step: number;
  readonly [name: string]: number | string | boolean;
}

/** metrics.jsonl: one JSON object a line, appended. */
export class MetricsLog {
  constructor(private readonly path: string) {}

  append(line: MetricsLine): void {
    appendFileSync(this.path, `${JSON.stringify(line)}\n`);
  }

  /** Whole lines; what a crash cut off, or somebody else wrote, is left out. */
  read(): MetricsLine[] {
    if (!existsSync(this.path)) return [];
    const lines = readFileSync(this.path, "utf8").split("\n");
    return lines.flatMap((text) => {
      try {
        const line = JSON.parse(text);
        return typeof line?.step === "number" ? [line] : [];
      } catch {
        return [];
      }
    });
  }

  /** Drops the lines of steps that a resumed run will take again. */
  rewindTo(step: number): void {
    const kept = this.read().filter((line) => line.step <= step);
    const text = kept.map((line) => `${JSON.stringify(line)}\n`).join("");
    writeAtomically(this.path, new TextEncoder().encode(text));
  }
}
