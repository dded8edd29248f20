import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import type { RunFolder } from "../runs/entry.js";
import { toJson } from "./json.js";
import { openFolder } from "./task.js";

/** seqloss tensorboard <run...>: the logs of runs as event files, each in its run's folder. */
export function tensorboard(paths: readonly string[], { json = false }: { json?: boolean }): void {
  const written = paths.map((path) => {
    const run = openFolder(path);
    writeEvents(run);
    return { run: run.path, events: run.events.path };
  });
  process.stdout.write(json ? `${toJson(written)}\n` : written.map(({ events }) => `${events}\n`).join(""));
}

/** The log has no times: its lines are spread evenly over the seconds that the run was trained, until the log was written last. */
export function writeEvents(run: RunFolder): void {
  const unlock = run.lock();
  try {
    const log = join(run.path, "metrics.jsonl");
    const end = (existsSync(log) ? statSync(log).mtimeMs : Date.now()) / 1000;
    run.events.write(run.metrics.read(), [end - run.seconds, end]);
  } finally {
    unlock();
  }
}
