import { SeqlossError } from "../core/errors.js";
import { framesNeeded } from "../reference/ctc.js";
import type { TargetKind, TaskFacts } from "./facts.js";

/** Targets as a file holds them, and what is known of the inputs. */
export interface TargetData {
  /** One for each sequence, or a list for each; numbers, words, or rows of probabilities. */
  readonly targets?: unknown;
  /** Another name for targets. */
  readonly labels?: unknown;
  /** Items in the order in which a user chose them, a list for each session. */
  readonly sessions?: unknown;
  /** A list of rewards for each episode. */
  readonly rewards?: unknown;
  /** A list of steps for each sequence. */
  readonly inputs?: unknown;
  /** Instead of the inputs, their lengths. */
  readonly inputLengths?: unknown;
}

export interface InspectedTargets {
  readonly facts: TaskFacts;
  /** What was seen, in sentences. */
  readonly seen: readonly string[];
}

/**
 * What targets tell of their task: their kind, outliers, imbalance, how much neighbours tell, and whether labels fit their inputs.
 * What only their owner knows (the cost of an error, label noise, streaming) is left open. Few different whole numbers from 0
 * on are taken as ids unless `kind` is numbers.
 *
 * @param data a list of targets, or an object with `targets` (or `labels`), `sessions` or `rewards`, and perhaps `inputs` or
 *   `inputLengths`
 * @param kind what the targets are known to be: with `"numbers"`, counts are measured as amounts
 * @throws SeqlossError when there are no targets, they are mixed, or something else is beside them (FORMAT), or the lengths do not go with them (LENGTH)
 * @example
 * inspectTargets([0.5, 1.2, 0.9]).facts.targets // "numbers"
 */
export function inspectTargets(data: TargetData | readonly unknown[], kind?: TargetKind): InspectedTargets {
  const given: TargetData = Array.isArray(data) ? { targets: data } : (data as TargetData);
  checkNames(given);
  if (given.rewards !== undefined) return inspectRewards(readSequences("rewards", given.rewards));
  if (given.sessions !== undefined) return inspectSessions(readSequences("sessions", given.sessions));
  const name = given.targets === undefined ? "labels" : "targets";
  const raw = given.targets ?? given.labels;
  if (!Array.isArray(raw)) {
    throw fault("data", "a list of targets, or an object with targets, labels, sessions or rewards", raw ?? data);
  }
  if (raw.length === 0) throw fault(name, "at least one target", raw);
  const perStep = Array.isArray(raw[0]);
  if (perStep && Array.isArray((raw[0] as unknown[])[0])) return inspectRows(name, raw.flat(), true);
  if (perStep && looksSoft(raw)) return inspectRows(name, raw, false);
  const lengths = readLengths(given, raw.length);
  const words = !perStep && raw.every((target) => typeof target === "string");
  const texts = words && (lengths !== undefined || new Set(raw).size > Math.max(2, raw.length / 5));
  const sequences = texts
    ? raw.map((text) => Array.from(text as string))
    : readSequences(name, perStep ? raw : raw.map((y) => [y]));
  const flat = sequences.flat();
  if (flat.length === 0) throw fault(name, "at least one target", raw);
  const counted = new Set(flat).size;
  const seen = [
    perStep || texts
      ? `${sequences.length} sequences with ${flat.length} targets, ${counted} different ones`
      : `${flat.length} targets, one for each sequence, ${counted} different ones`,
  ];
  if (kind === "numbers" && typeof flat[0] === "string") throw fault(name, "numbers", flat[0]);
  const found = kind === "numbers" ? kind : kindOf(flat);
  if (found === "numbers") return inspectNumbers(flat as number[], perStep, seen);
  const facts = { perStep: perStep || texts, ...imbalance(flat, seen) };
  if (found === "binary" || found === "signs") return { facts: { targets: found, ...facts }, seen };
  if (typeof flat[0] === "number" && kind === undefined) {
    seen.push("few different whole numbers from 0 on are taken as ids, not as amounts");
  }
  const fit = lengths === undefined ? {} : fitOf(sequences, lengths, seen);
  if (fit.length === "shorter" || fit.length === "free" || (texts && fit.length === undefined)) {
    return { facts: { targets: "labels", alignment: "unknown", classes: counted, ...fit }, seen };
  }
  if (!perStep && !texts) return { facts: { targets: "classes", classes: counted, ...facts }, seen };
  const neighbours = neighbourShare(sequences);
  if (neighbours !== undefined)
    seen.push(`the class before it takes ${(100 * neighbours).toFixed(1)} % of a class's uncertainty away`);
  const tagged = neighbours !== undefined && neighbours >= 0.1;
  const shares = neighbours === undefined ? {} : { neighbours };
  return { facts: { targets: tagged ? "tags" : "classes", classes: counted, ...facts, ...fit, ...shares }, seen };
}

