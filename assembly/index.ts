// The exports of the WebAssembly module, one line a kernel family.
export { heapBase } from "./heap";
export { binaryCrossEntropy } from "./binary";
export { crossEntropyRows, crossEntropySoftRows } from "./crossEntropy";
export { ctcSequence, ctcWorkspaceBytes } from "./ctc";
export { addBias, columnSums, multiplyPacked, multiplyTransposed, packPanels } from "./matmul";
export { lstmBackward, lstmForward } from "./lstm";
export { gruBackward, gruForward } from "./gru";
export { elmanBackward, elmanForward } from "./elman";
export { absoluteError, hinge, huber, quantile, squaredError } from "./elements";
