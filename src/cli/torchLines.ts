import type { Part } from "../index.js";

// Python that makes PyTorch modules of the same names and sizes, and gives them the weights of a file.

const GROUP = [
  "def group(parts):",
  "    module = nn.Module()",
  "    for name, part in parts.items():",
  "        setattr(module, name, part)",
  "    return module",
];

export function torchLines(model: Part, path: string, format: "safetensors" | "torch"): string[] {
  const file = JSON.stringify(path);
  const loaded = format === "torch" ? `torch.load(${file}, weights_only=True)` : `load_file(${file})`;
  const module = moduleOf(model, "");
  return [
    "import torch",
    "from torch import nn",
    ...(format === "torch" ? [] : ["from safetensors.torch import load_file"]),
    "",
    ...(module.startsWith("group") ? [...GROUP, ""] : []),
    ...`model = ${module}`.split("\n"),
    `model.load_state_dict(${loaded})`,
  ];
}

function moduleOf(part: Part, indent: string): string {
  const { structure, parameters } = part;
  switch (structure?.kind) {
    case "dense": {
      const [outputs, inputs] = structure.weight.shape;
      return `nn.Linear(${inputs}, ${outputs}${structure.bias === undefined ? ", bias=False" : ""})`;
    }
    case "embedding":
      return `nn.Embedding(${structure.weight.shape.join(", ")})`;
    case "recurrent": {
      const { cell, inputs, hidden, nonlinearity, stack } = structure;
      const name = { elman: "RNN", gru: "GRU", lstm: "LSTM" }[cell];
      const more = [
        ...(stack[0].length === 2 ? [", bidirectional=True"] : []),
        ...(nonlinearity === "tanh" ? [] : [`, nonlinearity="${nonlinearity}"`]),
      ];
      return `nn.${name}(${inputs}, ${hidden}, ${stack.length}, batch_first=True${more.join("")})`;
    }
    case "sequential":
    case "parallel":
    case "encoderDecoder": {
      const inner = Object.entries(structure.parts).filter(([, { parameters: own }]) => own.length > 0);
      return groupOf(
        inner.map(([name, one]) => [name, moduleOf(one, `${indent}    `)]),
        indent,
      );
    }
    default:
      return parametersOf(parameters, indent);
  }
}

/** Parameters of a part that is no module of PyTorch's, grouped by what stands before a dot in their names. */
function parametersOf(
  parameters: readonly { readonly name: string; readonly shape: readonly number[] }[],
  indent: string,
): string {
  const groups = new Map<string, typeof parameters>();
  for (const { name, shape } of parameters) {
    const [first, ...rest] = name.split(".");
    groups.set(first, [...(groups.get(first) ?? []), { name: rest.join("."), shape }]);
  }
  const entries = [...groups].map(([name, own]): [string, string] => [
    name,
    own[0].name === "" ? `nn.Parameter(torch.zeros(${own[0].shape.join(", ")}))` : parametersOf(own, `${indent}    `),
  ]);
  return groupOf(entries, indent);
}

function groupOf(entries: readonly (readonly [name: string, module: string])[], indent: string): string {
  const lines = entries.map(([name, module]) => `${indent}    ${JSON.stringify(name)}: ${module},`);
  return ["group({", ...lines, `${indent}})`].join("\n");
}
