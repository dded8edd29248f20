import type { TaskFacts } from "./facts.js";

/** A loss for a task, with what speaks for it and against it. */
export interface Choice {
  /** By its name in the library. */
  readonly loss: string;
  /** Options to begin with. */
  readonly options: Readonly<Record<string, unknown>>;
  /** For ranking only, in [0, 1]. */
  readonly score: number;
  readonly reasons: readonly string[];
  readonly cautions: readonly string[];
  /** What the lecture says of it, in our words. */
  readonly lecture?: string;
}

/** What a rule says; it is silent about losses that do not fit. */
export type Rule = (facts: TaskFacts) => readonly Choice[];

/** A choice in the making: a base score, moved by what is known. */
export class Case {
  private score: number;
  private readonly reasons: string[];
  private readonly cautions: string[] = [];
  private options: Record<string, unknown> = {};

  constructor(
    private readonly loss: string,
    score: number,
    reason: string,
    private readonly lecture?: string,
  ) {
    this.score = score;
    this.reasons = [reason];
  }

  /** Where `holds`, a reason for the loss, and perhaps an option with it. */
  plus(holds: boolean | undefined, by: number, reason: string, options: Record<string, unknown> = {}): this {
    if (holds !== true) return this;
    this.score += by;
    // what decides comes first
    if (by >= 0.1) this.reasons.unshift(reason);
    else this.reasons.push(reason);
    this.options = { ...this.options, ...options };
    return this;
  }

  /** Where `holds`, something against it. */
  minus(holds: boolean | undefined, by: number, caution: string): this {
    if (holds !== true) return this;
    this.score -= by;
    this.cautions.push(caution);
    return this;
  }

  done(): Choice {
    const { loss, options, reasons, cautions, lecture } = this;
    const score = Math.round(100 * Math.min(1, Math.max(0, this.score))) / 100;
    return { loss, options, score, reasons, cautions, ...(lecture !== undefined && { lecture }) };
  }
}

/** 0.125 as 12.5 %; small shares with more digits. */
export const percent = (share: number): string => `${Number((100 * share).toPrecision(2))} %`;

export const atLeast = (number: number | undefined, limit: number): boolean => number !== undefined && number >= limit;

/** A clause as the beginning of a sentence. */
export const sentence = (clause: string): string => clause[0].toUpperCase() + clause.slice(1);
