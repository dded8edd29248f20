// CTC alone, for pages and functions that must start at once: the loss, its decoders, and the error rates of what they read.

export type { ErrorCode, ErrorDetails } from "./core/errors.js";
export { SeqlossError } from "./core/errors.js";
export type { Labels } from "./core/labels.js";
export type { FloatArray, Nested, Tensor, TensorLike } from "./core/tensor.js";
export { tensor, toNested, zeros } from "./core/tensor.js";
export { readArpa } from "./decoding/arpa.js";
export type { BeamReading } from "./decoding/beam.js";
export type { Alignment, AlignOptions } from "./decoding/forcedAlignment.js";
export { ctcAlign } from "./decoding/forcedAlignment.js";
export type { FrameOptions } from "./decoding/frames.js";
export type { GreedyReading, Reading } from "./decoding/greedy.js";
export { ctcGreedyDecode } from "./decoding/greedy.js";
export { labelNgram } from "./decoding/labelNgram.js";
export type { LabelSpan } from "./decoding/labelSpans.js";
export type { LabelsModel, LanguageModel } from "./decoding/languageModel.js";
export { readLexicon } from "./decoding/lexicon.js";
export type { NgramModel } from "./decoding/ngram.js";
export type { BeamOptions } from "./decoding/prefixBeam.js";
export { ctcBeamSearch } from "./decoding/prefixBeam.js";
export { ctcWordBeamSearch } from "./decoding/wordBeam.js";
export { wordModel } from "./decoding/wordModel.js";
export { kernelTensors } from "./kernels/arena.js";
export { useThreads } from "./kernels/threads.js";
export type { CtcOptions } from "./losses/ctc.js";
export { ctcLoss } from "./losses/ctc.js";
export type { LossOptions, LossResult } from "./losses/reduction.js";
