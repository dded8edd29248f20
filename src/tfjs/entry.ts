// The losses as differentiable TensorFlow.js ops: `seqloss/tfjs`, beside @tensorflow/tfjs or @tensorflow/tfjs-core.

export { characterErrorRate, tokenErrorRate, wordErrorRate } from "../metrics/errorRate.js";
export type { AsyncGradients, NamedGradients } from "./asyncGradients.js";
export { asyncVariableGrads } from "./asyncGradients.js";
export { accuracy, ctcAlign, ctcBeamSearch, ctcGreedyDecode, ctcWordBeamSearch, viterbiDecode } from "./decoding.js";
export type { LayersLayer, LayersModel } from "./fromLayers.js";
export { fromLayers } from "./fromLayers.js";
export { hostTensor } from "./hostValues.js";
export type { MetricInputs } from "./layers.js";
export { layersLoss, layersMetric } from "./layers.js";
export * from "./losses.js";
export { packLabels } from "./packLabels.js";
export type { TargetKind } from "./targets.js";
export type { AnyLoss, TensorLoss, TensorLossLayout, TensorOptions } from "./tensorLoss.js";
export { tensorLoss } from "./tensorLoss.js";
