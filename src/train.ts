// What programs compute with: the part of the public surface that starts at once, without lessons, explanations and diagnosis.

// What goes in.
export { Random } from "./core/random.js";
export type { ErrorCode, ErrorDetails } from "./core/errors.js";
export { SeqlossError } from "./core/errors.js";
export type { Labels } from "./core/labels.js";
export type { FloatArray, Nested, Tensor, TensorLike } from "./core/tensor.js";
export { tensor, toNested, zeros } from "./core/tensor.js";
export { kernelTensors } from "./kernels/arena.js";
export { useThreads } from "./kernels/threads.js";

// Losses.
export type { LossFunction, LossOptions, LossResult } from "./losses/reduction.js";
export type { Dialect, DialectOption } from "./losses/dialect.js";
export type { HuberOptions, QuantileOptions } from "./losses/regression.js";
export { huberLoss, meanAbsoluteError, meanSquaredError, quantileLoss } from "./losses/regression.js";
export type { BinaryCrossEntropyOptions, FocalOptions } from "./losses/binary.js";
export { binaryCrossEntropy, focalLoss } from "./losses/binary.js";
export type { CategoricalCrossEntropyOptions, CrossEntropyOptions } from "./losses/crossEntropy.js";
export { categoricalCrossEntropy, crossEntropy, sequenceCrossEntropy } from "./losses/crossEntropy.js";
export type { NegativeLogLikelihoodOptions } from "./losses/negativeLogLikelihood.js";
export { negativeLogLikelihood } from "./losses/negativeLogLikelihood.js";
export type { HingeOptions, MulticlassHingeOptions } from "./losses/hinge.js";
export { hingeLoss, multiclassHingeLoss, sequenceHingeLoss } from "./losses/hinge.js";
export type { Negatives } from "./losses/negatives.js";
export type { RankingOptions } from "./losses/rankingSteps.js";
export type { BprMaxOptions, BprOptions, RankingHingeOptions, SelfOptions } from "./losses/ranking.js";
export { bprLoss, bprMaxLoss, rankingHingeLoss, top1Loss, top1MaxLoss } from "./losses/ranking.js";
export type { SampledSoftmaxOptions } from "./losses/sampledSoftmax.js";
export { sampledSoftmaxLoss } from "./losses/sampledSoftmax.js";
export type { ChainOptions } from "./core/chainScores.js";
export type { ChainLossResult, CrfOptions } from "./losses/crf.js";
export { crfLoss } from "./losses/crf.js";
export type { Competitor, StructuredHingeOptions, StructuredHingeResult } from "./losses/structuredHinge.js";
export { structuredHingeLoss } from "./losses/structuredHinge.js";
export type { CtcOptions } from "./losses/ctc.js";
export { ctcLoss } from "./losses/ctc.js";
export type { TransducerOptions } from "./losses/transducer.js";
export { transducerLoss } from "./losses/transducer.js";
export type { JointInputs, TransducerJointOptions, TransducerJointResult } from "./losses/transducerJoint.js";
export { transducerJointLoss } from "./losses/transducerJoint.js";
export type { PolicyGradientOptions, PolicyGradientResult } from "./losses/policyGradient.js";
export { policyGradientLoss } from "./losses/policyGradient.js";
export type { MinimumRiskOptions } from "./losses/minimumRisk.js";
export { minimumRiskLoss } from "./losses/minimumRisk.js";
export type { SelfCriticalOptions } from "./losses/selfCritical.js";
export { selfCriticalLoss } from "./losses/selfCritical.js";
export type { MovingAverage, StepNumbers } from "./losses/returns.js";
export { discountedReturns, generalizedAdvantages, movingAverageBaseline } from "./losses/returns.js";
export type { EstimatorStatistics, ExactPolicyGradient } from "./losses/exactPolicyGradient.js";
export { exactPolicyGradient } from "./losses/exactPolicyGradient.js";

