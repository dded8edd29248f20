import { DataError, type DataFault } from "../../tasks/data/dataError.js";
import { SeqlossError } from "../index.js";

/** Exit codes by kind, after BSD's sysexits; `seqloss --help` lists them. */
export const EXIT = {
  ok: 0,
  failed: 1, // a check that ran and did not pass
  usage: 64, // a flag, command or argument that does not exist
  data: 65, // input that cannot be used: malformed, wrong shape, out of range
  missing: 66, // a file or folder that is not there, or cannot be read
  internal: 70, // a fault of this program
  output: 74, // what should be written cannot be
  interrupted: 130, // Ctrl-C
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** A failure that the user can understand from one line. */
export class Failure extends Error {
  constructor(
    readonly exitCode: ExitCode,
    message: string,
  ) {
    super(message);
  }
}

const REASONS = new Map([
  ["ENOENT", "no such file or folder"],
  ["EISDIR", "this is a folder, not a file"],
  ["ENOTDIR", "a part of this path is a file, not a folder"],
  ["EEXIST", "there is something else of this name"],
  ["EACCES", "not allowed"],
  ["EPERM", "not allowed"],
  ["ELOOP", "its links lead round in a circle"],
  ["ENAMETOOLONG", "the name is too long"],
  ["EMFILE", "too many files are open"],
  ["ENOSPC", "no space is left on the disk"],
  ["EROFS", "the file system cannot be written to"],
  ["EDQUOT", "the quota is used up"],
  ["EFBIG", "the file would be too large"],
  ["EIO", "the disk reports an error"],
]);
const WRITING_CODES = new Set(["ENOSPC", "EROFS", "EDQUOT", "EFBIG"]);
const WRITING_CALLS = new Set(["mkdir", "write", "rename", "fsync", "ftruncate", "rm", "rmdir", "unlink"]);

const DATA_EXIT: Readonly<Record<DataFault, ExitCode>> = {
  missing: EXIT.missing,
  damaged: EXIT.data,
  network: EXIT.missing,
  interrupted: EXIT.interrupted,
};

/** What to say of anything that was thrown, and how to exit. Never a stack trace. */
export function explainFailure(error: unknown): { message: string; exitCode: ExitCode } {
  if (error instanceof Failure) return { message: error.message, exitCode: error.exitCode };
  if (error instanceof DataError) return { message: error.message, exitCode: DATA_EXIT[error.fault] };
  if (error instanceof SeqlossError) return { message: error.message, exitCode: EXIT.data };
  const { code = "", path, syscall = "", message } = error as NodeJS.ErrnoException;
  const reason = REASONS.get(code);
  if (reason === undefined) {
    const [line] = (message ?? String(error)).split("\n");
    return { message: `a fault of seqloss itself: ${line}`, exitCode: EXIT.internal };
  }
  const exitCode = WRITING_CODES.has(code) || WRITING_CALLS.has(syscall) ? EXIT.output : EXIT.missing;
  return { message: `${path === undefined ? "" : `${path}: `}${reason}.`, exitCode };
}
