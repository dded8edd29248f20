import type { PredictOptions } from "../../tasks/task.js";
import { EXIT, Failure } from "./failure.js";
import { showFilm, showsFilms } from "./film.js";
import { toJson } from "./json.js";
import { type LanguageFlags, languageOf } from "./language.js";
import { exampleOf, renderSample } from "./task.js";
import { findTrained } from "./trained.js";

export interface PredictFlags extends Pick<PredictOptions, "temperature" | "seed">, LanguageFlags {
  readonly json?: boolean;
}

/** seqloss predict <run> [input]: what a trained network makes of it; without an input, of the task's example. */
export async function predict(path: string, input: string | undefined, flags: PredictFlags): Promise<void> {
  const { temperature, seed, json = false } = flags;
  const { described, config, open } = findTrained(path);
  const { name, draws = false } = described;
  const useless = (["temperature", "seed"] as const).find((flag) => flags[flag] !== undefined);
  if (!draws && useless !== undefined) {
    throw new Failure(EXIT.usage, `the task ${name} draws nothing in predict; leave out --${useless}.`);
  }
  const language = languageOf(described, flags);
  const example = exampleOf(described, config);
  if (input === undefined) process.stderr.write(`an example: seqloss predict ${path} ${example}\n`);
  const given = input ?? example.replace(/^"(.*)"$/, "$1");
  const sample = open().predict(given, { temperature, seed, language });
  if (sample.film !== undefined && !json && showsFilms(process.stdout)) await showFilm(sample.film, process.stdout);
  const { truth, reading, note } = sample;
  const answer = truth === "" ? { reading } : { reading, truth };
  const lines = note === undefined ? "" : `\n${note}`;
  process.stdout.write(`${json ? toJson(answer) : `${renderSample(sample)}${lines}`}\n`);
}
