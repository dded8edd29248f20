import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  adam,
  ctcLoss,
  decodeSafetensors,
  dense,
  elman,
  encodeSafetensors,
  encodeTorchFile,
  gru,
  loadStateDict,
  lstm,
  Random,
  sequential,
  stateDict,
  Trainer,
  tensor,
  toNested,
} from "../src/index.js";
import { runPython, torchMissing } from "./python.js";
import { close } from "./vectors/read.js";

// Weights to PyTorch and back, where this machine has PyTorch.

const missing = torchMissing();
if (missing !== undefined) console.warn(`NO TEST AGAINST A LIVE PYTORCH HAS RUN: ${missing}`);

// safetensors' own package may be missing, and its format is a header and bytes
const COMMON = `
import json, struct, sys, torch
from torch import nn

def load(path):
    if path.endswith(".pt"):
        return torch.load(path, weights_only=True)
    data = open(path, "rb").read()
    size = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8:8 + size])
    header.pop("__metadata__", None)
    state = {}
    for name, entry in header.items():
        start, end = (8 + size + offset for offset in entry["data_offsets"])
        state[name] = torch.frombuffer(bytearray(data[start:end]), dtype=torch.float32).reshape(entry["shape"])
    return state

def save(state, path):
    header, body = {}, b""
    for name, value in state.items():
        own = struct.pack(f"<{value.numel()}f", *value.flatten().tolist())
        header[name] = {"dtype": "F32", "shape": list(value.shape), "data_offsets": [len(body), len(body) + len(own)]}
        body += own
    text = json.dumps(header).encode()
    open(path, "wb").write(struct.pack("<Q", len(text)) + text + body)

given = json.load(sys.stdin)
x, lengths = torch.tensor(given["x"]), torch.tensor(given["lengths"])

def make(kind):
    return nn.ModuleDict({
        "rnn": getattr(nn, kind["module"])(3, 6, kind["layers"], batch_first=True, bidirectional=kind["bidirectional"]),
        "head": nn.Linear(12 if kind["bidirectional"] else 6, 4),
    })

def run(model):
    packed = nn.utils.rnn.pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
    states, _ = nn.utils.rnn.pad_packed_sequence(model["rnn"](packed)[0], batch_first=True)
    real = torch.arange(x.shape[1])[None, :, None] < lengths[:, None, None]
    return model["head"](states) * real

outputs = []
`;

const THERE = `${COMMON}
for kind in given["cases"]:
    for path in kind["paths"]:
        model = make(kind)
        model.load_state_dict(load(path))
        outputs.append(run(model).flatten().tolist())
print(json.dumps(outputs))
`;

const BACK = `${COMMON}
torch.manual_seed(3)
for kind in given["cases"]:
    model = make(kind)
    for _ in range(5):
        model.zero_grad()
        (run(model) ** 2).mean().backward()
        with torch.no_grad():
            for parameter in model.parameters():
                parameter -= 0.05 * parameter.grad
    save(model.state_dict(), kind["path"])
    outputs.append(run(model).flatten().tolist())
print(json.dumps(outputs))
`;

const random = new Random(5);
const lengths = [6, 3, 5];
const x = tensor(
  Float32Array.from({ length: 3 * 6 * 3 }, () => random.normal()),
  [3, 6, 3],
);
const inputs = { ...x, lengths: Int32Array.from(lengths) };
const batch = { x: toNested(x), lengths };

const cells = { LSTM: lstm, GRU: gru, RNN: elman } as const;
type Case = { readonly module: keyof typeof cells; readonly layers: number; readonly bidirectional: boolean };
const cases = Object.keys(cells).flatMap((module) => [
  { module, layers: 1, bidirectional: false } as Case,
  { module, layers: 2, bidirectional: true } as Case,
]);
const make = ({ module, layers, bidirectional }: Case, seed: number) =>
  sequential({
    rnn: cells[module]({ inputs: 3, hidden: 6, layers, bidirectional, seed }),
    head: dense({ inputs: bidirectional ? 12 : 6, outputs: 4, seed }),
  });

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "seqloss-torch-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.skipIf(missing !== undefined)("LSTM, GRU and RNN, one layer and two that read from both ends", () => {
  it("trained here, with their weights in a safetensors and a .pt file, give the same outputs there", () => {
    const labels = [[1, 2], [3], [2, 1]];
    const written = cases.map((kind, n) => {
      const model = make(kind, 7);
      const trainer = new Trainer({ model, optimiser: adam({ learningRate: 0.02 }) });
      const step = () => trainer.step([{ inputs, loss: (out) => ctcLoss(out, labels, { lengths: out.lengths }) }]).loss;
      const losses = Array.from({ length: 20 }, step);
      expect(losses.at(-1)).toBeLessThan(losses[0]);
      const paths = ["safetensors", "pt"].map((ending) => join(folder, `${n}.${ending}`));
      writeFileSync(paths[0], encodeSafetensors(stateDict(model)));
      writeFileSync(paths[1], encodeTorchFile(stateDict(model)));
      return { kind: { ...kind, paths }, expected: Array.from(model.forward(inputs).data) };
    });
    const found = runPython(THERE, { ...batch, cases: written.map(({ kind }) => kind) }) as number[][];
    expect(found.length).toBe(2 * cases.length);
    found.forEach((outputs, n) => close(outputs, written[n >> 1].expected, 1e-5, `output ${n}`));
  });

  it("trained there give the same outputs here", () => {
    const given = cases.map((kind, n) => ({ ...kind, path: join(folder, `there-${n}.safetensors`) }));
    const outputs = runPython(BACK, { ...batch, cases: given }) as number[][];
    given.forEach((kind, n) => {
      const model = make(kind, 8);
      loadStateDict(model, decodeSafetensors(readFileSync(kind.path)).tensors);
      close(model.forward(inputs).data, outputs[n], 1e-5, `output ${n}`);
    });
  });
});

it.skipIf(missing !== undefined)("a .pt file keeps names, float64, empty shapes and shared storages", () => {
  const data = Float32Array.of(1, 2, 3, 4, 5, 6);
  const path = join(folder, "several.pt");
  writeFileSync(
    path,
    encodeTorchFile(
      new Map<string, { data: Float32Array | Float64Array; shape: number[] }>([
        ["größe.weight", { data, shape: [2, 3] }],
        ["same", { data, shape: [6] }],
        ["exact", { data: Float64Array.of(0.1), shape: [] }],
        ["none", { data: new Float32Array(0), shape: [0, 4] }],
      ]),
    ),
  );
  const found = runPython(
    `
import json, sys, torch
state = torch.load(json.load(sys.stdin), weights_only=True)
print(json.dumps({
    "entries": [[name, list(t.shape), str(t.dtype), t.tolist()] for name, t in state.items()],
    "shared": state["same"].data_ptr() == state["größe.weight"].data_ptr(),
}))`,
    path,
  );
  expect(found).toEqual({
    entries: [
      [
        "größe.weight",
        [2, 3],
        "torch.float32",
        [
          [1, 2, 3],
          [4, 5, 6],
        ],
      ],
      ["same", [6], "torch.float32", [1, 2, 3, 4, 5, 6]],
      ["exact", [], "torch.float64", 0.1],
      ["none", [0, 4], "torch.float32", []],
    ],
    shared: true,
  });
});
