import { Random } from "../../src/index.js";
import { TrainSession } from "./train/session.js";
import type { Changeable, Snapshot, TrainSettings } from "./train/settings.js";
import { writtenStrokes } from "./train/strokes.js";

/** What the page says to a run. */
export type TrainOrder =
  | { readonly kind: "start"; readonly settings: TrainSettings }
  | { readonly kind: "go" | "pause" | "weights" | "code" }
  | { readonly kind: "steps"; readonly count: number }
  | { readonly kind: "change"; readonly name: Changeable; readonly value: number }
  | { readonly kind: "read"; readonly strokes: readonly (readonly (readonly [number, number])[])[] }
  | { readonly kind: "write"; readonly digits: readonly number[]; readonly seed: number };

/** What a run says. */
export type TrainNews =
  | { readonly kind: "snapshot"; readonly snapshot: Snapshot; readonly running: boolean }
  | { readonly kind: "read"; readonly text: string | undefined }
  | { readonly kind: "written"; readonly strokes: readonly (readonly (readonly [number, number])[])[] }
  | { readonly kind: "code"; readonly text: string }
  | { readonly kind: "weights"; readonly bytes: Uint8Array }
  | { readonly kind: "problem"; readonly message: string };

/** A snapshot at most this often, in milliseconds; between them the worker listens. */
const SNAPSHOT = 120;
const SLICE = 30;

let session: TrainSession | undefined;
let running = false;
let wanted = 0;
let last = 0;
let counted = 0;
let seconds = 0;

const tell = (news: TrainNews) => postMessage(news);

function report(): void {
  if (session === undefined) return;
  const now = performance.now();
  const rate = running ? (1000 * (session.taken - counted)) / Math.max(now - last, 1) : 0;
  [last, counted] = [now, session.taken];
  tell({ kind: "snapshot", snapshot: session.snapshot(rate, seconds), running });
}

/** Some steps, then back to the queue of messages. */
function work(): void {
  if (!running || session === undefined) return;
  const begin = performance.now();
  const end = begin + SLICE;
  while (running && performance.now() < end) {
    session.step();
    if (wanted > 0 && --wanted === 0) running = false;
  }
  seconds += (performance.now() - begin) / 1000;
  if (!running || performance.now() - last >= SNAPSHOT) report();
  if (running) setTimeout(work);
}

function run(count: number): void {
  wanted = count;
  if (running || session === undefined) return;
  running = true;
  [last, counted] = [performance.now(), session.taken];
  work();
}

addEventListener("message", ({ data }: MessageEvent<TrainOrder>) => {
  try {
    switch (data.kind) {
      case "start":
        running = false;
        seconds = 0;
        session?.dispose();
        session = new TrainSession(data.settings);
        return report();
      case "go":
        return run(0);
      case "steps":
        return run(data.count);
      case "pause":
        running = false;
        return report();
      case "change":
        session?.change(data.name, data.value);
        return report();
      case "read":
        return tell({ kind: "read", text: session?.read(data.strokes) });
      case "write":
        return tell({ kind: "written", strokes: writtenStrokes(data.digits, new Random(data.seed, 9)) });
      case "code":
        if (session !== undefined) tell({ kind: "code", text: session.code() });
        return;
      case "weights":
        if (session !== undefined) tell({ kind: "weights", bytes: session.weights() });
    }
  } catch (error) {
    running = false;
    tell({ kind: "problem", message: (error as Error).message });
  }
});
