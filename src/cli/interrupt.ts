import { EXIT } from "./failure.js";

export interface Interruption {
  readonly signal: AbortSignal;
  abort(): void;
  /** Gives the signals back to the system. */
  release(): void;
}

/** Ctrl-C stops after the current step, or whatever is named, and a second one at once. */
export function catchInterrupt(after = "after this step"): Interruption {
  const controller = new AbortController();
  const onSignal = () => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    process.stderr.write(`\nstopping ${after}; once more to stop at once\n`);
    controller.abort();
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  return {
    signal: controller.signal,
    abort: () => controller.abort(),
    release() {
      process.off("SIGINT", onSignal);
      process.off("SIGTERM", onSignal);
    },
  };
}
