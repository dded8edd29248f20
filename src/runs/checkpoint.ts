import { join } from "node:path";
import { SeqlossError } from "../core/errors.js";
import type { Tensor } from "../core/tensor.js";
import { decodeSafetensors, encodeSafetensors } from "../interop/safetensors.js";
import type { TrainerState } from "../training/trainer.js";
import { UNFINISHED, writeAtomically } from "./atomicFile.js";
import { type FileSystem, nodeFileSystem } from "./fileSystem.js";

const NAME = /^step-(\d{8})\.safetensors$/;
const fileName = (step: number) => `step-${String(step).padStart(8, "0")}.safetensors`;

/** A trainer's state as one safetensors file: weights under their own names, the rest under prefixes that weights cannot have. */
export function encodeCheckpoint(state: TrainerState): Uint8Array {
  const tensors = new Map<string, Tensor>();
  const put = (prefix: string, arrays: ReadonlyMap<string, Float32Array>) => {
    for (const [name, data] of arrays) tensors.set(`${prefix}${name}`, { data, shape: [data.length] });
  };
  put("weights/", state.weights);
  put("average/", state.average);
  put("moments/", state.optimiser.moments);
  const counters = {
    step: state.step,
    skipped: state.skipped,
    optimiserStep: state.optimiser.step,
    random: state.random,
  };
  return encodeSafetensors(tensors, new Map([["trainer", JSON.stringify(counters)]]));
}

export function decodeCheckpoint(bytes: Uint8Array): TrainerState {
  const { tensors, metadata } = decodeSafetensors(bytes);
  const text = metadata.get("trainer");
  if (text === undefined) {
    throw new SeqlossError("checkpoint", "FORMAT", {
      argument: "the metadata",
      expected: "the trainer's counters",
      found: [...metadata.keys()],
      advice: "This file holds tensors, but is no checkpoint of a run.",
    });
  }
  const counters = JSON.parse(text);
  const take = (prefix: string) =>
    new Map(
      [...tensors]
        .filter(([name]) => name.startsWith(prefix))
        .map(([name, { data }]) => [name.slice(prefix.length), data as Float32Array]),
    );
  return {
    step: counters.step,
    skipped: counters.skipped,
    random: counters.random,
    weights: take("weights/"),
    average: take("average/"),
    optimiser: { step: counters.optimiserStep, moments: take("moments/") },
  };
}

/** The checkpoints of one run: the newest two are kept, so that one damaged file loses little. */
export class Checkpoints {
  constructor(
    private readonly folder: string,
    private readonly fs: FileSystem = nodeFileSystem,
  ) {}

  save(state: TrainerState): void {
    writeAtomically(join(this.folder, fileName(state.step)), encodeCheckpoint(state), this.fs);
    for (const name of this.names().slice(2)) this.fs.remove(join(this.folder, name));
  }

  /** The newest sound checkpoint, and what was wrong with newer ones. Undefined where there is none at all. */
  load(): { state: TrainerState; damaged: readonly string[] } | undefined {
    const damaged: string[] = [];
    const names = this.names();
    for (const name of names) {
      try {
        return { state: decodeCheckpoint(this.fs.read(join(this.folder, name))), damaged };
      } catch (error) {
        if (!(error instanceof SeqlossError)) throw error;
        damaged.push(`${name}: ${error.message}`);
      }
    }
    if (damaged.length === 0) return undefined;
    throw new SeqlossError("checkpoint", "FORMAT", {
      argument: `the checkpoints in ${this.folder}`,
      expected: "one that is whole",
      found: damaged,
    });
  }

  /** Removes what an interrupted write left behind. */
  clean(): void {
    for (const name of this.fs.list(this.folder)) {
      if (name.endsWith(UNFINISHED)) this.fs.remove(join(this.folder, name));
    }
  }

  /** Newest first. */
  private names(): string[] {
    return this.fs
      .list(this.folder)
      .filter((name) => NAME.test(name))
      .sort()
      .reverse();
  }
}
