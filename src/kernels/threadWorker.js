// @ts-check
// What runs in each thread of threads.ts: kernels on memories that it is told of, by their numbers.
import { CallQueue } from "./callQueue.js";

const port = globalThis.process?.getBuiltinModule?.("node:worker_threads").parentPort;

/** @typedef {(...numbers: number[]) => number | undefined} Kernel */

/** @type {WebAssembly.Module[]} */
const modules = [];
/** @type {Map<number, { memory: WebAssembly.Memory, functions: Kernel[][] }>} */
const memories = new Map();

/** @param {number} module @param {number} memory @param {number} index */
function find(module, memory, index) {
  const place = memories.get(memory);
  if (place === undefined) throw new Error(`no memory ${memory}`);
  if (place.functions[module] === undefined) {
    const instance = new WebAssembly.Instance(modules[module], { env: { memory: place.memory } });
    place.functions[module] = /** @type {any} */ (Object.values(instance.exports));
  }
  return place.functions[module][index];
}

/** @type {CallQueue} */
let queue;
let thread = 0;

/** @param {any} message */
function read(message) {
  if (message.queue !== undefined) {
    queue = new CallQueue(message.queue);
    thread = message.thread;
    const ready = "ready";
    if (port) port.postMessage(ready);
    else globalThis.postMessage(ready);
  }
  if (message.compiled !== undefined) modules[message.module] = message.compiled;
  if (message.shared !== undefined) memories.set(message.memory, { memory: message.shared, functions: [] });
  if (message.forget !== undefined) memories.delete(message.forget);
  queue.work(thread, find);
}

if (port) port.on("message", read);
else globalThis.onmessage = ({ data }) => read(data);
