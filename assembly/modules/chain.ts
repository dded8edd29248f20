export { bestTagging, chainSequence } from "../chain";
export { multiplyTransposed } from "../matmul";
