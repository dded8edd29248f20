import { existsSync, readFileSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { writeAtomically } from "../../src/runs/entry.js";
import { readArchive } from "./archive.js";
import { checkBytes, checkFile } from "./checksum.js";
import { DataError } from "./dataError.js";
import type { DataFile } from "./dataSet.js";
import { type Download, type DownloadOptions, downloadArchive, downloadFile } from "./download.js";
import type { Archive, Files, Original, Recipe } from "./recipe.js";

export interface MakeOptions extends Pick<DownloadOptions, "signal" | "patience"> {
  readonly onProgress?: ((original: Download, received: number) => void) | undefined;
  /** Told when all has come and is being converted. */
  readonly onConvert?: (() => void) | undefined;
}

/**
 * Makes files in `folder`: downloads the originals into a folder in it, where a later call finds what has come, converts them,
 * checks what it made, and removes them.
 *
 * @throws DataError as `downloadFile` does, and (damaged) when an archive holds something else
 */
export async function makeData(
  recipe: Recipe,
  files: readonly DataFile[],
  folder: string,
  options: MakeOptions = {},
): Promise<void> {
  const { onConvert, signal } = options;
  const originals = join(folder, "originals");
  await mkdir(originals, { recursive: true });
  for (const original of recipe.originals) await download(original, join(originals, original.name), options);
  onConvert?.();
  const made = recipe.convert(await readOriginals(recipe, originals, signal));
  for (const file of files) {
    checkBytes(contentOf(file, made), `${file.name}, as it was made`, file, "This is a fault of seqloss: report it.");
  }
  for (const file of files) {
    const content = contentOf(file, made);
    writeAtomically(join(folder, file.name), file.name.endsWith(".gz") ? gzipSync(content, { level: 9 }) : content);
  }
  await rm(originals, { recursive: true });
}

async function download(original: Original | Archive, path: string, options: MakeOptions): Promise<void> {
  const { onProgress, ...rest } = options;
  const told = { ...rest, onProgress: (received: number) => onProgress?.(original, received) };
  if (isArchive(original)) {
    if (!existsSync(path)) await downloadArchive(original, path, told);
  } else if (!isSound(original, path)) await downloadFile(original, path, told);
}

const isArchive = (original: Original | Archive): original is Archive => "needs" in original;

function isSound(original: Original, path: string): boolean {
  try {
    checkFile(path, original, "");
    return true;
  } catch {
    return false; // not there, or not what it should be: it is downloaded
  }
}

async function readOriginals({ originals }: Recipe, folder: string, signal?: AbortSignal): Promise<Files> {
  const files = new Map<string, Uint8Array>();
  for (const original of originals) {
    const path = join(folder, original.name);
    if (isArchive(original))
      for (const [name, bytes] of await readDownloaded(path, original, signal)) files.set(name, bytes);
    else files.set(original.name, readFileSync(path));
  }
  return files;
}

/** A damaged archive goes, so that the next call downloads it anew. */
async function readDownloaded(path: string, archive: Archive, signal?: AbortSignal): Promise<Files> {
  try {
    return await readArchive(path, archive, signal);
  } catch (error) {
    if (error instanceof DataError && error.fault === "damaged") await rm(path, { force: true });
    throw error;
  }
}

const contentOf = ({ name }: DataFile, made: Files): Uint8Array => made.get(name) ?? new Uint8Array();
