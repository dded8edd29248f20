import { closeSync, fsyncSync, openSync, readdirSync, readFileSync, renameSync, rmSync, writeSync } from "node:fs";

/** The file system calls that durability rests on, one by one, so that tests can make any of them fail. */
export interface FileSystem {
  open(path: string, flags: string): number;
  write(descriptor: number, bytes: Uint8Array): number;
  sync(descriptor: number): void;
  close(descriptor: number): void;
  rename(from: string, to: string): void;
  remove(path: string): void;
  read(path: string): Uint8Array;
  list(folder: string): string[];
}

export const nodeFileSystem: FileSystem = {
  open: (path, flags) => openSync(path, flags),
  write: (descriptor, bytes) => writeSync(descriptor, bytes),
  sync: (descriptor) => fsyncSync(descriptor),
  close: (descriptor) => closeSync(descriptor),
  rename: (from, to) => renameSync(from, to),
  remove: (path) => rmSync(path, { force: true }),
  read: (path) => readFileSync(path),
  list: (folder) => readdirSync(folder),
};
