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

const catalogue = new Map<string, CatalogueEntry>();
// member by member: an engine takes three times as long for copies of whole objects
for (const [family, losses] of families) {
  for (const [name, { summary, outputs, targets, options = [], example, compute }] of Object.entries(losses)) {
    const all = [...options, ...COMMON];
    catalogue.set(name, { name, family, summary, outputs, targets, options: all, example, compute });
  }
}

/**
 * Every loss of the library, by name.
 * @example
 * lossCatalogue.get("ctcLoss").family // "alignment-free"
 */
export const lossCatalogue: ReadonlyMap<string, CatalogueEntry> = catalogue;
