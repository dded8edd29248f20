import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { DataError } from "./dataError.js";
import type { DataFile } from "./dataSet.js";

/**
 * Checks that a file holds what the registry says, to the byte.
 *
 * @param advice what to do where it does not; a sentence
 * @throws DataError (damaged) when its size or its checksum is another
 */
export function checkFile(path: string, { bytes, sha256 }: DataFile, advice: string): void {
  const refuse = (expected: string, found: string): never => {
    throw new DataError("damaged", { argument: path, expected, found, advice });
  };
  const { size } = statSync(path);
  if (size < bytes) refuse(`${bytes} bytes`, `cut off after ${size} bytes`);
  if (size > bytes) refuse(`${bytes} bytes`, `${size} bytes`);
  const found = createHash("sha256").update(readFileSync(path)).digest("hex");
  if (found !== sha256) refuse(`the SHA-256 checksum ${sha256}`, found);
}
