// The whole public surface, grouped as the documentation is.

export type { ErrorCode, ErrorDetails } from "./core/errors.js";
export { SeqlossError } from "./core/errors.js";
export type { Labels } from "./core/labels.js";
export { Random } from "./core/random.js";
// Recurrent networks.
export type { Cell, Nonlinearity, RecurrentState } from "./core/recurrence.js";
export type { FloatArray, Nested, Tensor, TensorLike } from "./core/tensor.js";
export { tensor, toNested, zeros } from "./core/tensor.js";
// Decoding.
export type { Hypothesis } from "./decoding/beam.js";
export type { CtcAlignment, CtcAlignOptions } from "./decoding/forcedAlignment.js";
export { ctcAlign } from "./decoding/forcedAlignment.js";
export type { CtcFramesOptions } from "./decoding/frames.js";
export type { GreedyReading } from "./decoding/greedy.js";
export { ctcGreedyDecode } from "./decoding/greedy.js";
export type { LabelSpan } from "./decoding/labelSpans.js";
export type { LanguageModel } from "./decoding/languageModel.js";
export type { CtcBeamOptions } from "./decoding/prefixBeam.js";
export { ctcBeamSearch } from "./decoding/prefixBeam.js";

// Losses: every step has a target.
export type { CombinedLoss } from "./losses/combine.js";
export { combine } from "./losses/combine.js";
export type { CrossEntropyOptions } from "./losses/crossEntropy.js";
export { crossEntropy } from "./losses/crossEntropy.js";
export type { CtcOptions } from "./losses/ctc.js";
export { ctcLoss } from "./losses/ctc.js";
export type { LossFunction, LossOptions, LossResult } from "./losses/reduction.js";
// Metrics.
export type { Accuracy, AccuracyOptions } from "./metrics/accuracy.js";
export { accuracy, sequenceAccuracy, tokenAccuracy } from "./metrics/accuracy.js";
export type { EditCounts, EditOperation, Symbols } from "./metrics/editDistance.js";
export { editAlignment, editDistance } from "./metrics/editDistance.js";
export type { CharacterErrorRateOptions, ErrorRate } from "./metrics/errorRate.js";
export { characterErrorRate, tokenErrorRate, wordErrorRate } from "./metrics/errorRate.js";
export type { LossTotals } from "./metrics/perplexity.js";
export { perplexity } from "./metrics/perplexity.js";

export type { DenseOptions } from "./recurrent/dense.js";
export { dense } from "./recurrent/dense.js";
export { dropout } from "./recurrent/dropout.js";
export type { EmbeddingOptions } from "./recurrent/embedding.js";
export { embedding } from "./recurrent/embedding.js";
export type { Seeded } from "./recurrent/initialise.js";
export type { ForwardContext, Layer, LayerState, Parameter, SequenceBatch } from "./recurrent/layer.js";
export { sequential, zeroGrad } from "./recurrent/layer.js";
export type { ElmanOptions, RecurrentOptions } from "./recurrent/recurrent.js";
export { elman, gru, lstm } from "./recurrent/recurrent.js";

// Training.
export { padSequences, shuffledOrder } from "./training/batches.js";
export { clipByGlobalNorm, globalNorm } from "./training/clip.js";
export type { AdamOptions, Optimiser, OptimiserState, RmsPropOptions, SgdOptions } from "./training/optimiser.js";
export { adam, adamW, rmsProp, sgd } from "./training/optimiser.js";
export type { Schedule, WarmupCosineOptions } from "./training/schedule.js";
export { constantRate, exponentialDecay, stepDecay, warmupCosine } from "./training/schedule.js";
export type { StepReport, TrainerOptions, TrainerState, TrainingBatch } from "./training/trainer.js";
export { Trainer } from "./training/trainer.js";
