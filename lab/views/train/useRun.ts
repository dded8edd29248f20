import { type ReadonlySignal, signal } from "@preact/signals";
import type { Changeable, Sample, Snapshot, TrainSettings } from "../../worker/train/settings.js";
import type { TrainNews, TrainOrder } from "../../worker/trainWorker.js";

/** What is known of the run in training. */
export interface LiveRun {
  readonly settings: TrainSettings;
  readonly losses: readonly number[];
  readonly gradientNorms: readonly number[];
  readonly layerNorms: Snapshot["layerNorms"];
  readonly validations: readonly number[];
  readonly stood: readonly number[];
  readonly path: Snapshot["path"];
  readonly samples: readonly Sample[];
  /** The share that is wrong; none before the first snapshot. */
  readonly wrong: number | undefined;
  readonly findings: Snapshot["findings"];
  readonly stepsPerSecond: number;
  readonly seconds: number;
  readonly running: boolean;
}

/** Lines that a pen drew, point by point. */
export type Strokes = readonly (readonly (readonly [number, number])[])[];

function joined(before: Snapshot["layerNorms"], fresh: Snapshot["layerNorms"]): Snapshot["layerNorms"] {
  return Object.fromEntries(
    Object.entries(fresh).map(([layer, norms]) => [layer, [...(before[layer] ?? []), ...norms]]),
  );
}

/** A run in a worker of its own: orders go in, a signal follows. */
export interface RunHandle {
  readonly live: ReadonlySignal<LiveRun | undefined>;
  readonly problem: ReadonlySignal<string>;
  readonly read: ReadonlySignal<string | undefined>;
  start(settings: TrainSettings): void;
  go(): void;
  pause(): void;
  steps(count: number): void;
  /** From the next step on; the snapshot says which that was. */
  change(name: Changeable, value: number): void;
  readStrokes(strokes: Strokes): void;
  /** Strokes of a number, as the generator writes it. */
  write(digits: readonly number[], seed: number, take: (strokes: Strokes) => void): void;
  /** Offers the weights to whoever takes them. */
  weights(take: (bytes: Uint8Array) => void): void;
  /** The same for the network as code. */
  code(take: (text: string) => void): void;
  stop(): void;
}

/** @param onChanged told when a change on the way has been made */
export function createRun(onChanged: (changes: TrainSettings["changes"]) => void): RunHandle {
  const live = signal<LiveRun | undefined>(undefined);
  const problem = signal("");
  const read = signal<string | undefined>(undefined);
  let worker: Worker | undefined;
  let taking: ((bytes: Uint8Array) => void) | undefined;
  let written: ((strokes: Strokes) => void) | undefined;
  let reading: ((text: string) => void) | undefined;

  function hear({ data }: MessageEvent<TrainNews>): void {
    if (data.kind === "problem") problem.value = data.message;
    else if (data.kind === "read") read.value = data.text;
    else if (data.kind === "weights") taking?.(data.bytes);
    else if (data.kind === "written") written?.(data.strokes);
    else if (data.kind === "code") reading?.(data.text);
    else if (live.value !== undefined) {
      const { snapshot, running } = data;
      if (String(snapshot.changes) !== String(live.value.settings.changes)) onChanged(snapshot.changes);
      live.value = {
        ...live.value,
        running,
        settings: { ...live.value.settings, changes: snapshot.changes },
        losses: [...live.value.losses, ...snapshot.losses],
        gradientNorms: [...live.value.gradientNorms, ...snapshot.gradientNorms],
        layerNorms: joined(live.value.layerNorms, snapshot.layerNorms),
        validations: [...live.value.validations, ...snapshot.validations],
        stood: [...live.value.stood, ...snapshot.stood],
        path: snapshot.path,
        samples: snapshot.samples,
        wrong: snapshot.wrong,
        findings: snapshot.findings,
        stepsPerSecond: snapshot.stepsPerSecond || live.value.stepsPerSecond,
        seconds: snapshot.seconds,
      };
    }
  }

  const say = (order: TrainOrder) => {
    if (worker === undefined) {
      worker = new Worker(new URL("../../worker/trainWorker.ts", import.meta.url), { type: "module" });
      worker.addEventListener("message", hear);
      worker.addEventListener("error", (event) => {
        problem.value = event.message || "the worker did not start";
      });
    }
    worker.postMessage(order);
  };

  return {
    live,
    problem,
    read,
    start(settings) {
      problem.value = "";
      read.value = undefined;
      live.value = {
        settings,
        losses: [],
        gradientNorms: [],
        layerNorms: {},
        validations: [],
        stood: [],
        path: [],
        samples: [],
        wrong: undefined,
        findings: [],
        stepsPerSecond: 0,
        seconds: 0,
        running: false,
      };
      say({ kind: "start", settings });
    },
    go: () => say({ kind: "go" }),
    pause: () => say({ kind: "pause" }),
    steps: (count) => say({ kind: "steps", count }),
    change(name, value) {
      if (live.value !== undefined) say({ kind: "change", name, value });
    },
    readStrokes: (strokes) => say({ kind: "read", strokes }),
    write(digits, seed, take) {
      written = take;
      say({ kind: "write", digits, seed });
    },
    weights(take) {
      taking = take;
      say({ kind: "weights" });
    },
    code(take) {
      reading = take;
      say({ kind: "code" });
    },
    stop() {
      worker?.terminate();
      worker = undefined;
      live.value = undefined;
    },
  };
}
