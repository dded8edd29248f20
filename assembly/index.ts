// The exports of the WebAssembly module, one line a kernel family.
export { heapBase } from "./heap";
export { crossEntropyRows } from "./crossEntropy";
export { ctcSequence, ctcWorkspaceBytes } from "./ctc";