const kinds = ["targets", "labels", "sessions", "rewards"];
const known = [...kinds, "inputs", "inputLengths"];

/** One kind of targets, and nothing that would be passed over. */
function checkNames(given: TargetData): void {
  if (typeof given !== "object" || given === null) {
    throw fault("data", "a list of targets, or an object with targets, labels, sessions or rewards", given);
  }
  const names = Object.keys(given).filter((name) => given[name as keyof TargetData] !== undefined);
  const other = names.find((name) => !known.includes(name));
  if (other !== undefined) throw fault("a name in data", `only ${known.join(", ")}`, other);
  const both = names.filter((name) => kinds.includes(name));
  if (both.length > 1) throw fault("data", "only one of targets, labels, sessions and rewards", both);
}

function fault(argument: string, expected: string, found: unknown): SeqlossError {
  return new SeqlossError("inspectTargets", "FORMAT", { argument, expected, found });
}

function readSequences(name: string, lists: unknown): (string | number)[][] {
  if (!Array.isArray(lists) || lists.length === 0) throw fault(name, "a list of lists, one for each sequence", lists);
  const types = new Set<string>();
  lists.forEach((list: unknown, b) => {
    if (!Array.isArray(list)) throw fault(`${name}[${b}]`, "a list, as the others are", list);
    list.forEach((y: unknown, t) => {
      if (typeof y !== "string" && !(typeof y === "number" && Number.isFinite(y)) && typeof y !== "boolean") {
        throw fault(`${name}[${b}][${t}]`, "a finite number or a word", y);
      }
      types.add(typeof y);
    });
  });
  if (types.size > 1) throw fault(name, "numbers or words, not both", [...types]);
  return lists.map((list: (string | number | boolean)[]) => list.map((y) => (typeof y === "boolean" ? Number(y) : y)));
}

/** Rows that are distributions: non-negative, each summing to 1, and not all of them ids. */
function looksSoft(rows: readonly unknown[]): boolean {
  return rows.every(
    (row) =>
      Array.isArray(row) &&
      row.length === (rows[0] as unknown[]).length &&
      row.length > 1 &&
      row.every((p) => typeof p === "number" && p >= 0 && p <= 1) &&
      Math.abs(row.reduce((sum, p) => sum + p, 0) - 1) < 1e-6,
  );
}

function inspectRows(name: string, rows: readonly unknown[], perStep: boolean): InspectedTargets {
  if (!looksSoft(rows)) throw fault(name, "ids; or rows of probabilities, each summing to 1", rows[0]);
  const classes = (rows[0] as unknown[]).length;
  const hard = rows.every((row) => (row as number[]).includes(1));
  const seen = [`${rows.length} ${hard ? "one-hot rows" : "distributions"} over ${classes} classes`];
  return { facts: { targets: "soft", perStep, classes }, seen };
}

function readLengths({ inputs, inputLengths }: TargetData, sequences: number): number[] | undefined {
  const given =
    inputLengths ?? (Array.isArray(inputs) ? inputs.map((list) => (Array.isArray(list) ? list.length : 1)) : undefined);
  if (given === undefined) return undefined;
  if (!Array.isArray(given) || given.length !== sequences || !given.every((n) => Number.isInteger(n) && n >= 0)) {
    throw new SeqlossError("inspectTargets", "LENGTH", {
      argument: inputLengths === undefined ? "inputs" : "inputLengths",
      expected: `${sequences} whole lengths, one for each sequence of targets`,
      found: Array.isArray(given) ? `a list of ${given.length}` : given,
    });
  }
  return given;
}

/** Whole numbers from 0 on with few different values are ids; others are amounts. */
function kindOf(flat: readonly (string | number)[]): TargetKind {
  if (typeof flat[0] === "string") return "classes";
  const values = new Set(flat as number[]);
  const within = (allowed: readonly number[]) => [...values].every((y) => allowed.includes(y));
  if (values.size === 2 && within([0, 1])) return "binary";
  if (values.size === 2 && within([-1, 1])) return "signs";
  const ids = [...values].every((y) => Number.isInteger(y) && y >= 0);
  return ids && values.size <= Math.max(20, Math.sqrt(flat.length)) ? "classes" : "numbers";
}

