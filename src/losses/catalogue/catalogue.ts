import { alignmentFree } from "./alignmentFree.js";
import { type CatalogueEntry, COMMON, type Described, type LossFamily } from "./entry.js";
import { margin } from "./margin.js";
import { ranking } from "./ranking.js";
import { regression } from "./regression.js";
import { reward } from "./reward.js";
import { sequence } from "./sequence.js";
import { tokens } from "./tokens.js";

const families: readonly (readonly [LossFamily, Readonly<Record<string, Described>>])[] = [
  ["regression", regression],
  ["tokens", tokens],
  ["margin", margin],
  ["ranking", ranking],
  ["sequence", sequence],
  ["alignment-free", alignmentFree],
  ["reward", reward],
];

/**
 * Every loss of the library, by name.
 * @example
 * lossCatalogue.get("ctcLoss").family // "alignment-free"
 */
export const lossCatalogue: ReadonlyMap<string, CatalogueEntry> = new Map(
  families.flatMap(([family, losses]) =>
    Object.entries(losses).map(([name, entry]) => [
      name,
      { ...entry, name, family, options: [...(entry.options ?? []), ...COMMON] },
    ]),
  ),
);
