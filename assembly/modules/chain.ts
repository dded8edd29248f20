export { chainSequence } from "../chain";
export { multiplyTransposed } from "../matmul";
