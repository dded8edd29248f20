import { placeOf, type ReadBatch, realSteps } from "./batch.js";
import type { Finding } from "./finding.js";
import { counted } from "./phrases.js";

/** NaN and infinities among the real outputs, and where they begin. A class at -Infinity is ruled out, which is allowed. */
export function checkOutputsFinite({ outputs, kind }: ReadBatch): Finding[] {
  if (outputs === undefined) return [];
  const { data, width } = outputs;
  const excludes = kind === undefined || !["decisions", "numbers"].includes(kind.outputs);
  const bad: number[] = [];
  const sequences = new Set<number>();
  for (const { b, start } of realSteps(outputs)) {
    for (let i = start; i < start + width; i++) {
      if (Number.isFinite(data[i]) || (excludes && data[i] === Number.NEGATIVE_INFINITY)) continue;
      bad.push(i);
      sequences.add(b);
    }
  }
  if (bad.length === 0) return [];
  const where = placeOf("outputs", outputs, bad[0]);
  return [
    {
      code: "output-not-finite",
      severity: "error",
      title: "Outputs are not finite",
      evidence: `${counted(bad.length, "output")} in ${counted(sequences.size, "sequence")}; the first, ${where}, is ${data[bad[0]]}.`,
      numbers: { outputs: bad.length, sequences: sequences.size },
      remedy:
        "Look at the inputs and the weights of this step first: NaN in the data, a division by 0, or weights that one large step ruined. Then lower the learning rate or clip gradients.",
      where,
    },
  ];
}

/** NaN and infinities among targets that are numbers. */
export function checkTargetsFinite({ outputs, numbers }: ReadBatch): Finding[] {
  if (outputs === undefined || numbers === undefined) return [];
  const bad: number[] = [];
  for (const { start } of realSteps(outputs)) {
    for (let i = start; i < start + outputs.width; i++) if (!Number.isFinite(numbers[i])) bad.push(i);
  }
  if (bad.length === 0) return [];
  const where = placeOf("targets", outputs, bad[0]);
  return [
    {
      code: "target-not-finite",
      severity: "error",
      title: "Targets are not finite",
      evidence: `${counted(bad.length, "target")}; the first, ${where}, is ${numbers[bad[0]]}.`,
      numbers: { targets: bad.length },
      remedy: "Fill or leave out what is missing in the data: a step weight of 0 leaves a step out.",
      where,
    },
  ];
}
