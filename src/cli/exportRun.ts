import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Scores } from "../../tasks/task.js";
import { encodeTorchFile, type Layer, onnxSignature, stateDict, toOnnx } from "../index.js";
import { type RunFolder, writeAtomically } from "../runs/entry.js";
import { EXIT, Failure } from "./failure.js";
import { toJson } from "./json.js";
import { type AboutModel, encodeModel } from "./modelFile.js";
import { renderTable } from "./table.js";
import { findTask } from "./task.js";
import { torchLines } from "./torchLines.js";
import { findTrained } from "./trained.js";

export interface ExportFlags {
  readonly format: "safetensors" | "torch" | "onnx";
  readonly output?: string;
  readonly half?: boolean;
  readonly json?: boolean;
}

/** A file, and what is to be said of it: a table with a head, for machines the same as data, and lines that follow. */
interface Exported {
  readonly bytes: Uint8Array;
  readonly table: readonly (readonly string[])[];
  readonly facts: Readonly<Record<string, unknown>>;
  readonly lines: readonly string[];
}

const ENDINGS = { safetensors: "safetensors", torch: "pt", onnx: "onnx" } as const;

/** seqloss export <run>: the trained network as a file, for other frameworks or for `predict`. */
export function exportRun(path: string, { format, output, half = false, json = false }: ExportFlags): void {
  if (half && format !== "safetensors") throw new Failure(EXIT.usage, "--half goes with --format safetensors.");
  const { config, run, open } = findTrained(path);
  const { trainer } = open();
  const target = output ?? join(run?.path ?? ".", `model.${ENDINGS[format]}`);
  const { bytes, table, facts, lines } = trainer.withAveragedWeights((model) => {
    if (format === "onnx") return asOnnx(model);
    const about = { config, step: trainer.taken, ...(run && scoresOf(run)) };
    return asWeights(model, format === "torch" ? undefined : encodeModel(model, about, half), target);
  });
  writeAtomically(target, bytes);
  if (json) {
    process.stdout.write(`${toJson({ path: target, format, bytes: bytes.length, step: trainer.taken, ...facts })}\n`);
    return;
  }
  const written = `${target}: ${bytes.length.toLocaleString("en")} bytes, the weights after ${trainer.taken} steps.`;
  process.stdout.write(`${[renderTable(table), ...lines, written].join("\n")}\n`);
}

function asOnnx(model: Layer): Exported {
  if (model.structure?.kind === "encoderDecoder") {
    throw new Failure(
      EXIT.data,
      "an encoder-decoder writes one symbol after another, which is not one pass through a graph; ONNX is not written of it. Take --format safetensors or torch.",
    );
  }
  const { inputs, outputs } = onnxSignature(model);
  const rows = (kind: string, values: typeof inputs) =>
    values.map(({ name, type, shape }) => [kind, name, type, shape.join(" × ")]);
  const aside = model.parameters.filter(({ name }) => /(^|\.)(transitions|start|end)$/.test(name));
  return {
    bytes: toOnnx(model),
    table: [["", "name", "type", "shape"], ...rows("input", inputs), ...rows("output", outputs)],
    facts: { inputs, outputs },
    lines: [
      "lengths are the real steps of each sequence; the output past them is 0.",
      ...(aside.length === 0
        ? []
        : [`Not in the graph, for they belong to decoding: ${aside.map(({ name }) => name).join(", ")}.`]),
    ],
  };
}

/** @param safetensors the bytes, where they are not to be PyTorch's own format */
function asWeights(model: Layer, safetensors: Uint8Array | undefined, path: string): Exported {
  const tensors = stateDict(model);
  const python = torchLines(model, path, safetensors === undefined ? "torch" : "safetensors");
  return {
    bytes: safetensors ?? encodeTorchFile(tensors),
    table: [["name", "shape"], ...[...tensors].map(([name, { shape }]) => [name, shape.join(" × ")])],
    facts: { tensors: Object.fromEntries([...tensors].map(([name, { shape }]) => [name, shape])), python },
    lines: ["In PyTorch:", "", ...python, ""],
  };
}

/** What the run is known to score, of its last evaluation and validation. */
function scoresOf(run: RunFolder): Pick<AboutModel, "scores" | "on" | "validation"> {
  const path = join(run.path, "results.json");
  const { scores, on } = existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : {};
  const names = Object.keys(findTask(run.config.task).scores);
  const last = run.metrics.read().findLast((line) => names.some((name) => line[name] !== undefined));
  const validation = Object.fromEntries(Object.entries(last ?? {}).filter(([name]) => names.includes(name)));
  return { scores, on, ...(last && { validation: validation as Scores }) };
}
