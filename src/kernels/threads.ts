import { SeqlossError } from "../core/errors.js";
import { CallQueue } from "./callQueue.js";
import { hasKernels } from "./engine.js";
import type { KernelModule } from "./kernelModule.js";
import { changeHeap } from "./memory.js";

/** A worker of Node or of a browser. */
interface Thread {
  post(message: object): void;
  ready(): Promise<void>;
  end(): void;
}

/** An argument that each thread has a place of its own for: thread n's begins n · `bytes` behind the first. */
export interface Workspace {
  readonly argument: number;
  readonly bytes: number;
}

/** Threads beside the one that asks, and the numbers by which they know modules and memories. */
class Pool {
  private readonly queue = new CallQueue();
  private readonly modules = new Map<object, number>();
  private readonly memories = new WeakMap<WebAssembly.Memory, number>();
  private readonly forgotten = new FinalizationRegistry<number>((forget) => this.tell({ forget }));
  private memoriesSeen = 0;
  private ended = false;

  constructor(private readonly threads: readonly Thread[]) {
    threads.forEach((thread, i) => thread.post({ queue: this.queue.buffer, thread: i + 1 }));
  }

  async ready(): Promise<void> {
    await Promise.all(this.threads.map((thread) => thread.ready()));
  }

  get size(): number {
    return this.threads.length + 1;
  }

  end(): void {
    this.ended = true;
    for (const thread of this.threads) thread.end();
  }

  /** Computes the calls with all threads; see `callTimes`. */
  run<Functions>(
    module: KernelModule<Functions>,
    memory: WebAssembly.Memory,
    name: keyof Functions & string,
    count: number,
    argumentsOf: (i: number) => readonly number[],
    workspace: Workspace | undefined,
    copies: Copies | undefined,
  ): Float64Array {
    const functions = module.on(memory);
    const run = functions[name] as (...numbers: number[]) => number | undefined;
    const index = Object.keys(functions as object).indexOf(name);
    const numbers = { module: this.moduleNumber(module), memory: this.memoryNumber(memory), index };
    const { queue } = this;
    const slots = copies?.slots ?? count;
    let opened = false;
    let finished = false;
    try {
      let [given, taken] = [0, 0];
      while (taken < count) {
        if (given < count && given - taken < slots) {
          copies?.before(given);
          const call = argumentsOf(given);
          if (!opened) queue.open({ ...numbers, count, width: call.length, workspace }, this.threads.length);
          opened = true;
          queue.publish(given++, call);
        } else if (queue.isDone(taken)) {
          copies?.after(taken);
          taken++;
        } else if (!queue.takeOne(0, run)) {
          queue.waitFor(taken);
        }
      }
    } finally {
      if (opened) finished = queue.finish();
    }
    if (!finished) throw new Error(`${name} failed in another thread`);
    return queue.results(count);
  }

  private moduleNumber<Functions>(module: KernelModule<Functions>): number {
    let number = this.modules.get(module);
    if (number === undefined) {
      number = this.modules.size;
      this.modules.set(module, number);
      this.tell({ module: number, compiled: module.module(true) });
    }
    return number;
  }

  private memoryNumber(memory: WebAssembly.Memory): number {
    let number = this.memories.get(memory);
    if (number === undefined) {
      number = this.memoriesSeen++;
      this.memories.set(memory, number);
      this.forgotten.register(memory, number);
      this.tell({ memory: number, shared: memory });
    }
    return number;
  }

  private tell(message: object): void {
    if (this.ended) return;
    for (const thread of this.threads) thread.post(message);
    this.queue.letListen(this.threads.length);
  }
}

let pool: Pool | undefined;

/** Threads that kernels are computed by: 1 unless `useThreads` was asked for more. */
export function threadCount(): number {
  return pool?.size ?? 1;
}

/**
 * From now on, computes losses of float32 batches and recurrent layers with several threads: sequences and rows are divided among
 * them, and every number is what one thread computes, to the bit. Ask before layers and `kernelTensors` are made: what lies in
 * memory that is not shared is computed by one thread.
 *
 * In a browser threads need a page that is cross-origin isolated (headers Cross-Origin-Opener-Policy: same-origin and
 * Cross-Origin-Embedder-Policy: require-corp). They do not keep a Node process alive.
 *
 * @param count in all, the asking one among them, at least 1; 1 ends the others
 * @returns the threads in use: 1 where memory cannot be shared, or where there is no WebAssembly SIMD
 * @throws SeqlossError when count is not a whole number of at least 1 (VALUE)
 * @example
 * await useThreads(1) // 1
 */
export async function useThreads(count: number): Promise<number> {
  if (!Number.isInteger(count) || count < 1 || count > 64) {
    const details = { argument: "count", expected: "a whole number of threads, 1 to 64", found: count };
    throw new SeqlossError("useThreads", "VALUE", details);
  }
  if (count === threadCount()) return count;
  if (pool !== undefined) {
    pool.end();
    pool = undefined;
    changeHeap("useThreads", false);
  }
  if (count === 1 || !hasKernels() || !mayShare()) return 1;
  const started = new Pool(Array.from({ length: count - 1 }, startThread));
  await started.ready();
  changeHeap("useThreads", true);
  pool = started;
  return count;
}

/** Inputs that are copied in before a call and outputs that are copied out after it, in as many places as there are slots. */
interface Copies {
  /** How many calls may have their copies in place at a time: call i uses slot i modulo `slots`. */
  readonly slots: number;
  readonly before: (i: number) => void;
  readonly after: (i: number) => void;
}

/** Numbers of a slot for so many: room for `oddBytes`, and whole lines of the cache, into which two threads never write both. */
export function slotNumbers(count: number): number {
  return Math.ceil((count + 1) / 16) * 16;
}

