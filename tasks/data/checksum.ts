import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { DataError } from "./dataError.js";
import type { DataFile } from "./dataSet.js";

type Expected = Pick<DataFile, "bytes" | "sha256">;

/**
 * Checks that a file holds what the registry says, to the byte; inflated, where its name ends in .gz.
 *
 * @param advice what to do where it does not; a sentence
 * @throws DataError (damaged) when its size or its checksum is another
 */
export function checkFile(path: string, expected: DataFile, advice: string): void {
  const bytes = readFileSync(path);
  checkBytes(expected.name.endsWith(".gz") ? inflate(bytes, path, expected, advice) : bytes, path, expected, advice);
}

/** The same for bytes in memory. */
export function checkBytes(found: Uint8Array, from: string, { bytes, sha256 }: Expected, advice: string): void {
  const refuse = (expected: string, is: string): never => {
    throw new DataError("damaged", { argument: from, expected, found: is, advice });
  };
  if (found.length < bytes) refuse(`${bytes} bytes`, `cut off after ${found.length} bytes`);
  if (found.length > bytes) refuse(`${bytes} bytes`, `${found.length} bytes`);
  const sum = sha256Of(found);
  if (sum !== sha256) refuse(`the SHA-256 checksum ${sha256}`, sum);
}

export const sha256Of = (bytes: Uint8Array | string): string => createHash("sha256").update(bytes).digest("hex");

/** Never more than is expected, whatever the file claims. */
function inflate(compressed: Uint8Array, from: string, { bytes }: Expected, advice: string): Uint8Array {
  try {
    return gunzipSync(compressed, { maxOutputLength: bytes });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const found = code === "ERR_BUFFER_TOO_LARGE" ? "more" : `what does not inflate (${message})`;
    throw new DataError("damaged", { argument: from, expected: `${bytes} bytes in gzip`, found, advice });
  }
}
