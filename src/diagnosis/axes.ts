import { asLists, type ReadBatch } from "./batch.js";
import type { Finding } from "./finding.js";

/** Outputs whose axes fit the labels only in another order than [batch, time, classes]. */
export function checkAxes({ outputs, kind, given: { targets } }: ReadBatch): Finding[] {
  const lists = asLists(targets);
  if (outputs?.shape.length !== 3 || lists === undefined) return [];
  const [B, T, V] = outputs.shape;
  if (kind?.targets !== "ids" && kind?.targets !== "sequences") return [];
  if (lists.length === T && lists.length !== B) {
    const fits = `there are ${lists.length} lists of labels: as many as the second axis has entries, not the first`;
    return [finding(outputs.shape, "[time, batch, classes]", fits)];
  }
  const most = lists.reduce((most, list) => list.reduce((least, id) => Math.max(least, id), most), -1);
  if (lists.length !== B || most >= T) return [];
  if (kind.targets === "ids" && V !== T && lists.every(({ length }) => length === V)) {
    return [finding(outputs.shape, "[batch, classes, time]", `each sequence has ${V} labels, below ${T}`)];
  }
  if (kind.targets === "sequences" && most >= V) {
    return [finding(outputs.shape, "[batch, classes, time]", `labels go up to ${most}`)];
  }
  return [];
}

function finding(shape: readonly number[], likely: string, fits: string): Finding {
  return {
    code: "axes-swapped",
    severity: "error",
    title: "The axes of the outputs seem to be swapped",
    evidence: `The outputs have the shape [${shape.join(", ")}], and ${fits}. This fits ${likely}.`,
    numbers: Object.fromEntries(shape.map((extent, axis) => [`axis${axis}`, extent])),
    remedy: "Transpose the outputs to [batch, time, classes].",
    where: "outputs",
  };
}
