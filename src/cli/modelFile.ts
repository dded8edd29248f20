import { readFileSync } from "node:fs";
import type { Scores } from "../../tasks/task.js";
import {
  decodeSafetensors,
  encodeSafetensors,
  type Layer,
  loadStateDict,
  SeqlossError,
  stateDict,
  type Tensor,
  type Trainer,
} from "../index.js";
import type { RunConfig } from "../runs/entry.js";
import { EXIT, Failure } from "./failure.js";

/** What a file of weights says of the network that they belong to: enough to use it without the run. */
export interface AboutModel {
  readonly config: RunConfig;
  /** Steps that it was trained for. */
  readonly step: number;
  /** On test data, where it has been evaluated, and what that was. */
  readonly scores?: Scores | undefined;
  readonly on?: string | undefined;
  /** On validation data, after the last step. */
  readonly validation?: Scores | undefined;
}

export interface ModelFile extends AboutModel {
  readonly tensors: ReadonlyMap<string, Tensor>;
}

/** Under this key of the metadata. */
const KEY = "seqloss";

/** Weights by PyTorch's names, and in the metadata what they are of. */
export const encodeModel = (model: Layer, about: AboutModel, half: boolean): Uint8Array =>
  encodeSafetensors(stateDict(model), new Map([[KEY, JSON.stringify(about)]]), { half });

/** @throws Failure (data) when the file holds no weights, or not what they are of */
export function readModel(path: string): ModelFile {
  const { tensors, metadata } = decode(path);
  const about: Partial<AboutModel> = JSON.parse(metadata.get(KEY) ?? "{}");
  if (typeof about.config?.task !== "string" || typeof about.step !== "number") {
    throw new Failure(
      EXIT.data,
      `${path} holds weights, but not what network they are of. Write it with: seqloss export <run> --format safetensors`,
    );
  }
  return { ...(about as AboutModel), tensors };
}

function decode(path: string) {
  try {
    return decodeSafetensors(readFileSync(path));
  } catch (error) {
    if (!(error instanceof SeqlossError)) throw error;
    throw new Failure(
      EXIT.data,
      `${path} is neither the folder of a run nor a sound safetensors file. ${error.message}`,
    );
  }
}

/** Puts the weights of a file into a task's network, also in place of their average. */
export function placeModel(trainer: Trainer, { tensors, step }: ModelFile): void {
  loadStateDict(trainer.model, tensors);
  const state = trainer.state();
  trainer.restore({ ...state, step, average: state.average.size === 0 ? state.average : state.weights });
}
