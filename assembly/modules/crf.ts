export { crfSequences, crfWorkspaceBytes } from "../crf";
export { crfCountBytes, crfCounts } from "../crfBackward";
export { crfModelBytes, crfTables } from "../crfModel";
