// Bytes that calls of a loss leave to the garbage collector. For a process whose young generation is so large (--expose-gc,
// --min-semi-space-size) that nothing is collected while they are counted.
import { getHeapStatistics } from "node:v8";

const WARM = 2000;
const COUNTED = 300;
const ROUNDS = 10;

const bytesNow = () => getHeapStatistics().used_heap_size + process.memoryUsage().arrayBuffers;

/** The fewest bytes a call over some rounds: what the engine makes of the code meanwhile is not the loss's. */
export function countBytes(step) {
  for (let n = 0; n < WARM; n++) step();
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    globalThis.gc();
    const before = bytesNow();
    for (let n = 0; n < COUNTED; n++) step();
    least = Math.min(least, (bytesNow() - before) / COUNTED);
  }
  return Math.round(least);
}
