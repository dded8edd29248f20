import { type ErrorDetails, SeqlossError } from "../../src/index.js";

/** Why data cannot be used: not there, not what they should be, not to be reached, or stopped by the user. */
export type DataFault = "missing" | "damaged" | "network" | "interrupted";

/** A data set that cannot be had, with what to do about it. */
export class DataError extends SeqlossError {
  constructor(
    readonly fault: DataFault,
    details: ErrorDetails,
  ) {
    super("data", "FORMAT", details);
    this.name = "DataError";
  }
}
