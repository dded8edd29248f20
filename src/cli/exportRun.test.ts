import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as ort from "onnxruntime-web";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { tasks } from "../../tasks/tasks.js";
import { runPython, torchMissing } from "../../test/python.js";
import { close } from "../../test/vectors/read.js";
import { decodeSafetensors, loadStateDict, type SequenceBatch, toNested } from "../index.js";
import { RunFolder, restore } from "../runs/entry.js";

// The built program, as a user runs it, on a run of the numbers task.

const program = fileURLToPath(new URL("../../dist/src/cli/main.js", import.meta.url));
const missing = torchMissing();
if (missing !== undefined) console.warn(`NO EXPORT HAS BEEN LOADED IN PYTORCH: ${missing}`);
ort.env.wasm.numThreads = 1;

let folder = "";
let run = "";
const seqloss = (...args: string[]) =>
  spawnSync(process.execPath, [program, ...args], { cwd: folder, encoding: "utf8" });
const train = (task: string, ...flags: string[]) => {
  const { status, stderr, stdout } = seqloss("train", task, "--steps", "3", "--json", ...flags);
  expect(status, stderr).toBe(0);
  return JSON.parse(stdout.trim().split("\n").at(-1) as string).run as string;
};

/** A batch of the run's own data, and what its trained network makes of it. */
let inputs: SequenceBatch;
let outputs: SequenceBatch;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "seqloss-export-"));
  run = join(folder, train("numbers"));
  const opened = RunFolder.open(run);
  const task = tasks.numbers.open(opened.config);
  restore(opened, task.trainer);
  inputs = task.batch(0)[0].inputs;
  outputs = task.trainer.withAveragedWeights((model) => model.forward(inputs, { training: false }));
  expect(new Set(inputs.lengths).size).toBeGreaterThan(1);
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("seqloss export of a numbers run", () => {
  it("as ONNX: onnxruntime gives the same outputs within 1e-5", async () => {
    const { status, stdout, stderr } = seqloss("export", run, "--format", "onnx", "--json");
    expect(status, stderr).toBe(0);
    const { path, inputs: named, outputs: given, step } = JSON.parse(stdout);
    expect({ path, step }).toEqual({ path: join(run, "model.onnx"), step: 3 });
    expect(named).toEqual([
      { name: "input", type: "float32", shape: ["batch", "time", inputs.shape[2]] },
      { name: "lengths", type: "int32", shape: ["batch"] },
    ]);
    expect(given).toEqual([{ name: "output", type: "float32", shape: ["batch", "time", 11] }]);
    const session = await ort.InferenceSession.create(readFileSync(path));
    const found = await session.run({
      input: new ort.Tensor("float32", inputs.data, inputs.shape),
      lengths: new ort.Tensor("int32", inputs.lengths, [inputs.lengths.length]),
    });
    close(found.output.data as Float32Array, Array.from(outputs.data), 1e-5, "output");
  });

  it("as safetensors: another network of the task gives the same outputs with them", () => {
    const target = join(folder, "weights.safetensors");
    const { status, stdout } = seqloss("export", run, "--format", "safetensors", "--output", target);
    expect(status).toBe(0);
    expect(stdout).toMatch(/rnn\.weight_ih_l0_reverse .*\n[\s\S]*load_file\(".*weights\.safetensors"\)/);
    expect(stdout).toMatch(/weights\.safetensors: [\d,]+ bytes, the weights after 3 steps\.\n$/);
    const { metadata } = decodeSafetensors(readFileSync(target));
    expect(JSON.parse(metadata.get("seqloss") ?? "")).toMatchObject({ step: 3, config: RunFolder.open(run).config });
    const other = tasks.numbers.open({ ...RunFolder.open(run).config, seed: 99 }).trainer.model;
    loadStateDict(other, decodeSafetensors(readFileSync(target)).tensors);
    expect(other.forward(inputs, { training: false }).data).toEqual(outputs.data);
  });

  it("as safetensors: the file is read as the run is, also with 16-bit weights in half the bytes", () => {
    const [whole, half] = ["whole", "half"].map((name) => join(folder, `${name}.safetensors`));
    expect(seqloss("export", run, "--format", "safetensors", "--output", whole).status).toBe(0);
    expect(seqloss("export", run, "--format", "safetensors", "--half", "--output", half).status).toBe(0);
    expect(statSync(half).size).toBeLessThan(0.52 * statSync(whole).size);
    const said = (path: string) => seqloss("predict", path, "2718", "--json").stdout;
    expect(said(whole)).toBe(said(run));
    expect(JSON.parse(said(half)).truth).toBe("2718");
    expect(seqloss("predict", join(run, "config.json"), "1").stderr).toContain(
      "config.json is neither the folder of a run",
    );
  });

  it.skipIf(missing !== undefined)(
    "as torch: the lines that are printed load it in PyTorch, which gives the same outputs",
    () => {
      const { status, stdout } = seqloss("export", run, "--format", "torch");
      expect(status).toBe(0);
      const python = stdout.slice(stdout.indexOf("import torch"), stdout.lastIndexOf("\n\n"));
      const found = runPython(
        `${python}
import json, sys
given = json.load(sys.stdin)
inputs, lengths = torch.tensor(given["inputs"]), torch.tensor(given["lengths"])
packed = nn.utils.rnn.pack_padded_sequence(inputs, lengths, batch_first=True, enforce_sorted=False)
states, _ = nn.utils.rnn.pad_packed_sequence(model.rnn(packed)[0], batch_first=True)
real = torch.arange(inputs.shape[1])[None, :, None] < lengths[:, None, None]
print(json.dumps((model.head(states) * real).flatten().tolist()))`,
        { inputs: toNested(inputs), lengths: Array.from(inputs.lengths) },
      );
      close(found as number[], Array.from(outputs.data), 1e-5, "output");
    },
  );

  it.each([
    ["without a format", [], 64, "required option '--format <format>'"],
    ["half in another format", ["--format", "onnx", "--half"], 64, "--half goes with --format safetensors."],
    ["in a format that there is not", ["--format", "zip"], 64, "Allowed choices are safetensors, torch, onnx"],
    [
      "into a folder that is not there",
      ["--format", "onnx", "--output", "no/where.onnx"],
      66,
      "no such file or folder",
    ],
  ] as const)("%s is refused in one line", (_, flags, code, message) => {
    const { status, stdout, stderr } = seqloss("export", run, ...flags);
    expect({ status, stdout, lines: stderr.trimEnd().split("\n").length }).toEqual({
      status: code,
      stdout: "",
      lines: 1,
    });
    expect(stderr).toContain(message);
    expect(readdirSync(run).filter((name) => name.includes("unfinished"))).toEqual([]);
  });

  it("of a folder that is no run is refused", () => {
    expect(seqloss("export", "nowhere", "--format", "onnx").status).toBe(66);
  });
});

describe("seqloss export of an encoder-decoder", () => {
  it("has its weights, whose lines PyTorch takes, and refuses ONNX", () => {
    const translator = train("translate", "--data", "cmudict", "--set", "hidden=16");
    const refused = seqloss("export", translator, "--format", "onnx");
    expect({ status: refused.status, stdout: refused.stdout }).toEqual({ status: 65, stdout: "" });
    expect(refused.stderr).toContain("Take --format safetensors or torch.");
    expect(existsSync(join(folder, translator, "model.onnx"))).toBe(false);
    const { status, stdout } = seqloss("export", translator, "--format", "torch", "--json");
    expect(status).toBe(0);
    const { python, tensors } = JSON.parse(stdout);
    expect(tensors["attention.keys.weight"]).toEqual([16, 32]);
    if (missing !== undefined) return;
    const lines = python.join("\n").replace("torch.load(", `torch.load(${JSON.stringify(`${folder}/`)} + `);
    const shapes = runPython(`${lines}
import json
print(json.dumps({name: list(value.shape) for name, value in model.state_dict().items()}))`);
    expect(shapes).toEqual(tensors);
  });
});
