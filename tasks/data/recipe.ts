import type { DataFile } from "./dataSet.js";

/** What files hold, by name or path. */
export type Files = ReadonlyMap<string, Uint8Array>;

/** A file of the home, to be had byte for byte. */
export type Original = DataFile & Required<Pick<DataFile, "download">>;

/**
 * A repository at a commit, as a compressed archive. The host makes it anew when it is asked for, so that what is in it is
 * pinned, and its own bytes are not.
 */
export interface Archive {
  readonly name: string;
  readonly download: string;
  /** About as many are downloaded; more than twice as many are refused. */
  readonly bytes: number;
  /** As many at most are inflated. */
  readonly inflated: number;
  /** Whether a file is needed, by its path in the repository; of those before it, in the order of paths, which were. */
  needs(path: string, before: ReadonlySet<string>): boolean;
  /** Of the needed files' listing as `sha256sum` writes it, in the order of paths. */
  readonly sha256: string;
}

/** How the files of a data set are made that its home publishes in another form. */
export interface Recipe {
  readonly originals: readonly (Original | Archive)[];
  /**
   * Makes the files of originals, which are sound: what each of them holds, before compression.
   *
   * @param originals by their names, those of archives by their paths
   */
  convert(originals: Files): Files;
}

/** Text of an original that is UTF-8. */
export function textOf(originals: Files, name: string): string {
  return new TextDecoder("utf-8", { fatal: true }).decode(originals.get(name));
}