// Losses of your own.
export type { CombinedOptions, CombinedResult, LossWeight } from "./losses/combineLosses.js";
export { combineLosses } from "./losses/combineLosses.js";
export type { CustomLossOptions, SequenceLoss, SequenceOutputs } from "./losses/custom.js";
export { customLoss } from "./losses/custom.js";
export type { JaxModule, TensorflowModule } from "./losses/automatic.js";
export { jaxGradient, tensorflowGradient } from "./losses/automatic.js";

// About losses: several results as one, gradients checked, a table of them all.
export type { CombinedLoss } from "./losses/combine.js";
export { combine } from "./losses/combine.js";
export type { Difference, GradientCheck, GradientCheckOptions } from "./losses/checkGradient.js";
export { checkGradient } from "./losses/checkGradient.js";
export type { CatalogueEntry, LossExample, LossFamily } from "./losses/catalogue/entry.js";
export { lossCatalogue } from "./losses/catalogue/catalogue.js";

// Decoding.
export type { FrameOptions } from "./decoding/frames.js";
export type { BeamReading } from "./decoding/beam.js";
export type { LabelSpan } from "./decoding/labelSpans.js";
export type { LabelsModel, LanguageModel } from "./decoding/languageModel.js";
export type { GreedyReading, Reading } from "./decoding/greedy.js";
export { ctcGreedyDecode } from "./decoding/greedy.js";
export type { BeamOptions, SearchOptions } from "./decoding/prefixBeam.js";
export { ctcBeamSearch } from "./decoding/prefixBeam.js";
export { readArpa } from "./decoding/arpa.js";
export type { NgramModel } from "./decoding/ngram.js";
export { labelNgram } from "./decoding/labelNgram.js";
export type { Spelling } from "./decoding/lexicon.js";
export { readLexicon } from "./decoding/lexicon.js";
export type { WordModel, WordModelOptions } from "./decoding/wordModel.js";
export { wordModel } from "./decoding/wordModel.js";
export type { WordBeamOptions, WordReading } from "./decoding/wordBeam.js";
export { ctcWordBeamSearch } from "./decoding/wordBeam.js";
export type { Alignment, AlignOptions } from "./decoding/forcedAlignment.js";
export { ctcAlign } from "./decoding/forcedAlignment.js";
export type {
  TransducerBeamOptions,
  TransducerModel,
  TransducerReading,
  TransducerSearchOptions,
} from "./decoding/transducerSearch.js";
export { transducerBeamSearch, transducerGreedyDecode } from "./decoding/transducerSearch.js";
export type { TokenModel, WritingOptions, WrittenSequence } from "./decoding/tokenModel.js";
export type { SequenceBeamOptions, SequenceReading } from "./decoding/sequenceBeam.js";
export { sequenceBeamSearch } from "./decoding/sequenceBeam.js";
export type { SampleOptions } from "./decoding/sampleSequences.js";
export { sampleSequences } from "./decoding/sampleSequences.js";
export type { Tagging } from "./decoding/viterbi.js";
export { viterbiDecode } from "./decoding/viterbi.js";

// Metrics.
export type { EditCounts, EditOperation, Symbols } from "./metrics/editDistance.js";
export { editAlignment, editDistance } from "./metrics/editDistance.js";
export type { CharacterErrorRateOptions, ErrorRate } from "./metrics/errorRate.js";
export { characterErrorRate, tokenErrorRate, wordErrorRate } from "./metrics/errorRate.js";
export type { Accuracy, AccuracyOptions, Share } from "./metrics/accuracy.js";
export { accuracy, sequenceAccuracy, tokenAccuracy } from "./metrics/accuracy.js";
export type { Bleu, BleuOptions } from "./metrics/bleu.js";
export { bleu } from "./metrics/bleu.js";
export type { BleuTokeniser } from "./metrics/textTokens.js";
export type { BleuSmoothing, CorpusBleu, CorpusBleuOptions } from "./metrics/corpusBleu.js";
export { corpusBleu, sentenceBleu } from "./metrics/corpusBleu.js";
export type { CorpusChrf, CorpusChrfOptions } from "./metrics/corpusChrf.js";
export { corpusChrf } from "./metrics/corpusChrf.js";
export type { ChunkScore, SlotF1, SlotF1Options } from "./metrics/slotF1.js";
export { slotF1 } from "./metrics/slotF1.js";
export type { RankingMetrics, RankingMetricsOptions, Ties } from "./metrics/ranking.js";
export { mrrAt, rankingMetrics, recallAt } from "./metrics/ranking.js";
export type { BootstrapOptions, ScoreInterval } from "./metrics/bootstrap.js";
export { bootstrapInterval } from "./metrics/bootstrap.js";
export type { LossTotals } from "./metrics/perplexity.js";
export { perplexity } from "./metrics/perplexity.js";

