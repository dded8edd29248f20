import type { Part } from "../recurrent/structure.js";

/** What a model reads: ids or numbers, and how many of them at each step. */
export interface ModelInput {
  readonly ids: boolean;
  readonly width: number;
  /** Whether there is an axis for what stands at one step: an embedding alone reads [B, T]. */
  readonly columns: boolean;
}

/** Undefined where the model reads whatever it is given. */
export function modelInput({ structure }: Part): ModelInput | undefined {
  switch (structure?.kind) {
    case "embedding":
      return { ids: true, width: 1, columns: false };
    case "dense":
      return { ids: false, width: structure.weight.shape[1], columns: true };
    case "recurrent":
      return { ids: false, width: structure.inputs, columns: true };
    case "columns":
      return { ids: false, width: structure.from + structure.width, columns: true };
    case "sequential": {
      const [first, ...rest] = Object.values(structure.parts);
      if (first === undefined) return undefined;
      const after = modelInput({
        parameters: [],
        structure: { kind: "sequential", parts: Object.fromEntries(rest.map((part, n) => [`${n}`, part])) },
      });
      const own = modelInput(first);
      // columns pass on what they are taken from
      return own !== undefined && first.structure?.kind === "columns"
        ? { ...own, ids: after?.ids ?? false }
        : (own ?? after);
    }
    case "parallel": {
      const read = Object.values(structure.parts).map(modelInput);
      const known = read.filter((input) => input !== undefined);
      if (known.length === 0) return undefined;
      return {
        ids: known.every(({ ids }) => ids),
        width: Math.max(...known.map(({ width }) => width)),
        columns: known.some(({ columns }) => columns),
      };
    }
    default:
      return undefined;
  }
}
