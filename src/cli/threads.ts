import { availableParallelism } from "node:os";
import { useThreads } from "../index.js";

/** More share out the batches of the tasks too thinly to gain anything. */
const MOST = 4;

/** Computes with as many threads as asked for, or else with all processors, at most 4. The numbers are the same to the bit. */
export async function startThreads(count: number = Math.min(MOST, availableParallelism())): Promise<void> {
  await useThreads(count);
}
