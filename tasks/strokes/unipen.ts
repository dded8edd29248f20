import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { dataSets } from "../data/dataSets.js";
import { resolveData } from "../data/resolve.js";
import { outsideSource } from "../data/source.js";
import type { DataSource } from "../task.js";
import { readWritings, type Writing } from "./ink.js";

/** UNIPEN's pen strokes, as a data set of a task. */
export const unipenSource = (): DataSource => outsideSource(dataSets.unipen);

/**
 * The writings of one of its files: "words-stanford.train".
 *
 * @throws DataError when the data set is missing or damaged
 */
export function loadUnipen(part: string): Writing[] {
  const name = `${part}.jsonl.gz`;
  return readWritings(gunzipSync(readFileSync(resolveData(dataSets.unipen, name))).toString("utf8"), name);
}
