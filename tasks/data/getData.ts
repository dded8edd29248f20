import { join } from "node:path";
import { DataError } from "./dataError.js";
import type { DataFile, DataSet } from "./dataSet.js";
import { downloadFile } from "./download.js";
import { type DataFolders, dataFolders } from "./folders.js";
import { type MakeOptions, makeData } from "./makeData.js";
import type { Original } from "./recipe.js";
import { cacheOf, findData, missingFile } from "./resolve.js";

export interface GetOptions extends MakeOptions {
  readonly folders?: DataFolders;
}

/**
 * Gets what is missing of a data set into the cache, or damaged there: downloads what the home has in this form, and makes the
 * rest of its originals.
 *
 * @returns the files that it got; none where all was there
 * @throws DataError (missing) when the set cannot be had so; otherwise as `downloadFile` and `makeData` do
 */
export async function getData(set: DataSet, options: GetOptions = {}): Promise<readonly DataFile[]> {
  const { folders = dataFolders(), ...rest } = options;
  const { onProgress } = options;
  const cache = cacheOf(set, folders);
  const missing = set.files.filter((file) => isMissing(set, file, folders));
  const converted = missing.filter((file) => !isOriginal(file));
  if (converted.length > 0 && set.recipe === undefined) throw missingFile(set, converted[0].name, folders);
  for (const file of missing.filter(isOriginal)) {
    const told = (received: number) => onProgress?.(file, received);
    await downloadFile(file, join(cache, file.name), { ...rest, onProgress: told });
  }
  if (set.recipe !== undefined && converted.length > 0) await makeData(set.recipe, converted, cache, rest);
  return missing;
}

const isOriginal = (file: DataFile): file is Original => file.download !== undefined;

/** A damaged file counts as missing in the cache, which is ours; elsewhere the user should know of it. */
function isMissing(set: DataSet, { name }: DataFile, folders: DataFolders): boolean {
  try {
    return findData(set, name, folders) === undefined;
  } catch (error) {
    const ours = error instanceof DataError && error.argument === join(cacheOf(set, folders), name);
    if (ours && error.fault === "damaged") return true;
    throw error;
  }
}
