import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { SeqlossError } from "../../src/index.js";
import { dataSets } from "../data/dataSets.js";
import { resolveData } from "../data/resolve.js";
import { outsideSource } from "../data/source.js";
import type { History, Session, SessionSource, Sessions } from "./sessions.js";

const SET = dataSets["entree-chicago"];
/** Letters of the operations in the files, and what a visitor asked for with them. */
const OPERATIONS = {
  L: "browse",
  M: "cheaper",
  N: "nicer",
  P: "traditional",
  Q: "creative",
  R: "livelier",
  S: "quieter",
};
const LETTERS = Object.keys(OPERATIONS);
const NAMES = Object.values(OPERATIONS);
/** The first days of validation and of test: the last quarter of 1998, and 1999. */
const VALIDATION = "1998-10";
const TEST = "1999";

/** Restaurants that visitors of Entree looked at one after another, and what they asked for at each (Burke, 1996 to 1999). */
export const entree: SessionSource = {
  title: "next restaurants",
  notes: [
    "Trained on the sessions before October 1998, validated on the rest of that year. We know of no published figure for this protocol.",
    "Of other sessions and more items: Recall@20 0.728 and MRR@20 0.321, RSC15, cross-entropy (GRU4Rec's README).",
  ],
  source: () => outsideSource(SET),
  load() {
    const items = parseRestaurants(readFileSync(resolveData(SET, "chicago.txt"), "utf8"));
    const path = resolveData(SET, "sessions.tsv.gz");
    return parseSessions(gunzipSync(readFileSync(path)).toString("utf8"), items, path);
  },
  read: readHistory,
};

/** The names of the restaurants, by number. */
export function parseRestaurants(text: string): string[] {
  const names: string[] = [];
  for (const line of text.split(/\r?\n/)) {
    const [number, name] = line.split("\t");
    if (/^\d+$/.test(number) && name) names[Number(number)] = name.trim();
  }
  return Array.from(names, (name, number) => name ?? `restaurant ${number}`);
}

/**
 * Sessions from lines "time, visitor, entry point, steps, end point" with tabs between: at least two restaurants, each unlike the
 * one before it. The operation of a restaurant is the last one that was asked for there.
 *
 * @param from what it was read from, for messages
 * @throws SeqlossError (FORMAT) when a line is something else
 */
export function parseSessions(text: string, items: readonly string[], from: string): Sessions {
  const parts = { train: [] as Session[], validation: [] as Session[], test: [] as Session[] };
  text
    .split(/\r?\n/)
    .filter((line) => line !== "")
    .forEach((line, n) => {
      const steps = parseSteps(line, items.length);
      if (steps === undefined) {
        throw new SeqlossError("recommend", "FORMAT", {
          argument: `line ${n + 1} of ${from}`,
          expected: "time, visitor, entry point, steps and end point with tabs between",
          found: line,
        });
      }
      const kept = steps.filter(({ item }, i) => item !== steps[i + 1]?.item);
      if (kept.length < 2) return;
      const part = line < VALIDATION ? "train" : line < TEST ? "validation" : "test";
      parts[part].push({
        items: kept.map(({ item }) => item),
        operations: kept.map(({ operation }) => operation),
        from: 1,
      });
    });
  return { items, operations: NAMES, ...parts };
}

interface Step {
  readonly item: number;
  readonly operation: number;
}

/** The steps of a line with its end point; undefined where it is no session. */
function parseSteps(line: string, items: number): Step[] | undefined {
  const cells = line.split("\t");
  if (cells.length !== 5 || !/^-?\d+$/.test(cells[4])) return undefined;
  const steps = cells[3].split(" ").map((step) => {
    const [, item, letter] = /^(\d+)([A-Z])$/.exec(step) ?? [];
    return { item: item === undefined ? items : Number(item), operation: LETTERS.indexOf(letter) };
  });
  if (Number(cells[4]) >= 0) steps.push({ item: Number(cells[4]), operation: 0 });
  return steps.every(({ item, operation }) => item < items && operation >= 0) ? steps : undefined;
}

/** "Moti Mahal cheaper, Village": names or numbers with commas between, behind each what is asked for there, or else browse. */
function readHistory(text: string, { items }: Sessions): History {
  const steps = text.split(",").map((part): Step => {
    const words = part.trim().split(/\s+/);
    const operation = NAMES.indexOf(words[words.length - 1].toLowerCase());
    const name = (operation < 0 ? words : words.slice(0, -1)).join(" ");
    return { item: findItem(name, items), operation: Math.max(0, operation) };
  });
  return { items: steps.map(({ item }) => item), operations: steps.map(({ operation }) => operation) };
}

function findItem(name: string, items: readonly string[]): number {
  if (/^\d+$/.test(name) && Number(name) < items.length) return Number(name);
  const wanted = name.toLowerCase();
  const exact = items.findIndex((item) => item.toLowerCase() === wanted);
  const item = exact >= 0 ? exact : items.findIndex((one) => wanted !== "" && one.toLowerCase().startsWith(wanted));
  if (item >= 0) return item;
  throw new SeqlossError("predict", "FORMAT", {
    argument: "the input",
    expected: `restaurants with commas between, by name or number, and ${NAMES.join(", ")} behind them`,
    found: name,
  });
}
