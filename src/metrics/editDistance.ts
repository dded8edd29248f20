import { SeqlossError } from "../core/errors.js";

/** A string, compared by code point, or a list of ids, words or whatever `===` compares. */
export type Symbols = string | ArrayLike<unknown>;

export interface EditCounts {
  /** The fewest edits that turn the reference into the hypothesis: substitutions + insertions + deletions. */
  readonly distance: number;
  readonly substitutions: number;
  /** Symbols that the hypothesis has too many. */
  readonly insertions: number;
  /** Symbols of the reference that the hypothesis lacks. */
  readonly deletions: number;
}

/** One step of an alignment of two sequences, in order. A position is an index into the symbols (code points of a string). */
export type EditOperation =
  | { readonly kind: "match" | "substitution"; readonly reference: number; readonly hypothesis: number }
  | { readonly kind: "insertion"; readonly hypothesis: number }
  | { readonly kind: "deletion"; readonly reference: number };

/**
 * Levenshtein's distance, and how many edits of each kind it takes (Wagner and Fischer 1974). Where several sets of edits
 * are equally few, the one with the fewest insertions and deletions is counted, which makes the three numbers unique.
 *
 * Time O(n·m), memory O(m), after a common beginning and end are left out.
 *
 * @param reference what should have been read
 * @param hypothesis what was read
 * @example
 * editDistance("kitten", "sitting") // { distance: 3, substitutions: 2, insertions: 1, deletions: 0 }
 */
export function editDistance(reference: Symbols, hypothesis: Symbols): EditCounts {
  const a = readSymbols("editDistance", "reference", reference);
  const b = readSymbols("editDistance", "hypothesis", hypothesis);
  const { start, endA, endB } = differingPart(a, b);
  const n = endA - start;
  const m = endB - start;
  const costs = new EditCosts(n + m);
  const row = costs.firstRow(m);
  for (let i = 1; i <= n; i++) {
    let diagonal = row[0];
    row[0] = i * costs.gap;
    for (let j = 1; j <= m; j++) {
      const above = row[j];
      const replaced = diagonal + (a[start + i - 1] === b[start + j - 1] ? 0 : costs.substitution);
      row[j] = Math.min(replaced, Math.min(above, row[j - 1]) + costs.gap);
      diagonal = above;
    }
  }
  return costs.count(row[m], n, m);
}

/**
 * The edits of `editDistance` one by one, for display: which symbols match, and what was substituted, inserted or deleted.
 * Of equally good alignments it is the one that, from the end backwards, pairs symbols rather than delete one, and deletes
 * rather than insert.
 *
 * Time and memory O(n·m).
 *
 * @example
 * editAlignment("cat", "at")[0].kind // "deletion"
 * editAlignment("cat", "at").length // 3
 */
export function editAlignment(reference: Symbols, hypothesis: Symbols): EditOperation[] {
  const a = readSymbols("editAlignment", "reference", reference);
  const b = readSymbols("editAlignment", "hypothesis", hypothesis);
  const n = a.length;
  const m = b.length;
  const costs = new EditCosts(n + m);
  const width = m + 1;
  const table = new Float64Array((n + 1) * width);
  table.set(costs.firstRow(m));
  const replaced = (i: number, j: number) =>
    table[(i - 1) * width + j - 1] + (a[i - 1] === b[j - 1] ? 0 : costs.substitution);
  for (let i = 1; i <= n; i++) {
    const at = i * width;
    table[at] = i * costs.gap;
    for (let j = 1; j <= m; j++) {
      table[at + j] = Math.min(replaced(i, j), Math.min(table[at + j - width], table[at + j - 1]) + costs.gap);
    }
  }
  const operations: EditOperation[] = [];
  for (let i = n, j = m; i > 0 || j > 0; ) {
    const cost = table[i * width + j];
    if (i > 0 && j > 0 && cost === replaced(i, j)) {
      const kind = a[--i] === b[--j] ? "match" : "substitution";
      operations.push({ kind, reference: i, hypothesis: j });
    } else if (i > 0 && cost === table[(i - 1) * width + j] + costs.gap) {
      operations.push({ kind: "deletion", reference: --i });
    } else operations.push({ kind: "insertion", hypothesis: --j });
  }
  return operations.reverse();
}

/**
 * Both things to minimise in one number: an edit costs `substitution`, more than all insertions and deletions together can
 * add, and an insertion or deletion one more than that. Whole numbers below 2^53 for up to 94 million symbols.
 */
class EditCosts {
  readonly substitution: number;
  readonly gap: number;

  constructor(symbols: number) {
    this.substitution = symbols + 1;
    this.gap = this.substitution + 1;
  }

  firstRow(m: number): Float64Array {
    return Float64Array.from({ length: m + 1 }, (_, j) => j * this.gap);
  }

  /** The edits behind the cost of turning n symbols into m: insertions − deletions is m − n whatever they are. */
  count(cost: number, n: number, m: number): EditCounts {
    const distance = Math.floor(cost / this.substitution);
    const gaps = cost % this.substitution;
    const insertions = (gaps + m - n) / 2;
    const deletions = gaps - insertions;
    return { distance, substitutions: distance - gaps, insertions, deletions };
  }
}

/** Where the two begin to differ, and where what follows is equal again. */
function differingPart(a: ArrayLike<unknown>, b: ArrayLike<unknown>): { start: number; endA: number; endB: number } {
  let start = 0;
  let endA = a.length;
  let endB = b.length;
  while (start < endA && start < endB && a[start] === b[start]) start++;
  while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) {
    endA--;
    endB--;
  }
  return { start, endA, endB };
}

/** Anything that editDistance compares, as a list. */
export function readSymbols(where: string, argument: string, symbols: Symbols): ArrayLike<unknown> {
  if (typeof symbols === "string") return Array.from(symbols);
  if (Number.isSafeInteger(symbols?.length)) return symbols;
  throw new SeqlossError(where, "SHAPE", { argument, expected: "a string, or a list of ids or words", found: symbols });
}
