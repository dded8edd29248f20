import { settingAt, type TrainSettings } from "./settings.js";
import { labTasks } from "./tasks.js";

/** What a batch is made of, for who writes one. */
const about: Readonly<Record<TrainSettings["task"], string>> = {
  echo: "one-hot letters a to h",
  recall: "one-hot letters a to h",
  parity: "one-hot bits",
  adding: "a number and its mark, 0 or 1",
  language: "one-hot characters",
  digits: "three columns of 16 rows of ink, side by side",
  balance: "what is seen of cart and pole",
};

/** TypeScript that rebuilds the network of a run, reads its weights, and trains on as the run did. */
export function runCode(settings: TrainSettings): string {
  const { task, cell, hidden, length, optimiser, seed } = settings;
  const { inputs, outputs, bidirectional } = labTasks[task];
  const options = [
    `inputs: ${inputs}`,
    `hidden: ${hidden}`,
    ...(bidirectional ? ["bidirectional: true"] : []),
    ...(cell === "lstm" ? ["forgetBias: 1"] : []),
    `seed: ${seed}`,
  ].join(", ");
  const clip = settingAt(settings, "clip");
  const names = [cell, "decodeSafetensors", "dense", optimiser, "padSequences", "sequential", "Trainer"].toSorted();
  const width = bidirectional ? 2 * hidden : hidden;
  return [
    'import { readFileSync } from "node:fs";',
    `import { ${names.join(", ")} } from "seqloss";`,
    "",
    "const model = sequential({",
    `  rnn: ${cell}({ ${options} }),`,
    `  head: dense({ inputs: ${width}, outputs: ${outputs}, seed: ${seed + 1} }),`,
    "});",
    'const { tensors } = decodeSafetensors(readFileSync("weights.safetensors")); // saved by "Weights"',
    "for (const { name, data } of model.parameters) data.set(tensors.get(name).data);",
    "",
    `const sequence = new Float32Array(${length} * ${inputs}); // yours: [steps][${inputs}], ${about[task]}`,
    `const inputs = padSequences([sequence], ${inputs});`,
    `const { data, shape } = model.forward(inputs, { training: false }); // [1][steps][${outputs}]`,
    "",
    "// trainer.step([{ inputs, loss: (outputs) => … }]) trains on",
    `const trainer = new Trainer({ model, optimiser: ${optimiser}({ learningRate: ${settingAt(settings, "learningRate")} })${clip > 0 ? `, clip: ${clip}` : ""}, seed: ${seed} });`,
  ].join("\n");
}
