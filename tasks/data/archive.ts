import { createReadStream } from "node:fs";
import { PassThrough, Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { unpackTar } from "modern-tar";
import { sha256Of } from "./checksum.js";
import { DataError } from "./dataError.js";
import type { Archive, Files } from "./recipe.js";

/**
 * What a recipe needs of an archive that was downloaded to `path`, in memory; no path of the archive's reaches the disk.
 *
 * @throws DataError (damaged) when it is no archive, inflates to too much, or the needed files are others, (interrupted) when the
 *   signal aborts
 */
export async function readArchive(path: string, archive: Archive, signal?: AbortSignal): Promise<Files> {
  const refuse = (expected: string, found: string) =>
    new DataError("damaged", {
      argument: archive.download,
      expected,
      found,
      advice: "Run it again; if it stays so, that address no longer has these files.",
    });
  const files = await unpack(path, archive, signal).catch((error: Error) => {
    if (signal?.aborted) throw interrupted(archive);
    throw refuse(`an archive in gzip of at most ${archive.inflated} bytes`, error.message);
  });
  const listing = [...files].map(([name, bytes]) => `${sha256Of(bytes)}  ${name}\n`).join("");
  const found = sha256Of(listing);
  if (found === archive.sha256) return files;
  throw refuse(
    `files whose listing has the SHA-256 checksum ${archive.sha256}`,
    `${files.size} files whose listing has ${found}`,
  );
}

async function unpack(path: string, archive: Archive, signal?: AbortSignal): Promise<Files> {
  const needed = new Set<string>();
  const tar = new PassThrough();
  const flow = pipeline(createReadStream(path), createGunzip(), limit(archive.inflated), tar, { signal });
  const entries = unpackTar(Readable.toWeb(tar) as ReadableStream<Uint8Array>, {
    strip: 1, // the folder named after the repository and the commit
    strict: true,
    filter({ name, type }) {
      const wanted = type === "file" && archive.needs(name, needed);
      if (wanted) needed.add(name);
      return wanted;
    },
  });
  const [unpacked] = await Promise.all([entries, flow]);
  return new Map(
    unpacked
      .map(({ header, data = new Uint8Array() }): [string, Uint8Array] => [header.name, data])
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

const interrupted = ({ name }: Archive) =>
  new DataError("interrupted", {
    argument: `the reading of ${name}`,
    expected: "its files",
    found: "stopped before the last of them",
    advice: "The same command goes on from there.",
  });

/** Passes as many bytes at most, and fails on more. */
function limit(most: number): Transform {
  let passed = 0;
  return new Transform({
    transform(piece: Uint8Array, _, done) {
      passed += piece.length;
      done(passed > most ? new Error("more") : null, piece);
    },
  });
}
