export { addBias, columnSums, multiplyPacked, multiplyTransposed, packPanels, packTransposed } from "../matmul";
export { elmanBackward, elmanForward } from "../elman";
export { gruBackward, gruForward } from "../gru";
export { lstmBackward, lstmForward } from "../lstm";
