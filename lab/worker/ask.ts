import type { Ask } from "./topics.js";
import type { Call, Reply } from "./worker.js";

let worker: Worker | undefined;
let calls = 0;
const waiting = new Map<number, { resolve: (answer: unknown) => void; reject: (error: Error) => void }>();

function start(): Worker {
  const started = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  started.addEventListener("message", ({ data }: MessageEvent<Reply>) => {
    const call = waiting.get(data.id);
    waiting.delete(data.id);
    if (data.problem === undefined) call?.resolve(data.answer);
    else call?.reject(new Error(data.problem));
  });
  started.addEventListener("error", (event) => {
    for (const { reject } of waiting.values()) reject(new Error(event.message || "the worker did not start"));
    waiting.clear();
    worker = undefined;
  });
  return started;
}

/** Asks the library, in its worker. */
export const ask: Ask = (topic, question, ...inputs) =>
  new Promise((resolve, reject) => {
    worker ??= start();
    const id = calls++;
    waiting.set(id, { resolve: resolve as (answer: unknown) => void, reject });
    worker.postMessage({ id, topic, question: String(question), inputs } satisfies Call);
  });
