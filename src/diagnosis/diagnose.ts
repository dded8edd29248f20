import { checkActivations, type LayerActivations } from "./activations.js";
import { type BatchEvidence, readBatch } from "./batch.js";
import { diagnoseBatch } from "./diagnoseBatch.js";
import { diagnoseHistory } from "./diagnoseHistory.js";
import type { Finding, FindingCode, Severity } from "./finding.js";
import { checkGradients, type GradientEvidence } from "./gradients.js";
import { type HistoryEvidence, isFinished, readHistory } from "./history.js";

/** Whatever is known of a run; each part is checked where it is there. */
export interface DiagnosisInput {
  readonly batch?: BatchEvidence;
  readonly history?: HistoryEvidence;
  /** As `probe` measures them, or from elsewhere. */
  readonly gradients?: GradientEvidence;
  readonly activations?: readonly LayerActivations[];
}

export interface Diagnosis {
  /** The worst first. */
  readonly findings: readonly Finding[];
  /** No error and no warning; notes do not count. */
  readonly healthy: boolean;
}

/** Steps that a network may take to see more than how frequent the classes are. */
const EARLY = 100;
/** What every network goes through at the start. */
const PASSING: readonly FindingCode[] = ["blank-collapse", "majority-only"];

const RANKS: Readonly<Record<Severity, number>> = { error: 0, warning: 1, note: 2 };

/**
 * Why a run does not learn: what is wrong with a batch and its loss, with the course of training, or inside the network, each finding with its evidence and what to do. What a loss
 * would refuse is reported, not thrown.
 *
 * @throws SeqlossError (OPTION) when there is no loss of that name
 * @example
 * const batch = { loss: "ctcLoss", outputs: [[[0, 1, 0], [1, 0, 0]]], targets: [[2, 2]] };
 * diagnose({ batch }).findings[0].evidence // "1 of 1 sequence (100 %): sequence 0 has 2 labels and 1 repeat in 2 frames, 1 too few. They cost Infinity."
 */
export function diagnose({ batch, history, gradients, activations = [] }: DiagnosisInput): Diagnosis {
  const read = batch === undefined ? undefined : readBatch(batch);
  const course = history === undefined ? undefined : readHistory(history);
  const finished = course !== undefined && isFinished(course);
  const early = course !== undefined && course.losses.length < EARLY;
  const findings = [
    ...(read === undefined ? [] : diagnoseBatch(read)).map((finding): Finding => {
      if (!PASSING.includes(finding.code)) return finding;
      if (early) return { ...finding, severity: "note" };
      return finished && finding.code === "blank-collapse" ? { ...finding, severity: "error" } : finding;
    }),
    ...(course === undefined ? [] : diagnoseHistory(course, read)),
    ...(gradients === undefined ? [] : checkGradients(gradients)),
    ...activations.flatMap(checkActivations),
  ];
  findings.sort((a, b) => RANKS[a.severity] - RANKS[b.severity]);
  return { findings, healthy: findings.every(({ severity }) => severity === "note") };
}
