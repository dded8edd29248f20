import { existsSync, readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { DataError } from "./dataError.js";

/** Where data sets are looked for, each in a folder of its own name. */
export interface DataFolders {
  /** In the order in which they are looked through. */
  readonly local: readonly string[];
  /** Looked through last; what is downloaded goes there. */
  readonly cache: string;
}

/** What the places depend on. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: string;
  readonly home: string;
  /** The project's own folder. */
  readonly project: string;
}

/**
 * The folder that the environment names in SEQLOSS_DATA, then shared/data beside the project's folder, then the cache of this
 * user: XDG_CACHE_HOME, on Windows LOCALAPPDATA, else ~/.cache.
 *
 * @throws DataError (missing) when SEQLOSS_DATA names no folder
 */
export function dataFolders({ env, platform, home, project }: Surroundings = surroundings()): DataFolders {
  const chosen = env.SEQLOSS_DATA || undefined;
  if (chosen !== undefined && !statSync(chosen, { throwIfNoEntry: false })?.isDirectory()) {
    throw new DataError("missing", {
      argument: "SEQLOSS_DATA",
      expected: "a folder of data sets",
      found: chosen,
      advice: "Name the folder that holds them, or unset it.",
    });
  }
  const caches = env.XDG_CACHE_HOME || (platform === "win32" && env.LOCALAPPDATA) || join(home, ".cache");
  const beside = join(project, "..", "shared", "data");
  return {
    local: chosen === undefined ? [beside] : [resolve(chosen), beside],
    cache: join(caches, "seqloss"),
  };
}

function surroundings(): Surroundings {
  const { env, platform } = process;
  return { env, platform, home: homedir(), project: projectFolder() };
}

/** The folder of the package that this file belongs to, built or not. */
function projectFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!isProject(folder) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}

function isProject(folder: string): boolean {
  const file = join(folder, "package.json");
  return existsSync(file) && JSON.parse(readFileSync(file, "utf8")).name === "seqloss";
}