/** Bytes of all slots that the cache which threads share is sure to hold. */
const SLOT_BYTES = 1 << 24;

/**
 * Slots for the copies of a batch, of so many bytes each: one for one thread; else enough that several threads are never without
 * a call that is ready, as far as the cache holds them.
 */
export function slotsFor(count: number, bytes: number): number {
  const threads = threadCount();
  if (threads === 1) return 1;
  return Math.min(count, 4 * threads, Math.max(threads + 1, Math.floor(SLOT_BYTES / bytes)));
}

/**
 * Calls a kernel with each of the lists of arguments; with several threads they share the calls, which touch nothing in common
 * but what they read. Returns what the calls returned, until the next time.
 */
export function callEach<Functions>(
  module: KernelModule<Functions>,
  memory: WebAssembly.Memory,
  name: keyof Functions & string,
  calls: readonly (readonly number[])[],
  workspace?: Workspace,
): ArrayLike<number> {
  if (isShared(memory, calls.length, calls[0]?.length ?? 0)) {
    return (pool as Pool).run(module, memory, name, calls.length, (i) => calls[i], workspace, undefined);
  }
  const run = module.on(memory)[name] as (...numbers: number[]) => number;
  return calls.map((call) => run(...call));
}

/** What the calls of one thread returned, until the next time. */
let returned = new Float64Array(64);

/** More arguments than any kernel has. */
const MOST_ARGUMENTS = 16;

/** Calls of a kernel that one job is divided into. It is made once; what differs from job to job is in the job. */
export interface KernelCalls<Functions, Job> {
  readonly module: KernelModule<Functions>;
  readonly name: keyof Functions & string;
  /** Gives `run` the arguments of the i-th call, and writes what it returns, if anything, into `returned[i]`. */
  readonly call: (run: (...numbers: number[]) => number, i: number, job: Job, returned: Float64Array) => void;
  /** Which argument is a workspace, that each thread has of its own. */
  readonly workspaceArgument?: number;
  /** Copies the inputs of call i in. */
  readonly before?: (i: number, job: Job) => void;
  /** Copies its outputs out. */
  readonly after?: (i: number, job: Job) => void;
}

/**
 * Calls a kernel `count` times as `callEach` does, without lists. With slots, one thread copies while the others compute.
 *
 * @param workspaceBytes of each thread
 * @param slots how many calls may have their copies in place at a time; undefined where nothing is copied
 */
export function callTimes<Functions, Job>(
  calls: KernelCalls<Functions, Job>,
  memory: WebAssembly.Memory,
  count: number,
  job: Job,
  workspaceBytes = 0,
  slots?: number,
): ArrayLike<number> {
  const { module, name, call, before, after } = calls;
  if (returned.length < count) returned = new Float64Array(2 * count);
  if (isShared(memory, count, MOST_ARGUMENTS)) return callShared(calls, memory, count, job, workspaceBytes, slots);
  const run = module.on(memory)[name] as (...numbers: number[]) => number;
  for (let i = 0; i < count; i++) {
    if (slots !== undefined) before?.(i, job);
    call(run, i, job, returned);
    if (slots !== undefined) after?.(i, job);
  }
  return returned;
}

function callShared<Functions, Job>(
  { module, name, call, workspaceArgument, before, after }: KernelCalls<Functions, Job>,
  memory: WebAssembly.Memory,
  count: number,
  job: Job,
  bytes: number,
  slots: number | undefined,
): ArrayLike<number> {
  let given: readonly number[] = [];
  const keep = (...numbers: number[]) => {
    given = numbers;
    return 0;
  };
  const argumentsOf = (i: number) => {
    call(keep, i, job, returned);
    return given;
  };
  const workspace = workspaceArgument === undefined ? undefined : { argument: workspaceArgument, bytes };
  const copies =
    slots === undefined
      ? undefined
      : { slots, before: (i: number) => before?.(i, job), after: (i: number) => after?.(i, job) };
  return (pool as Pool).run(module, memory, name, count, argumentsOf, workspace, copies);
}

/** Whether several threads share so many calls, on this memory. */
function isShared(memory: WebAssembly.Memory, count: number, width: number): boolean {
  const shared = !(memory.buffer instanceof ArrayBuffer);
  return pool !== undefined && shared && count > 1 && count <= CallQueue.most(width);
}

function mayShare(): boolean {
  return typeof SharedArrayBuffer === "function" && (globalThis.crossOriginIsolated ?? true);
}

function startThread(): Thread {
  const node = globalThis.process?.getBuiltinModule?.("node:worker_threads");
  if (node !== undefined) {
    const worker = new node.Worker(new URL("./threadWorker.js", import.meta.url));
    worker.unref();
    return {
      post: (message) => worker.postMessage(message),
      ready: () =>
        firstMessage(
          (done) => worker.once("message", done),
          (fail) => worker.once("error", fail),
        ),
      end: () => void worker.terminate(),
    };
  }
  // in one expression: so bundlers know that it is a worker, and bundle what it imports
  const worker = new Worker(new URL("./threadWorker.js", import.meta.url), { type: "module" });
  return {
    post: (message) => worker.postMessage(message),
    ready: () =>
      firstMessage(
        (done) => worker.addEventListener("message", done, { once: true }),
        (fail) => worker.addEventListener("error", ({ message }) => fail(new Error(message)), { once: true }),
      ),
    end: () => worker.terminate(),
  };
}

function firstMessage(onMessage: (done: () => void) => void, onError: (fail: (error: Error) => void) => void) {
  return new Promise<void>((resolve, reject) => {
    onMessage(() => resolve());
    onError(reject);
  });
}