// Recurrent networks.
export type { Cell, Nonlinearity, RecurrentState } from "./core/recurrence.js";
export type {
  ForwardContext,
  Layer,
  LayerState,
  Parameter,
  RecurrentActivations,
  SequenceBatch,
} from "./recurrent/layer.js";
export { sequential, zeroGrad } from "./recurrent/layer.js";
export type {
  ActivationStructure,
  ColumnsStructure,
  CompositeStructure,
  DenseStructure,
  DirectionWeights,
  EmbeddingStructure,
  LayerStructure,
  Part,
  RecurrentStructure,
} from "./recurrent/structure.js";
export type { Seeded } from "./recurrent/initialise.js";
export type { ElmanOptions, LstmOptions, RecurrentOptions } from "./recurrent/recurrent.js";
export { elman, gru, lstm } from "./recurrent/recurrent.js";
export type { DenseOptions } from "./recurrent/dense.js";
export { dense } from "./recurrent/dense.js";
export type { EmbeddingOptions } from "./recurrent/embedding.js";
export { embedding } from "./recurrent/embedding.js";
export type { DropoutOptions } from "./recurrent/dropout.js";
export { dropout } from "./recurrent/dropout.js";
export type { Attention, AttentionOptions, Memory } from "./recurrent/attention.js";
export { attention } from "./recurrent/attention.js";
export type { DecoderState } from "./recurrent/decoderState.js";
export type { EncoderDecoder, EncoderDecoderOptions, SequencePairs } from "./recurrent/encoderDecoder.js";
export { encoderDecoder } from "./recurrent/encoderDecoder.js";

// Training.
export type { StepReport, TrainerOptions, TrainerState, TrainingBatch } from "./training/trainer.js";
export { Trainer } from "./training/trainer.js";
export { padIds, padSequences, shuffledOrder } from "./training/batches.js";
export type { BucketOptions } from "./training/buckets.js";
export { bucketedBatches } from "./training/buckets.js";
export type { PairBatch } from "./training/pairs.js";
export { pairSequences } from "./training/pairs.js";
export type { AdamOptions, Optimiser, OptimiserState, RmsPropOptions, SgdOptions } from "./training/optimiser.js";
export { adam, adamW, rmsProp, sgd } from "./training/optimiser.js";
export type { Schedule, WarmupCosineOptions } from "./training/schedule.js";
export {
  constantRate,
  exponentialDecay,
  inverseSigmoidDecay,
  linearDecay,
  stepDecay,
  warmupCosine,
} from "./training/schedule.js";
export type { WindowOptions } from "./training/windows.js";
export { truncatedBackpropagation } from "./training/windows.js";
export { clipByGlobalNorm, globalNorm } from "./training/clip.js";

// Weights and models that move: PyTorch's state dicts, ONNX.
export type { LoadStateDictOptions, StateDictOptions } from "./recurrent/stateDict.js";
export { loadStateDict, stateDict } from "./recurrent/stateDict.js";
export { encodeTorchFile } from "./interop/torchFile.js";
export type { OnnxOptions, OnnxSignature, OnnxValue } from "./onnx/toOnnx.js";
export { onnxSignature, toOnnx } from "./onnx/toOnnx.js";

// Files.
export { decodeNpy, encodeNpy } from "./interop/npy.js";
export type { ScalarEvent } from "./interop/tensorboard.js";
export { encodeTensorboard } from "./interop/tensorboard.js";
export type { DecodeOptions, EncodeOptions, SafetensorsFile } from "./interop/safetensors.js";
export { decodeSafetensors, encodeSafetensors } from "./interop/safetensors.js";
