// Decoders and error rates of tensors. They wait for the device; with `hostTensor` the library's own functions do without.
import { ctcAlign as align } from "../decoding/forcedAlignment.js";
import { ctcGreedyDecode as greedy } from "../decoding/greedy.js";
import { ctcBeamSearch as beamSearch } from "../decoding/prefixBeam.js";
import { viterbiDecode as viterbi } from "../decoding/viterbi.js";
import { ctcWordBeamSearch as wordBeamSearch } from "../decoding/wordBeam.js";
import { accuracy as shareRight } from "../metrics/accuracy.js";
import { onTensors } from "./layers.js";

/**
 * Of logits [B, T, V]: see `ctcGreedyDecode` of `seqloss`.
 * @example
 * ctcGreedyDecode(tf.tensor([[[0, 5, 0], [0, 5, 0], [5, 0, 0], [0, 5, 0]]]))[0].labels // [1, 1]
 */
export const ctcGreedyDecode = /* @__PURE__ */ onTensors("ctcGreedyDecode", greedy);
/**
 * Of logits [B, T, V]: see `ctcBeamSearch` of `seqloss`.
 * @example
 * ctcBeamSearch(tf.tensor([[[0, 5], [5, 0]]]), { beamWidth: 4 })[0][0].labels // [1]
 */
export const ctcBeamSearch = /* @__PURE__ */ onTensors("ctcBeamSearch", beamSearch);
/**
 * Of logits [B, T, V] and words: see `ctcWordBeamSearch` of `seqloss`.
 * @example
 * const model = seqloss.wordModel({ lexicon: [{ word: "yes", labels: [1] }, { word: "no", labels: [2, 1] }] });
 * ctcWordBeamSearch(tf.tensor([[[0, 0, 5], [0, 5, 0]]]), model)[0][0].words // ["no"]
 */
export const ctcWordBeamSearch = /* @__PURE__ */ onTensors("ctcWordBeamSearch", wordBeamSearch);
/** Of logits [B, T, V] and their labels: see `ctcAlign` of `seqloss`. */
export const ctcAlign = /* @__PURE__ */ onTensors("ctcAlign", align);
/**
 * Of emissions [B, T, K]: see `viterbiDecode` of `seqloss`.
 * @example
 * viterbiDecode(tf.tensor([[[1, 0], [0, 2]]]))[0].tags // [0, 1]
 */
export const viterbiDecode = /* @__PURE__ */ onTensors("viterbiDecode", viterbi);
/** Of outputs [B, T, V] and ids: see `accuracy` of `seqloss`. */
export const accuracy = /* @__PURE__ */ onTensors("accuracy", shareRight);
