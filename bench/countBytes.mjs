// Bytes that calls of a loss leave to the garbage collector. For a process whose young generation is so large (--expose-gc,
// --min-semi-space-size) that nothing is collected while they are counted.
import { getHeapSpaceStatistics } from "node:v8";

const WARM = 2000;
const COUNTED = 300;
const MOST_ROUNDS = 60;
/** Where objects begin, and large ones stay. The size of the old space changes by itself: the collector sweeps it in a thread. */
const SPACES = new Set(["new_space", "new_large_object_space", "large_object_space"]);

function bytesNow() {
  let bytes = process.memoryUsage().arrayBuffers;
  for (const { space_name, space_used_size } of getHeapSpaceStatistics()) {
    if (SPACES.has(space_name)) bytes += space_used_size;
  }
  return bytes;
}

/** The fewest bytes a call over some rounds, until they are none: what the engine makes of the code meanwhile is not the loss's. */
export function countBytes(step) {
  for (let n = 0; n < WARM; n++) step();
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < MOST_ROUNDS && least >= 1; round++) {
    globalThis.gc();
    const first = bytesNow();
    const before = bytesNow();
    for (let n = 0; n < COUNTED; n++) step();
    const counting = before - first;
    least = Math.min(least, (bytesNow() - before - counting) / COUNTED);
  }
  return Math.max(0, Math.round(least));
}
