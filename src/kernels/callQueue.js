// @ts-check
// Calls of one kernel that threads take one after another, in memory that they share. Plain JavaScript: threadWorker.js runs in
// a thread of its own, which starts from the file itself.

/** Where each number of the header lies. */
const GENERATION = 0; // one more with each job
const KIND = 1;
const NEXT = 2; // the next call that nobody has taken
const COUNT = 3;
const RUNNING = 4; // workers that are not through with the job
const FAILED = 5;
const MODULE = 6;
const MEMORY = 7;
const FUNCTION = 8;
const WIDTH = 9; // arguments of a call
const WORKSPACE = 10; // which of them is the workspace; -1 where none is
const WORKSPACE_BYTES = 11; // those of thread n begin n times as far
const HEADER_BYTES = 64;

const CALLS = 0;
const LISTEN = 1;

/** Looks before a thread sleeps: about a tenth of a millisecond, less than waking takes. */
const LOOKS = 20_000;

/** Numbers that the queue holds: results and arguments of all calls. */
const ROOM = 1 << 16;

/**
 * @typedef {object} Job
 * @property {number} module
 * @property {number} memory
 * @property {number} index of the function among the module's exports
 * @property {readonly (readonly number[])[]} calls
 * @property {{ readonly argument: number, readonly bytes: number } | undefined} workspace
 */

export class CallQueue {
  /** @param {SharedArrayBuffer} [buffer] of the queue that others hold; a new one without */
  constructor(buffer = new SharedArrayBuffer(HEADER_BYTES + 8 * ROOM)) {
    this.buffer = buffer;
    this.header = new Int32Array(buffer, 0, HEADER_BYTES / 4);
    this.numbers = new Float64Array(buffer, HEADER_BYTES);
    this.seen = Atomics.load(this.header, GENERATION);
  }

  /** The most calls of so many arguments that one job can hold. @param {number} width */
  static most(width) {
    return Math.floor(ROOM / (width + 1));
  }

  /** Hands a job to `workers` other threads. @param {Job} job @param {number} workers */
  post({ module, memory, index, calls, workspace }, workers) {
    const { header, numbers } = this;
    const width = calls[0].length;
    header[KIND] = CALLS;
    header[NEXT] = 0;
    header[COUNT] = calls.length;
    header[FAILED] = 0;
    header[MODULE] = module;
    header[MEMORY] = memory;
    header[FUNCTION] = index;
    header[WIDTH] = width;
    header[WORKSPACE] = workspace?.argument ?? -1;
    header[WORKSPACE_BYTES] = workspace?.bytes ?? 0;
    for (let i = 0; i < calls.length; i++) numbers.set(calls[i], calls.length + i * width);
    this.start(workers);
  }

  /** Lets the workers read the message that is on its way to them. @param {number} workers */
  letListen(workers) {
    this.header[KIND] = LISTEN;
    this.start(workers);
    this.finish();
  }

  /** @param {number} workers */
  start(workers) {
    Atomics.store(this.header, RUNNING, workers);
    Atomics.add(this.header, GENERATION, 1);
    Atomics.notify(this.header, GENERATION);
  }

  /**
   * Runs calls until none is left.
   *
   * @param {number} thread
   * @param {(...numbers: number[]) => number | undefined} run
   */
  take(thread, run) {
    const { header, numbers } = this;
    const count = header[COUNT];
    const width = header[WIDTH];
    const workspace = header[WORKSPACE];
    for (;;) {
      const i = Atomics.add(header, NEXT, 1);
      if (i >= count) return;
      const call = Array.from(numbers.subarray(count + i * width, count + (i + 1) * width));
      if (workspace >= 0) call[workspace] += thread * header[WORKSPACE_BYTES];
      numbers[i] = run(...call) ?? 0;
    }
  }

  /** Waits until the workers are through. @returns {boolean} whether none has failed */
  finish() {
    const { header } = this;
    for (let running = Atomics.load(header, RUNNING); running > 0; running = Atomics.load(header, RUNNING)) {
      rest(header, RUNNING, running);
    }
    return header[FAILED] === 0;
  }

  /** What the calls returned. @param {number} count */
  results(count) {
    return this.numbers.subarray(0, count);
  }

  /**
   * A worker's life: does the jobs that are posted, until it is to listen.
   *
   * @param {number} thread
   * @param {(module: number, memory: number, index: number) => (...numbers: number[]) => number | undefined} find
   */
  work(thread, find) {
    const { header } = this;
    for (;;) {
      while (Atomics.load(header, GENERATION) === this.seen) rest(header, GENERATION, this.seen);
      this.seen = Atomics.load(header, GENERATION);
      const kind = header[KIND];
      if (kind === CALLS) {
        try {
          this.take(thread, find(header[MODULE], header[MEMORY], header[FUNCTION]));
        } catch {
          Atomics.store(header, FAILED, 1);
        }
      }
      Atomics.sub(header, RUNNING, 1);
      Atomics.notify(header, RUNNING);
      if (kind === LISTEN) return;
    }
  }
}

/** Looks for a while whether a number changes, then sleeps until it does; a page's own thread may not sleep. */
let maySleep = true;

/** @param {Int32Array} header @param {number} at @param {number} value */
function rest(header, at, value) {
  for (let look = 0; look < LOOKS; look++) if (Atomics.load(header, at) !== value) return;
  if (!maySleep) return;
  try {
    Atomics.wait(header, at, value);
  } catch {
    maySleep = false;
  }
}
