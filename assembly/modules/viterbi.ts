export { bestTaggings, roundChain } from "../viterbi";
