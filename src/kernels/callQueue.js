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
const READY = 12; // calls that may be taken: their inputs are in place
const DONE = 13; // calls that are computed
const HEADER_BYTES = 64;

const CALLS = 0;
const LISTEN = 1;

/** Looks before a thread sleeps: about a millisecond, so that it stays awake from one part of a training step to the next. */
const LOOKS = 200_000;

/** Numbers that the queue holds: results and arguments of all calls. */
const ROOM = 1 << 16;

/** Calls that the queue holds, whatever their arguments. */
const MOST_CALLS = 1 << 12;

/**
 * @typedef {object} Job
 * @property {number} module
 * @property {number} memory
 * @property {number} index of the function among the module's exports
 * @property {number} count of the calls
 * @property {number} width of each: the number of its arguments
 * @property {{ readonly argument: number, readonly bytes: number } | undefined} workspace
 */

export class CallQueue {
  /** @param {SharedArrayBuffer} [buffer] of the queue that others hold; a new one without */
  constructor(buffer = new SharedArrayBuffer(HEADER_BYTES + 8 * ROOM + 4 * MOST_CALLS)) {
    this.buffer = buffer;
    this.header = new Int32Array(buffer, 0, HEADER_BYTES / 4);
    this.numbers = new Float64Array(buffer, HEADER_BYTES, ROOM);
    /** 1 where a call is computed. */
    this.computed = new Int32Array(buffer, HEADER_BYTES + 8 * ROOM, MOST_CALLS);
    this.seen = Atomics.load(this.header, GENERATION);
  }

  /** The most calls of so many arguments that one job can hold. @param {number} width */
  static most(width) {
    return Math.min(MOST_CALLS, Math.floor(ROOM / (width + 1)));
  }

  /** Hands a job to `workers` other threads, which wait for its calls. @param {Job} job @param {number} workers */
  open({ module, memory, index, count, width, workspace }, workers) {
    const { header } = this;
    header[KIND] = CALLS;
    header[NEXT] = 0;
    header[COUNT] = count;
    header[FAILED] = 0;
    header[MODULE] = module;
    header[MEMORY] = memory;
    header[FUNCTION] = index;
    header[WIDTH] = width;
    header[WORKSPACE] = workspace?.argument ?? -1;
    header[WORKSPACE_BYTES] = workspace?.bytes ?? 0;
    header[READY] = 0;
    header[DONE] = 0;
    this.computed.fill(0, 0, count);
    this.start(workers);
  }

  /** Lets call i, the next one, be taken. @param {number} i @param {readonly number[]} call */
  publish(i, call) {
    const { header, numbers } = this;
    const start = header[COUNT] + i * header[WIDTH];
    for (let n = 0; n < call.length; n++) numbers[start + n] = call[n];
    Atomics.store(header, READY, i + 1);
    Atomics.notify(header, READY);
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
   * Runs a call that nobody has taken, if there is one.
   *
   * @param {number} thread
   * @param {(...numbers: number[]) => number | undefined} run
   * @returns {boolean} whether there was one
   */
  takeOne(thread, run) {
    const { header, numbers, computed } = this;
    for (;;) {
      const i = Atomics.load(header, NEXT);
      if (i >= Atomics.load(header, READY)) return false;
      if (Atomics.compareExchange(header, NEXT, i, i + 1) !== i) continue;
      const [count, width, workspace] = [header[COUNT], header[WIDTH], header[WORKSPACE]];
      const call = Array.from(numbers.subarray(count + i * width, count + (i + 1) * width));
      if (workspace >= 0) call[workspace] += thread * header[WORKSPACE_BYTES];
      try {
        numbers[i] = run(...call) ?? 0;
      } catch (cause) {
        Atomics.store(header, FAILED, 1);
        if (thread === 0) throw cause;
      } finally {
        Atomics.store(computed, i, 1);
        Atomics.add(header, DONE, 1);
        Atomics.notify(header, DONE);
      }
      return true;
    }
  }

  /** Whether call i is computed. @param {number} i */
  isDone(i) {
    return Atomics.load(this.computed, i) === 1;
  }

  /** Waits until one more call is computed than were when `done` was read, unless call i is. @param {number} i */
  waitFor(i) {
    const { header } = this;
    while (!this.isDone(i)) {
      const done = Atomics.load(header, DONE);
      if (!this.isDone(i)) rest(header, DONE, done);
    }
  }

  /** Takes back the calls that nobody has taken, and waits until the workers are through. @returns {boolean} whether none has failed */
  finish() {
    const { header } = this;
    if (header[KIND] === CALLS) {
      Atomics.store(header, NEXT, header[COUNT]);
      Atomics.store(header, READY, header[COUNT]);
      Atomics.notify(header, READY);
    }
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
          this.takeAll(thread, find(header[MODULE], header[MEMORY], header[FUNCTION]));
        } catch {
          Atomics.store(header, FAILED, 1);
        }
      }
      Atomics.sub(header, RUNNING, 1);
      Atomics.notify(header, RUNNING);
      if (kind === LISTEN) return;
    }
  }

  /** Runs calls as they become ready, until the last is taken. @param {number} thread @param {(...numbers: number[]) => number | undefined} run */
  takeAll(thread, run) {
    const { header } = this;
    while (Atomics.load(header, NEXT) < header[COUNT]) {
      const ready = Atomics.load(header, READY);
      if (!this.takeOne(thread, run) && ready < header[COUNT]) rest(header, READY, ready);
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
