import { join } from "node:path";
import { DataError } from "./dataError.js";
import type { DataFile, DataSet } from "./dataSet.js";
import { type DownloadOptions, downloadFile } from "./download.js";
import { type DataFolders, dataFolders } from "./folders.js";
import { cacheOf, findData, missingFile } from "./resolve.js";

export interface GetOptions extends Pick<DownloadOptions, "signal" | "patience"> {
  readonly folders?: DataFolders;
  readonly onProgress?: (file: DataFile, received: number) => void;
}

/**
 * Downloads what is missing of a data set into the cache, or damaged there.
 *
 * @returns the files that were downloaded; none where all was there
 * @throws DataError (missing) when the set cannot be downloaded in its form; otherwise as `downloadFile` does
 */
export async function getData(set: DataSet, options: GetOptions = {}): Promise<readonly DataFile[]> {
  const { folders = dataFolders(), onProgress, signal, patience } = options;
  const missing = set.files.filter((file) => isMissing(set, file, folders));
  for (const { name, download } of missing) if (download === undefined) throw missingFile(set, name, folders);
  for (const file of missing) {
    await downloadFile(file, join(cacheOf(set, folders), file.name), {
      signal,
      patience,
      onProgress: (received) => onProgress?.(file, received),
    });
  }
  return missing;
}

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
