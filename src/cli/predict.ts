import type { PredictOptions } from "../../tasks/task.js";
import { EXIT, Failure } from "./failure.js";
import { toJson } from "./json.js";
import { type LanguageFlags, languageOf } from "./language.js";
import { findTask, openFolder, openTrainedRun, renderSample } from "./task.js";

export interface PredictFlags extends Pick<PredictOptions, "temperature" | "seed">, LanguageFlags {
  readonly json?: boolean;
}

/** seqloss predict <run> <input>: what the trained network reads. */
export function predict(path: string, input: string, flags: PredictFlags): void {
  const { temperature, seed, json = false } = flags;
  const run = openFolder(path);
  const { name, draws = false } = findTask(run.config.task);
  const useless = (["temperature", "seed"] as const).find((flag) => flags[flag] !== undefined);
  if (!draws && useless !== undefined) {
    throw new Failure(EXIT.usage, `the task ${name} draws nothing in predict; leave out --${useless}.`);
  }
  const language = languageOf(findTask(run.config.task), flags);
  const sample = openTrainedRun(run).predict(input, { temperature, seed, language });
  const { truth, reading } = sample;
  const answer = truth === "" ? { reading } : { reading, truth };
  process.stdout.write(json ? `${toJson(answer)}\n` : `${renderSample(sample)}\n`);
}
