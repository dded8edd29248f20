export { chainSequence } from "../chain";
export { multiplyTransposed } from "../matmul";
export { bestTagging, roundChain } from "../viterbi";
