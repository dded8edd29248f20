export { chainSequence } from "../chain";
export { multiplyTransposed } from "../matmul";
export { bestTaggings, roundChain } from "../viterbi";
