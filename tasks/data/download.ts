import { statSync } from "node:fs";
import { type FileHandle, mkdir, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { UNFINISHED } from "../../src/runs/entry.js";
import { checkFile } from "./checksum.js";
import { DataError } from "./dataError.js";
import { megabytes } from "./megabytes.js";
import type { Archive, Original } from "./recipe.js";

/** What is downloaded, and about how much. */
export type Download = Pick<Original, "name" | "download" | "bytes">;

export interface DownloadOptions {
  /** Aborting stops it; what has come stays, and the next download goes on from there. */
  readonly signal?: AbortSignal | undefined;
  /** Told of every piece that comes. */
  readonly onProgress?: ((received: number, total: number) => void) | undefined;
  /** Milliseconds without any byte after which the server counts as silent. Default 30,000. */
  readonly patience?: number | undefined;
}

const PATIENCE = 30_000;
/** Statuses of an answer to the range that was asked for, and to a range past the end. */
const PARTIAL = 206;
const NO_SUCH_RANGE = 416;

/**
 * Downloads a file to `path`: into a neighbour, which is renamed when its size and checksum are right, so that `path` is never
 * half a file. A neighbour that an earlier download left is gone on with where the server allows it, else begun anew.
 *
 * @throws DataError (network) when the address cannot be reached or breaks off, (damaged) when it has other bytes,
 *   (interrupted) when the signal aborts
 */
export async function downloadFile(file: Original, path: string, options: DownloadOptions = {}): Promise<void> {
  await downloadWhole(file, path, file.bytes, options, (neighbour) =>
    checkFile(neighbour, file, `Run it again; if it stays so, ${file.download} no longer has the file.`),
  );
}

/** The same for an archive, of which only `readArchive` can tell whether it is what it should be. */
export async function downloadArchive(archive: Archive, path: string, options: DownloadOptions = {}): Promise<void> {
  const most = 2 * archive.bytes;
  await downloadWhole(archive, path, most, options, (neighbour) => {
    if (statSync(neighbour).size <= most) return;
    throw new DataError("damaged", {
      argument: archive.download,
      expected: `about ${megabytes(archive.bytes)}`,
      found: `more than ${megabytes(most)}`,
      advice: "That address no longer has the archive.",
    });
  });
}

/** @param most bytes that can come; when they have come, something is wrong with what an earlier download left */
async function downloadWhole(
  file: Download,
  path: string,
  most: number,
  options: DownloadOptions,
  check: (neighbour: string) => void,
): Promise<void> {
  const neighbour = `${path}${UNFINISHED}`;
  await mkdir(dirname(path), { recursive: true });
  const handle = await open(neighbour, "a+");
  try {
    await receive(file, handle, most, options);
    await handle.sync();
  } finally {
    await handle.close();
    if (statSync(neighbour).size === 0) await rm(neighbour); // nothing to go on from
  }
  try {
    check(neighbour);
  } catch (error) {
    await rm(neighbour, { force: true });
    throw error;
  }
  await rename(neighbour, path);
}

async function receive(file: Download, handle: FileHandle, most: number, options: DownloadOptions): Promise<void> {
  const { signal, onProgress, patience = PATIENCE } = options;
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), patience);
  let { size: received } = await handle.stat();
  if (received >= most) received = await restart(handle);
  const refusal = (found: string, advice: string) =>
    new DataError("network", { argument: file.download, expected: "the file", found, advice });
  try {
    const stop = AbortSignal.any([silence.signal, ...(signal ? [signal] : [])]);
    // bytes as they are: a range of compressed ones would be of no use
    const headers = { "accept-encoding": "identity", ...(received > 0 && { range: `bytes=${received}-` }) };
    const answer = await fetch(file.download, { headers, signal: stop });
    if (answer.status === NO_SUCH_RANGE) await restart(handle);
    const body = answer.ok ? answer.body : null;
    if (body === null) throw refusal(`the answer ${answer.status}`, "Try again later.");
    if (received > 0 && answer.status !== PARTIAL) received = await restart(handle);
    onProgress?.(received, file.bytes);
    for await (const piece of body as unknown as AsyncIterable<Uint8Array>) {
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), patience);
      await handle.appendFile(piece);
      received += piece.length;
      onProgress?.(received, file.bytes);
      if (received > most) break; // something else; the check says so
    }
  } catch (error) {
    if (error instanceof DataError || "syscall" in (error as Error)) throw error; // the latter from the disk
    if (signal?.aborted) {
      throw new DataError("interrupted", {
        argument: `the download of ${file.name}`,
        expected: megabytes(file.bytes),
        found: `stopped after ${megabytes(received)}`,
        advice: "The same command goes on from there, where the server allows it.",
      });
    }
    const { message, cause } = error as Error & { cause?: Error };
    const found = silence.signal.aborted ? `silent for ${patience / 1000} seconds` : (cause?.message ?? message);
    throw refusal(
      found,
      "Is there a network? The same command goes on from where it stopped, where the server allows it.",
    );
  } finally {
    clearTimeout(timer);
  }
}

async function restart(handle: FileHandle): Promise<0> {
  await handle.truncate(0);
  return 0;
}
