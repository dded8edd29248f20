/** One step of turning a reference into a hypothesis. */
export type Edit = "match" | "substitution" | "insertion" | "deletion";

export interface EditDistance {
  /** Substitutions, insertions and deletions together. */
  readonly distance: number;
  readonly substitutions: number;
  /** Items of the hypothesis that the reference does not have. */
  readonly insertions: number;
  /** Items of the reference that the hypothesis lacks. */
  readonly deletions: number;
  /** From the start: what becomes of each item. */
  readonly edits: readonly Edit[];
}

/**
 * The fewest edits that turn `reference` into `hypothesis` (Levenshtein 1966), and which they are. Of several ways the one with
 * the latest substitutions is reported; the counts may differ between ways, the distance does not.
 *
 * @example
 * editDistance([..."kitten"], [..."sitting"]).distance // 3
 */
export function editDistance<Item>(reference: ArrayLike<Item>, hypothesis: ArrayLike<Item>): EditDistance {
  const R = reference.length;
  const width = hypothesis.length + 1;
  const cost = new Int32Array((R + 1) * width);
  for (let i = 0; i <= R; i++) {
    for (let j = 0; j < width; j++) {
      const at = i * width + j;
      if (i === 0 || j === 0) {
        cost[at] = i + j;
        continue;
      }
      const diagonal = cost[at - width - 1] + (reference[i - 1] === hypothesis[j - 1] ? 0 : 1);
      cost[at] = Math.min(diagonal, cost[at - width] + 1, cost[at - 1] + 1);
    }
  }
  const edits: Edit[] = [];
  for (let i = R, j = hypothesis.length; i > 0 || j > 0; ) {
    const at = i * width + j;
    const same = i > 0 && j > 0 && reference[i - 1] === hypothesis[j - 1];
    if (i > 0 && j > 0 && cost[at] === cost[at - width - 1] + (same ? 0 : 1)) {
      edits.push(same ? "match" : "substitution");
      i--;
      j--;
    } else if (i > 0 && cost[at] === cost[at - width] + 1) {
      edits.push("deletion");
      i--;
    } else {
      edits.push("insertion");
      j--;
    }
  }
  const count = (kind: Edit) => edits.filter((edit) => edit === kind).length;
  return {
    distance: cost[cost.length - 1],
    substitutions: count("substitution"),
    insertions: count("insertion"),
    deletions: count("deletion"),
    edits: edits.reverse(),
  };
}
