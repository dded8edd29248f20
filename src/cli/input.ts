import { closeSync, fstatSync, openSync, readFileSync } from "node:fs";
import { EXIT, Failure } from "./failure.js";

const LARGEST = 256 * 2 ** 20;

/** What a path is called in messages. */
export const sourceName = (path: string): string => (path === "-" ? "standard input" : path);

/** The bytes of a file, or of standard input for "-". Too many of them are refused before they are all read. */
export async function readInput(path: string): Promise<Uint8Array> {
  if (path === "-") return readStandardInput();
  const descriptor = openSync(path, "r");
  try {
    const stat = fstatSync(descriptor);
    if (stat.isDirectory()) throw new Failure(EXIT.missing, `${path}: this is a folder, not a file.`);
    checkSize(path, stat.size);
    return readFileSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

async function readStandardInput(): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  // only while it waits: a computation that does not yield must remain stoppable, and the system's own handling is
  process.once("SIGINT", stop);
  try {
    for await (const chunk of process.stdin) {
      chunks.push(chunk);
      size += chunk.length;
      checkSize("-", size);
    }
  } finally {
    process.off("SIGINT", stop);
  }
  return Buffer.concat(chunks);
}

function stop(): never {
  process.stderr.write("seqloss: interrupted while reading standard input.\n");
  process.exit(EXIT.interrupted);
}

function checkSize(path: string, size: number): void {
  if (size <= LARGEST) return;
  throw new Failure(EXIT.data, `${sourceName(path)}: larger than ${LARGEST / 2 ** 20} MiB, the most that is read.`);
}
