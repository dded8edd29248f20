import { RunFolder } from "../runs/entry.js";
import { openTrainedRun, renderSample } from "./task.js";

/** seqloss predict <run> <input>: what the trained network reads. */
export function predict(path: string, input: string, { json = false }: { json?: boolean }): void {
  const sample = openTrainedRun(RunFolder.open(path)).predict(input);
  const { truth, reading } = sample;
  const answer = truth === "" ? { reading } : { reading, truth };
  process.stdout.write(json ? `${JSON.stringify(answer)}\n` : `${renderSample(sample)}\n`);
}