const median = (sorted: readonly number[]): number =>
  (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;

const ascending = (numbers: readonly number[]): number[] => numbers.toSorted((a, b) => a - b);

function inspectNumbers(numbers: readonly number[], perStep: boolean, seen: string[]): InspectedTargets {
  const middle = median(ascending(numbers));
  const distances = ascending(numbers.map((y) => Math.abs(y - middle)));
  // 1.4826 and 1.2533, √(π/2), make them the standard deviation, of a normal distribution
  const spread = 1.4826 * median(distances) || 1.2533 * (distances.reduce((a, b) => a + b, 0) / distances.length);
  const far = spread === 0 ? 0 : numbers.filter((y) => Math.abs(y - middle) > 3 * spread).length;
  seen.push(
    `${far} of ${numbers.length} farther than 3 spreads (${spread.toPrecision(3)}) from the median ${middle.toPrecision(3)}`,
  );
  return { facts: { targets: "numbers", perStep, outliers: far / numbers.length, spread }, seen };
}

function imbalance(flat: readonly (string | number)[], seen: string[]): { majority: number } {
  const counts = new Map<string | number, number>();
  for (const y of flat) counts.set(y, (counts.get(y) ?? 0) + 1);
  const [commonest, most] = [...counts].reduce((a, b) => (b[1] > a[1] ? b : a));
  seen.push(`the commonest, ${commonest}, is ${((100 * most) / flat.length).toFixed(1)} % of them`);
  return { majority: most / flat.length };
}

function fitOf(
  sequences: readonly (readonly (string | number)[])[],
  lengths: readonly number[],
  seen: string[],
): Pick<TaskFacts, "length" | "tooLong"> {
  const sizes = sequences.map((sequence) => sequence.length);
  if (sizes.every((size, b) => size === lengths[b])) return { length: "equal" };
  const ids = new Map([...new Set(sequences.flat())].map((y, id) => [y, id]));
  const misfits = sequences.filter((sequence, b) => {
    const label = sequence.map((y) => ids.get(y) as number);
    return framesNeeded(label) > lengths[b];
  });
  const tooLong = misfits.length / sequences.length;
  const ratio = lengths.reduce((a, b) => a + b, 0) / sizes.reduce((a, b) => a + b, 0);
  seen.push(
    `${ratio.toFixed(1)} input steps for each label; ${misfits.length} of ${sequences.length} labels do not fit their input`,
  );
  return { length: sizes.every((size, b) => size <= lengths[b]) ? "shorter" : "free", tooLong };
}

/** I(y_t; y_t−1) / H(y): how much of a class's uncertainty the one before it takes away, less what chance would show. */
function neighbourShare(sequences: readonly (readonly (string | number)[])[]): number | undefined {
  const pairs = new Map<string, number>();
  const [before, after] = [new Map<string | number, number>(), new Map<string | number, number>()];
  const add = <Key>(counts: Map<Key, number>, key: Key) => counts.set(key, (counts.get(key) ?? 0) + 1);
  let total = 0;
  for (const sequence of sequences) {
    for (let t = 1; t < sequence.length; t++) {
      add(pairs, JSON.stringify([sequence[t - 1], sequence[t]]));
      add(before, sequence[t - 1]);
      add(after, sequence[t]);
      total++;
    }
  }
  const entropy = (counts: Map<unknown, number>) =>
    [...counts.values()].reduce((sum, n) => sum - (n / total) * Math.log(n / total), 0);
  const own = entropy(after);
  if (total < 20 || own === 0) return undefined;
  // Miller and Madow: each cell that is seen adds 1 / 2n to what chance shows
  const chance = (pairs.size - before.size - after.size + 1) / (2 * total);
  return Math.min(1, Math.max(0, (entropy(before) + own - entropy(pairs) - chance) / own));
}

function inspectSessions(sessions: readonly (readonly (string | number)[])[]): InspectedTargets {
  const classes = new Set(sessions.flat()).size;
  if (classes === 0) throw fault("sessions", "at least one item", sessions);
  return {
    facts: { targets: "ranking", classes },
    seen: [`${sessions.length} sessions, ${sessions.flat().length} choices, ${classes} items`],
  };
}

function inspectRewards(episodes: readonly (readonly (string | number)[])[]): InspectedTargets {
  const flat = episodes.flat();
  if (!flat.every((r) => typeof r === "number"))
    throw fault(
      "rewards",
      "numbers",
      flat.find((r) => typeof r !== "number"),
    );
  const early = episodes.flatMap((rewards) => rewards.slice(0, -1));
  const empty = early.length === 0 ? 0 : early.filter((r) => r === 0).length / early.length;
  const seen = [
    `${episodes.length} episodes, ${flat.length} rewards; ${(100 * empty).toFixed(0)} % of those before the last are 0`,
  ];
  return { facts: { targets: "rewards", delayed: empty > 0.5, metric: early.length === 0 }, seen };
}
