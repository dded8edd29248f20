// The library's losses as TensorFlow.js ops, under their own names. What each computes is said where it is defined.
import type { Scalar, Tensor1D, Tensor as TfTensor } from "@tensorflow/tfjs-core";
import type { Labels } from "../core/labels.js";
import * as binary from "../losses/binary.js";
import * as crf from "../losses/crf.js";
import * as crossEntropies from "../losses/crossEntropy.js";
import * as ctc from "../losses/ctc.js";
import * as hinge from "../losses/hinge.js";
import * as risk from "../losses/minimumRisk.js";
import * as likelihood from "../losses/negativeLogLikelihood.js";
import * as policy from "../losses/policyGradient.js";
import * as ranking from "../losses/ranking.js";
import * as regression from "../losses/regression.js";
import * as sampled from "../losses/sampledSoftmax.js";
import * as critical from "../losses/selfCritical.js";
import * as structured from "../losses/structuredHinge.js";
import * as transducer from "../losses/transducer.js";
import * as joint from "../losses/transducerJoint.js";
import type { TargetKind } from "./targets.js";
import { type AnyLoss, apply, type TensorOptions, tensorLoss } from "./tensorLoss.js";

const op = <Loss extends AnyLoss>(name: string, loss: Loss, targets: TargetKind, gradients = {}) =>
  tensorLoss(loss, { name, targets, gradients });

/** Scores that all steps of a chain share: variables of the model, learned with the rest. */
const CHAIN = { transitions: "gradTransitions", start: "gradStart", end: "gradEnd" };

/** Of [B, T, …] numbers: see `meanSquaredError` of `seqloss`. */
export const meanSquaredError = /* @__PURE__ */ op("meanSquaredError", regression.meanSquaredError, "values");
export const meanAbsoluteError = /* @__PURE__ */ op("meanAbsoluteError", regression.meanAbsoluteError, "values");
export const huberLoss = /* @__PURE__ */ op("huberLoss", regression.huberLoss, "values");
export const quantileLoss = /* @__PURE__ */ op("quantileLoss", regression.quantileLoss, "values");

export const binaryCrossEntropy = /* @__PURE__ */ op("binaryCrossEntropy", binary.binaryCrossEntropy, "values");
export const focalLoss = /* @__PURE__ */ op("focalLoss", binary.focalLoss, "values");

/**
 * Cross-entropy of logits [B, T, V], averaged over the real steps. Targets: int32 ids [B, T], −1 for padding and for steps that do
 * not count; or float32 distributions [B, T, V].
 * @example
 * crossEntropy(tf.zeros([1, 2, 4]), tf.tensor([[3, -1]], [1, 2], "int32")).dataSync() // [1.3863]
 */
export const crossEntropy = /* @__PURE__ */ op("crossEntropy", crossEntropies.crossEntropy, "ids");
/** The same, summed over each sequence's steps, averaged over the sequences. */
export const sequenceCrossEntropy = /* @__PURE__ */ op(
  "sequenceCrossEntropy",
  crossEntropies.sequenceCrossEntropy,
  "ids",
);
/** Of one-hot or soft targets [B, T, V]. */
export const categoricalCrossEntropy = /* @__PURE__ */ op(
  "categoricalCrossEntropy",
  crossEntropies.categoricalCrossEntropy,
  "values",
);
export const negativeLogLikelihood = /* @__PURE__ */ op(
  "negativeLogLikelihood",
  likelihood.negativeLogLikelihood,
  "ids",
);

/** Of scores and sides, ±1, in the same shape: −1 is a side here, not padding; say `lengths`, or `padding` with a number of its own. */
export const hingeLoss = /* @__PURE__ */ op("hingeLoss", hinge.hingeLoss, "values");
export const sequenceHingeLoss = /* @__PURE__ */ op("sequenceHingeLoss", hinge.sequenceHingeLoss, "values");
export const multiclassHingeLoss = /* @__PURE__ */ op("multiclassHingeLoss", hinge.multiclassHingeLoss, "ids");
export const structuredHingeLoss = /* @__PURE__ */ op(
  "structuredHingeLoss",
  structured.structuredHingeLoss,
  "tags",
  CHAIN,
);

