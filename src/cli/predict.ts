import { toJson } from "./json.js";
import { openFolder, openTrainedRun, renderSample } from "./task.js";

/** seqloss predict <run> <input>: what the trained network reads. */
export function predict(path: string, input: string, { json = false }: { json?: boolean }): void {
  const sample = openTrainedRun(openFolder(path)).predict(input);
  const { truth, reading } = sample;
  const answer = truth === "" ? { reading } : { reading, truth };
  process.stdout.write(json ? `${toJson(answer)}\n` : `${renderSample(sample)}\n`);
}
