import { dirname } from "node:path";
import { type FileSystem, nodeFileSystem } from "./fileSystem.js";

/** How a file that is being written is called: a crash leaves it behind, and nobody reads it. */
export const UNFINISHED = ".unfinished";

/**
 * Writes a file so that, whatever happens and whenever, the path holds the old contents or the new, whole: into a neighbour,
 * flushed to the disk, renamed over the path, the folder flushed.
 */
export function writeAtomically(path: string, bytes: Uint8Array, fs: FileSystem = nodeFileSystem): void {
  const neighbour = `${path}${UNFINISHED}`;
  try {
    const descriptor = fs.open(neighbour, "w");
    try {
      for (let written = 0; written < bytes.length; ) written += fs.write(descriptor, bytes.subarray(written));
      fs.sync(descriptor);
    } finally {
      fs.close(descriptor);
    }
    fs.rename(neighbour, path);
  } catch (error) {
    try {
      fs.remove(neighbour);
    } catch {
      // what failed first is what the caller must hear of; a neighbour left behind is never read
    }
    throw error;
  }
  syncFolder(dirname(path), fs);
}

/** Makes a rename durable. Windows cannot open folders, and does not need it. */
function syncFolder(folder: string, fs: FileSystem): void {
  if (process.platform === "win32") return;
  const descriptor = fs.open(folder, "r");
  try {
    fs.sync(descriptor);
  } finally {
    fs.close(descriptor);
  }
}