export const rankingHingeLoss = /* @__PURE__ */ op("rankingHingeLoss", ranking.rankingHingeLoss, "ids");
export const bprLoss = /* @__PURE__ */ op("bprLoss", ranking.bprLoss, "ids");
export const bprMaxLoss = /* @__PURE__ */ op("bprMaxLoss", ranking.bprMaxLoss, "ids");
export const top1Loss = /* @__PURE__ */ op("top1Loss", ranking.top1Loss, "ids");
export const top1MaxLoss = /* @__PURE__ */ op("top1MaxLoss", ranking.top1MaxLoss, "ids");
export const sampledSoftmaxLoss = /* @__PURE__ */ op("sampledSoftmaxLoss", sampled.sampledSoftmaxLoss, "ids");

/**
 * Conditional random field over emissions [B, T, K] and tags [B, T], padded with −1. `transitions` [K, K], `start` and `end` [K] may
 * be variables: they get gradients as the emissions do.
 * @example
 * const transitions = tf.variable(tf.zeros([3, 3]));
 * const loss = () => crfLoss(tf.zeros([1, 2, 3]), [[0, 2]], { transitions });
 * loss().dataSync() // [2.1972]
 * tf.variableGrads(loss, [transitions]).grads[transitions.name].dataSync()[2].toFixed(4) // "-0.8889"
 */
export const crfLoss = /* @__PURE__ */ op("crfLoss", crf.crfLoss, "tags", CHAIN);

/**
 * CTC of logits [B, T, V] and labels: `number[][]`, or int32 [B, U] padded with −1. Frames past `lengths` are never read.
 * @example
 * ctcLoss(tf.zeros([1, 3, 4]), tf.tensor([[1, 2, -1]], [1, 3], "int32")).dataSync() // [2.5494]
 */
export const ctcLoss = /* @__PURE__ */ op("ctcLoss", ctc.ctcLoss, "labels");
/** Of logits [B, T, U+1, V] and labels as in `ctcLoss`. */
export const transducerLoss = /* @__PURE__ */ op("transducerLoss", transducer.transducerLoss, "labels");

/** Actions [B, T] as int32, padded with −1. */
export const policyGradientLoss = /* @__PURE__ */ op("policyGradientLoss", policy.policyGradientLoss, "tags");
/** Log-probabilities [B, N] of candidates, and what each costs. */
export const minimumRiskLoss = /* @__PURE__ */ op("minimumRiskLoss", risk.minimumRiskLoss, "values");
export const selfCriticalLoss = /* @__PURE__ */ op("selfCriticalLoss", critical.selfCriticalLoss, "tags");

type JointOptions = TensorOptions<joint.TransducerJointOptions>;
type JointTensors = { readonly encoder: TfTensor; readonly predictor: TfTensor };

const JOINT = {
  name: "transducerJointLoss",
  targets: "labels",
  gradients: { predictor: "gradPredictor", weight: "gradWeight", bias: "gradBias" },
} as const;

/**
 * `transducerLoss` with the joint network inside: gradients of encoder [B, T, H], predictor [B, U+1, H], and of `weight` [V, H] and
 * `bias` [V] where these are tensors.
 * @example
 * const zero = tf.zeros([1, 2, 3]);
 * transducerJointLoss({ encoder: zero, predictor: zero }, [[1]]).dataSync() // [2.6027]
 */
export function transducerJointLoss(
  inputs: JointTensors,
  labels: Labels | TfTensor,
  options: JointOptions & { readonly reduction: "none" },
): Tensor1D;
export function transducerJointLoss(inputs: JointTensors, labels: Labels | TfTensor, options?: JointOptions): Scalar;
export function transducerJointLoss(inputs: JointTensors, labels: Labels | TfTensor, options?: JointOptions): TfTensor {
  const { encoder, predictor } = inputs;
  return apply(joint.transducerJointLoss, JOINT, { encoder, predictor }, labels, options as never);
}
