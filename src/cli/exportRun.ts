import { join } from "node:path";
import { encodeSafetensors, encodeTorchFile, type Layer, onnxSignature, stateDict, toOnnx } from "../index.js";
import { writeAtomically } from "../runs/entry.js";
import { EXIT, Failure } from "./failure.js";
import { toJson } from "./json.js";
import { renderTable } from "./table.js";
import { openFolder, openTrainedRun } from "./task.js";
import { torchLines } from "./torchLines.js";

export interface ExportFlags {
  readonly format: "safetensors" | "torch" | "onnx";
  readonly output?: string;
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

/** seqloss export <run>: the trained network as a file for other frameworks. */
export function exportRun(path: string, { format, output, json = false }: ExportFlags): void {
  const run = openFolder(path);
  const { trainer } = openTrainedRun(run);
  const target = output ?? join(run.path, `model.${ENDINGS[format]}`);
  const { bytes, table, facts, lines } = trainer.withAveragedWeights((model) =>
    format === "onnx" ? asOnnx(model) : asWeights(model, format, target),
  );
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

function asWeights(model: Layer, format: "safetensors" | "torch", path: string): Exported {
  const tensors = stateDict(model);
  const python = torchLines(model, path, format);
  return {
    bytes: format === "torch" ? encodeTorchFile(tensors) : encodeSafetensors(tensors),
    table: [["name", "shape"], ...[...tensors].map(([name, { shape }]) => [name, shape.join(" × ")])],
    facts: { tensors: Object.fromEntries([...tensors].map(([name, { shape }]) => [name, shape])), python },
    lines: ["In PyTorch:", "", ...python, ""],
  };
}
