// The part of the library that needs Node: run folders, checkpoints and logs.

export { UNFINISHED, writeAtomically } from "./atomicFile.js";
export { Checkpoints, decodeCheckpoint, encodeCheckpoint } from "./checkpoint.js";
export { EventsLog } from "./eventsLog.js";
export type { FileSystem } from "./fileSystem.js";
export { nodeFileSystem } from "./fileSystem.js";
export type { MetricsLine } from "./metricsLog.js";
export { MetricsLog } from "./metricsLog.js";
export type { RunConfig } from "./runFolder.js";
export { RunFolder } from "./runFolder.js";
export type { SessionEnd, SessionOptions } from "./session.js";
export { restore, trainRun } from "./session.js";
