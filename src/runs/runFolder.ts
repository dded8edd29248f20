import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { SeqlossError } from "../core/errors.js";
import { UNFINISHED, writeAtomically } from "./atomicFile.js";
import { Checkpoints } from "./checkpoint.js";
import { EventsLog } from "./eventsLog.js";
import { MetricsLog } from "./metricsLog.js";

/** What a run was started with; enough to rebuild its model and data. */
export interface RunConfig {
  readonly task: string;
  readonly seed: number;
  readonly [name: string]: unknown;
}

const TIME = "time.json";
/** TensorBoard knows a file of events by a part of its name. */
const EVENTS = "events.out.tfevents.seqloss";

/** A run on the disk: config.json, metrics.jsonl, checkpoints/, time.json, and results.json once it has been evaluated. */
export class RunFolder {
  readonly checkpoints: Checkpoints;
  readonly metrics: MetricsLog;
  /** The metrics for TensorBoard, where they are wanted. */
  readonly events: EventsLog;

  private constructor(
    readonly path: string,
    readonly config: RunConfig,
  ) {
    this.checkpoints = new Checkpoints(join(path, "checkpoints"));
    this.metrics = new MetricsLog(join(path, "metrics.jsonl"));
    this.events = new EventsLog(join(path, EVENTS));
  }

  /** A new folder under `parent`, named after the task and the time; never one that exists. */
  static create(parent: string, config: RunConfig, now = new Date()): RunFolder {
    const stamp = now.toISOString().slice(0, 19).replace(/[-:]/g, "").replace("T", "-");
    mkdirSync(parent, { recursive: true });
    for (let n = 1; ; n++) {
      const path = join(parent, `${config.task}-${stamp}${n === 1 ? "" : `-${n}`}`);
      try {
        mkdirSync(path);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "EEXIST") continue;
        throw error;
      }
      return RunFolder.begin(path, config);
    }
  }

  /**
   * The run at `path`, new or as it was left; for whoever gives its runs names of their own.
   *
   * @throws SeqlossError (FORMAT) when the folder holds something else, (OPTION) when the run there was started otherwise
   */
  static at(path: string, config: RunConfig): RunFolder {
    if (!existsSync(join(path, "config.json"))) {
      mkdirSync(path, { recursive: true });
      // a crash before config.json was written leaves nothing but these
      const others = readdirSync(path).filter((name) => name !== "checkpoints" && !name.endsWith(UNFINISHED));
      if (others.length === 0) return RunFolder.begin(path, config);
    }
    const run = RunFolder.open(path);
    const wanted: RunConfig = JSON.parse(JSON.stringify(config));
    const names = [...new Set([...Object.keys(wanted), ...Object.keys(run.config)])];
    const changed = names.find((name) => !isDeepStrictEqual(run.config[name], wanted[name]));
    if (changed !== undefined) {
      throw new SeqlossError("run", "OPTION", {
        argument: `${changed} of ${path}`,
        expected: `${JSON.stringify(wanted[changed])}, to go on with that run`,
        found: run.config[changed],
        advice: "Delete or move the folder, or keep the new run elsewhere.",
      });
    }
    return run;
  }

  private static begin(path: string, config: RunConfig): RunFolder {
    mkdirSync(join(path, "checkpoints"), { recursive: true });
    writeAtomically(join(path, "config.json"), new TextEncoder().encode(`${JSON.stringify(config, null, 2)}\n`));
    return new RunFolder(path, config);
  }

  /** @throws SeqlossError (FORMAT) when the folder is not a run */
  static open(path: string): RunFolder {
    const file = join(path, "config.json");
    const refuse = (expected: string, found: unknown, advice: string): never => {
      throw new SeqlossError("run", "FORMAT", { argument: path, expected, found, advice });
    };
    if (!existsSync(path)) refuse("the folder of a run", "no such folder", listRuns(path));
    if (!statSync(path).isDirectory() || !existsSync(file)) {
      refuse("the folder of a run, with config.json in it", "something else", listRuns(path));
    }
    let config: unknown;
    try {
      config = JSON.parse(readFileSync(file, "utf8"));
    } catch (error) {
      refuse("JSON in config.json", (error as Error).message, "Restore the file, or start a new run.");
    }
    const run = config as Partial<RunConfig> | null;
    if (typeof run?.task !== "string" || typeof run.seed !== "number") {
      refuse("a task and a seed in config.json", "neither", "Restore the file, or start a new run.");
    }
    return new RunFolder(path, run as RunConfig);
  }

  /**
   * Marks the run as being trained by this process; returns how to take the mark away. A mark of a process that no longer
   * lives is taken over.
   *
   * @throws SeqlossError (OPTION) when another process trains it
   */
  lock(): () => void {
    const path = join(this.path, "lock");
    for (let attempt = 0; ; attempt++) {
      try {
        writeFileSync(path, String(process.pid), { flag: "wx" });
        return () => rmSync(path, { force: true });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST" || attempt > 3) throw error;
      }
      const holder = Number(readFileSync(path, "utf8"));
      if (holder !== process.pid && isAlive(holder)) {
        throw new SeqlossError("run", "OPTION", {
          argument: this.path,
          expected: "a run that no other process is training",
          found: `locked by process ${holder}`,
          advice: "Wait for it, or stop it first.",
        });
      }
      rmSync(path, { force: true });
    }
  }

  /** Seconds of training in all its sessions; one that was killed is not among them. */
  get seconds(): number {
    return this.time.seconds ?? 0;
  }

  /** Of these, the seconds that processors were busy, those of all threads added up; undefined where a session has not kept them. */
  get processorSeconds(): number | undefined {
    return this.time.processorSeconds;
  }

  /** Adds what a session took. */
  addSeconds(seconds: number, processorSeconds?: number): void {
    const before = this.time;
    const first = before.seconds === undefined;
    const busy = first ? 0 : before.processorSeconds;
    this.write(TIME, {
      seconds: (before.seconds ?? 0) + seconds,
      ...(busy !== undefined && processorSeconds !== undefined && { processorSeconds: busy + processorSeconds }),
    });
  }

  private get time(): Readonly<Record<"seconds" | "processorSeconds", number | undefined>> {
    const path = join(this.path, TIME);
    const kept: Record<string, unknown> = existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : {};
    const numberIn = (name: string) => (typeof kept[name] === "number" ? kept[name] : undefined);
    return { seconds: numberIn("seconds"), processorSeconds: numberIn("processorSeconds") };
  }

  write(name: string, value: unknown): void {
    writeAtomically(join(this.path, name), new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`));
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function listRuns(path: string): string {
  const parent = join(path, "..");
  const known = existsSync(parent)
    ? readdirSync(parent).filter((name) => existsSync(join(parent, name, "config.json")))
    : [];
  return known.length === 0
    ? "Train one first: seqloss train <task>."
    : `Runs there: ${known.sort().slice(-5).join(", ")}.`;
}
