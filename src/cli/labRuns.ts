import { lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { type MetricsLine, type RunConfig, RunFolder } from "../runs/entry.js";

/** A run, for a list. */
export interface ListedRun {
  readonly name: string;
  readonly task: string;
  readonly seed: number;
  /** Lines of its log. */
  readonly lines: number;
  readonly last: MetricsLine | undefined;
}

/** A run with its log. */
export interface ReadRun {
  readonly name: string;
  readonly config: RunConfig;
  readonly metrics: readonly MetricsLine[];
}

/** The folders in `runs` that are runs; a link is none. */
function runNames(runs: string): string[] {
  try {
    return readdirSync(runs).filter((name) => lstatSync(join(runs, name)).isDirectory());
  } catch {
    return []; // there are no runs yet
  }
}

function open(runs: string, name: string): RunFolder | undefined {
  try {
    return RunFolder.open(join(runs, name));
  } catch {
    return undefined; // a folder of something else
  }
}

/** Every run, the newest name last. */
export function listRuns(runs: string): ListedRun[] {
  return runNames(runs).flatMap((name): ListedRun[] => {
    const run = open(runs, name);
    if (run === undefined) return [];
    const metrics = run.metrics.read();
    const { task, seed } = run.config;
    return [{ name, task, seed, lines: metrics.length, last: metrics.at(-1) }];
  });
}

/** One of the listed runs; undefined where none has exactly this name. */
export function readRun(runs: string, name: string): ReadRun | undefined {
  if (!runNames(runs).includes(name)) return undefined;
  const run = open(runs, name);
  return run === undefined ? undefined : { name, config: run.config, metrics: run.metrics.read() };
}
