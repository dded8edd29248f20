import type { Batch } from "../core/batch.js";
import { SeqlossError } from "../core/errors.js";

/**
 * The items that a wanted one is ranked against. One list of ids, shared by all steps; or a list for each step, `[B][T][…]` for
 * scores [B, T, V] and `[N][…]` for scores [N, V]. The lists may differ in length, and an id counts as often as it is listed.
 */
export type Negatives = ArrayLike<number> | readonly ArrayLike<number>[] | readonly (readonly ArrayLike<number>[])[];

/**
 * The ids listed for each step of the padded layout, ascending; every id where no negatives are given. Lists past the real lengths
 * are not read.
 *
 * @throws SeqlossError when lists are missing (SHAPE, LENGTH), or an id is not a whole number in 0..width-1 (LABEL)
 */
export function readNegatives(
  where: string,
  negatives: Negatives | undefined,
  { batch: sequences, time, width, lengths, shape }: Batch,
): (step: number) => Int32Array {
  if (negatives === undefined) {
    const every = Int32Array.from({ length: width }, (_, item) => item);
    return () => every;
  }
  const list = readList(where, negatives, "negatives");
  if (!list.some(isList)) {
    const shared = itemIds(where, list, "negatives", width);
    return () => shared;
  }
  if (list.length !== sequences) throw missingLists(where, "negatives", `${sequences}, one for each sequence`, list);
  const steps = new Array<Int32Array>(sequences * time);
  for (let b = 0; b < sequences; b++) {
    const path = `negatives[${b}]`;
    const own = readList(where, list[b], path);
    if (shape.length === 2) {
      if (lengths[b] > 0) steps[b] = itemIds(where, own, path, width);
      continue;
    }
    if (own.length < lengths[b]) {
      throw missingLists(where, path, `at least ${lengths[b]}, one list for each real step`, own);
    }
    for (let t = 0; t < lengths[b]; t++) {
      const step = `${path}[${t}]`;
      steps[b * time + t] = itemIds(where, readList(where, own[t], step), step, width);
    }
  }
  return (step) => steps[step];
}

const ADVICE = "Negatives are one list of item ids for all steps, or one list for each step.";

function missingLists(where: string, argument: string, expected: string, found: readonly unknown[]): SeqlossError {
  const details = { argument: `the size of ${argument}`, expected, found: found.length, advice: ADVICE };
  return new SeqlossError(where, "LENGTH", details);
}

const isList = (value: unknown): value is ArrayLike<unknown> =>
  Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));

function readList(where: string, value: unknown, argument: string): readonly unknown[] {
  if (isList(value)) return Array.from(value);
  throw new SeqlossError(where, "SHAPE", { argument, expected: "a list of item ids", found: value, advice: ADVICE });
}

function itemIds(where: string, list: readonly unknown[], path: string, items: number): Int32Array {
  list.forEach((id, n) => {
    if (Number.isInteger(id) && (id as number) >= 0 && (id as number) < items) return;
    throw new SeqlossError(where, "LABEL", {
      argument: `${path}[${n}]`,
      expected: `an id in 0..${items - 1}`,
      found: id,
      advice: ADVICE,
    });
  });
  return Int32Array.from(list as readonly number[]).sort();
}
