import { createInterface } from "node:readline/promises";

/** Where answers come from. */
export interface Lines {
  /** Whether somebody is there who can be asked again. */
  readonly talks: boolean;
  /** The next line; undefined where there is none any more. */
  ask(prompt: string): Promise<string | undefined>;
  /** Whether Ctrl-C ended it. */
  interrupted(): boolean;
  close(): void;
}

/** A person on a terminal. Ctrl-C and Ctrl-D end the lines. */
export function terminalLines(): Lines {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const ended = new AbortController();
  let interrupted = false;
  terminal.on("SIGINT", () => {
    interrupted = true;
    ended.abort();
  });
  terminal.on("close", () => ended.abort());
  return {
    talks: true,
    async ask(prompt) {
      try {
        return await terminal.question(prompt, { signal: ended.signal });
      } catch (error) {
        if (!ended.signal.aborted) throw error;
        process.stdout.write("\n");
        return undefined;
      }
    },
    interrupted: () => interrupted,
    close: () => terminal.close(),
  };
}

/** A file or a pipe on standard input. */
export function pipedLines(): Lines {
  const reader = createInterface({ input: process.stdin });
  const lines = reader[Symbol.asyncIterator]();
  let interrupted = false;
  const stop = () => {
    interrupted = true;
    reader.close();
  };
  process.once("SIGINT", stop);
  return {
    talks: false,
    async ask() {
      if (interrupted) return undefined;
      const { value, done } = await lines.next();
      return done ? undefined : value;
    },
    interrupted: () => interrupted,
    close() {
      process.off("SIGINT", stop);
      reader.close();
      process.stdin.destroy(); // lines past the last question are not waited for
    },
  };
}
