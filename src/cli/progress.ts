import cliProgress from "cli-progress";
import type { EvaluateOptions, Evaluation, OpenTask, Progress, Task } from "../../tasks/task.js";
import type { StepReport } from "../index.js";
import { colour } from "./colour.js";
import { scoreName, scoreText } from "./scores.js";

const SPARKS = "▁▂▃▄▅▆▇█";

/**
 * Values as a line of at most `width` bars, each the mean of its share of them. The lowest bar stands for the least of
 * `scale`, the highest for the greatest.
 */
export function sparkline(values: readonly number[], width: number, scale?: readonly number[]): string {
  const bucket = Math.max(1, Math.ceil(values.length / width));
  const means: number[] = [];
  for (let start = 0; start < values.length; start += bucket) {
    const part = values.slice(start, start + bucket).filter(Number.isFinite);
    if (part.length > 0) means.push(part.reduce((a, b) => a + b, 0) / part.length);
  }
  const ends = scale?.filter(Number.isFinite) ?? means;
  const least = Math.min(...ends);
  const range = Math.max(...ends) - least || 1;
  return means.map((x) => SPARKS[Math.round(((x - least) / range) * (SPARKS.length - 1))]).join("");
}

/** 65 → "1:05". */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const two = (n: number) => String(n).padStart(2, "0");
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

export interface TrainingDisplay {
  step(report: StepReport): void;
  validation(step: number, scores: Readonly<Record<string, number>>): void;
  stop(): void;
}

/** Where training is shown, and by what clock; standard error and the real one, unless a test says otherwise. */
export interface Surroundings {
  readonly stream: NodeJS.WriteStream;
  /** Milliseconds. */
  readonly now: () => number;
}

/** Without a terminal, milliseconds from one line to the next. */
const BETWEEN_LINES = 10_000;

/**
 * How training goes: on a terminal a bar with elapsed and remaining time, loss, scores and a curve of the loss; elsewhere a
 * line every ten seconds and for each validation. Everything goes to stderr, so that results can be piped.
 */
export function displayTraining(
  total: number,
  done: number,
  kinds: Task["scores"],
  { stream, now }: Surroundings = { stream: process.stderr, now: () => performance.now() },
): TrainingDisplay {
  const start = now();
  let lastLine = start;
  const losses: number[] = [];
  let smooth = Number.NaN;
  let scored = "";
  let taken = done;
  let headline = "";
  const columns = () => stream.columns ?? 80;
  const elapsed = () => (now() - start) / 1000;
  const remaining = () => (taken === done ? Number.NaN : (elapsed() * (total - taken)) / (taken - done));
  const bar = stream.isTTY
    ? new cliProgress.SingleBar({
        format: `${colour.cyan("{bar}")} {percentage} %  {clock}  loss {loss}{curve}{headline}`,
        barsize: 14,
        barCompleteChar: "━",
        barIncompleteChar: "╌",
        linewrap: false,
        hideCursor: true,
        clearOnComplete: false,
        stream,
        fps: 8,
      })
    : undefined;
  const payload = () => ({
    clock: taken === done ? "" : `${clock(elapsed())} (${clock(remaining())} left)`,
    loss: Number.isNaN(smooth) ? "…" : smooth.toFixed(3),
    curve: columns() >= 90 ? ` ${sparkline(losses, 14)}` : "",
    headline: headline === "" ? "" : `  ${headline}`,
  });
  const writeLine = () => {
    lastLine = now();
    const time = `${clock(elapsed())} elapsed, ${taken === done ? "…" : clock(remaining())} left`;
    const parts = [`step ${taken}/${total}`, time, `loss ${payload().loss}`, scored];
    stream.write(`${parts.filter((part) => part !== "").join("  ")}\n`);
  };
  bar?.start(total, done, payload());
  return {
    step({ step, loss }) {
      taken = step;
      if (Number.isFinite(loss)) {
        smooth = Number.isNaN(smooth) ? loss : 0.97 * smooth + 0.03 * loss;
        losses.push(smooth);
      }
      if (bar !== undefined) bar.update(step, payload());
      else if (now() - lastLine >= BETWEEN_LINES) writeLine();
    },
    validation(step, scores) {
      const text = Object.entries(scores).map(
        ([name, value]) => `${scoreName(name)} ${scoreText(value, kinds[name], 1)}`,
      );
      scored = text.join(", ");
      headline = text[0] ?? "";
      taken = step;
      if (bar !== undefined) bar.update(step, payload());
      else writeLine();
    },
    stop: () => bar?.stop(),
  };
}

export interface EvaluationDisplay {
  readonly progress: Progress;
  stop(): void;
}

/** Milliseconds of evaluation before anything is shown of it. */
const PATIENCE = 1000;

/** How an evaluation goes: on a terminal a bar, which is taken away at the end; elsewhere a line every ten seconds. */
export function displayEvaluation(
  { stream, now }: Surroundings = { stream: process.stderr, now: () => performance.now() },
): EvaluationDisplay {
  const start = now();
  let lastLine = start;
  const bar = stream.isTTY
    ? new cliProgress.SingleBar({
        format: `evaluating ${colour.cyan("{bar}")} {percentage} %  {what}`,
        ...{ barsize: 14, barCompleteChar: "━", barIncompleteChar: "╌" },
        ...{ linewrap: false, hideCursor: true, clearOnComplete: true, stream, fps: 8 },
      })
    : undefined;
  return {
    progress(done, of, what) {
      if (now() - start < PATIENCE) return;
      const percent = Math.round((100 * done) / of);
      if (bar !== undefined) {
        if (!bar.isActive) bar.start(100, 0, { what });
        bar.update(percent, { what });
      } else if (now() - lastLine >= BETWEEN_LINES) {
        lastLine = now();
        stream.write(`evaluating: ${percent} % of ${what}\n`);
      }
    },
    stop: () => bar?.stop(),
  };
}

/** Evaluates, and shows how it goes. */
export function evaluateShown(task: OpenTask, options: EvaluateOptions = {}): Evaluation {
  const display = displayEvaluation();
  try {
    return task.evaluate({ ...options, progress: display.progress });
  } finally {
    display.stop();
  }
}
