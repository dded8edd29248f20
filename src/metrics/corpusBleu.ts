import { SeqlossError } from "../core/errors.js";
import { bleuRow, readBleuRow } from "./bleuCounts.js";
import { bootstrapInterval, type ScoreInterval, sumRows } from "./bootstrap.js";
import { checkTexts, listReferences, referenceCount } from "./references.js";
import { type BleuTokeniser, tokenisers } from "./textTokens.js";

const MAX_ORDER = 4;

/** What stands for a count of 0 in `floor`, and what `add-k` adds (Chen and Cherry 2014); the others have no number. */
const SMOOTHINGS = { exp: undefined, floor: 0.1, "add-k": 1, none: undefined } as const;

export type BleuSmoothing = keyof typeof SMOOTHINGS;

export interface CorpusBleuOptions {
  /**
   * `13a`: the words and punctuation of mteval-v13a, WMT's rule, for text as people write it; `none`: what white space
   * separates, for text that is split already; `char`: code points without white space. Default `13a`.
   */
  readonly tokeniser?: BleuTokeniser;
  /**
   * What an order without a match is worth (Chen and Cherry 2014). `exp`: the k-th such order has the precision
   * 1 / (2^k · count); `floor`: value / count; `add-k`: the value is added to both counts of every order above 1; `none`: 0,
   * and so is the score. Without any match at all the score is 0 in each. Default `exp`.
   */
  readonly smoothing?: BleuSmoothing;
  /** The number of `floor` (default 0.1) and `add-k` (default 1); at least 0. */
  readonly smoothingValue?: number;
  /** Lower case on both sides, before tokens are made. Default false. */
  readonly lowercase?: boolean;
  /** The mean is over the orders that the hypotheses are long enough for, for single sentences. Default false. */
  readonly effectiveOrder?: boolean;
  /** From so many resamples (at least 1) an interval is given; see `bootstrapInterval`. Default 0, none. */
  readonly resamples?: number;
}

export interface CorpusBleu {
  /** In [0, 100]; with a `floor` above 1 it may be more. */
  readonly score: number;
  /** The precisions of orders 1 to 4 as they were smoothed, in percent as well. All 0 where nothing matched. */
  readonly precisions: readonly number[];
  /** e^(1 − r/c) where the hypotheses are shorter than the references, otherwise 1. */
  readonly brevityPenalty: number;
  /** c, the tokens of the hypotheses. */
  readonly hypothesisLength: number;
  /** r, the tokens of each sentence's closest reference, the shorter in a tie. */
  readonly referenceLength: number;
  /** How it was computed, to be published with the score: sacreBLEU's signature, less the version of that program. */
  readonly signature: string;
  /** 95 % interval from sentences drawn with replacement (Koehn 2004), where resamples were asked for. */
  readonly interval?: ScoreInterval;
}

/**
 * BLEU as sacreBLEU computes it (Post 2018), of text as people write it, so that scores of different papers compare:
 *
 *     score = 100 · BP · exp(¼ Σₙ ln pₙ),  BP = min(1, e^(1 − r/c))
 *
 * pₙ is the share of the hypotheses' n-grams that a reference has too, each counted at most as often as the reference with
 * most of them (Papineni et al. 2002, section 2). Counts and lengths are added up over the corpus first. No sentence scores 0.
 *
 * @param hypotheses what was written, a string each
 * @param references for each hypothesis one reference, or a list of them, which may differ in size
 * @throws SeqlossError when there are not as many of both or a reference is missing (LENGTH), something is not a string or a
 *   number is out of range (VALUE), or a tokeniser or smoothing is unknown (OPTION)
 * @example
 * const { score, signature } = corpusBleu(["The cat sat on the mat."], [["The cat sat on a mat.", "A cat sat there."]])
 * score // 48.8923 = 100 · (6/7 · 4/6 · 2/5 · 1/4)^¼
 * signature // "BLEU|nrefs:2|case:mixed|eff:no|tok:13a|smooth:exp"
 */
export function corpusBleu(
  hypotheses: readonly string[],
  references: readonly (string | readonly string[])[],
  options: CorpusBleuOptions = {},
): CorpusBleu {
  return compute("corpusBleu", hypotheses, references, options);
}

/**
 * `corpusBleu` of one sentence, with the effective order by default: one of two words is scored by its words and word pairs.
 * BLEU is meant for corpora; the mean of this over sentences is another number than `corpusBleu` of them.
 *
 * @param references one reference, or a list of them
 * @throws SeqlossError as `corpusBleu`
 * @example
 * sentenceBleu("good morning", "good morning").score // 100.00
 * sentenceBleu("good morning", "good morning", { effectiveOrder: false }).score // 0.00: there is no trigram
 */
export function sentenceBleu(
  hypothesis: string,
  references: string | readonly string[],
  options: Omit<CorpusBleuOptions, "resamples"> = {},
): CorpusBleu {
  return compute("sentenceBleu", [hypothesis], [references], { effectiveOrder: true, ...options });
}

function compute(
  where: string,
  hypotheses: readonly string[],
  references: readonly (string | readonly string[])[],
  options: CorpusBleuOptions,
): CorpusBleu {
  const { tokeniser = "13a", smoothing = "exp", lowercase = false, effectiveOrder = false, resamples = 0 } = options;
  checkName(where, "tokeniser", tokeniser, tokenisers);
  checkName(where, "smoothing", smoothing, SMOOTHINGS);
  const value = options.smoothingValue ?? SMOOTHINGS[smoothing];
  if (value !== undefined && !(value >= 0 && value < Number.POSITIVE_INFINITY)) {
    const details = { argument: "smoothingValue", expected: "a finite number of at least 0", found: value };
    throw new SeqlossError(where, "VALUE", details);
  }
  const choices = listReferences<string>(where, hypotheses.length, references);
  checkTexts(where, hypotheses, choices);
  const tokens = (text: string) => tokenisers[tokeniser](lowercase ? text.toLowerCase() : text);
  const rows = hypotheses.map((text, i) => bleuRow(tokens(text), choices[i].map(tokens), MAX_ORDER));
  const rule: Rule = { smoothing, value: value ?? 0, effectiveOrder };
  const none = new Array<number>(2 + 2 * MAX_ORDER).fill(0);
  const smooth = SMOOTHINGS[smoothing] === undefined ? smoothing : `${smoothing}[${rule.value.toFixed(2)}]`;
  const signature = [
    "BLEU",
    `nrefs:${referenceCount(choices)}`,
    `case:${lowercase ? "lc" : "mixed"}`,
    `eff:${effectiveOrder ? "yes" : "no"}`,
    `tok:${tokeniser}`,
    `smooth:${smooth}`,
  ].join("|");
  const result = { ...scoreOf(sumRows([none, ...rows]), rule), signature };
  if (resamples === 0) return result;
  return { ...result, interval: bootstrapInterval(rows, (totals) => scoreOf(totals, rule).score, { resamples }) };
}

interface Rule {
  readonly smoothing: BleuSmoothing;
  readonly value: number;
  readonly effectiveOrder: boolean;
}

function scoreOf(totals: ArrayLike<number>, { smoothing, value, effectiveOrder }: Rule): Omit<CorpusBleu, "signature"> {
  const { length: hypothesisLength, referenceLength, matched, counted } = readBleuRow(totals);
  const brevityPenalty = hypothesisLength < referenceLength ? Math.exp(1 - referenceLength / hypothesisLength) : 1;
  const precisions = new Array<number>(MAX_ORDER).fill(0);
  const lengths = { brevityPenalty, hypothesisLength, referenceLength };
  if (matched.every((count) => count === 0)) return { score: 0, precisions, ...lengths };
  let missing = 1;
  let orders = effectiveOrder ? 0 : MAX_ORDER;
  for (let n = 0; n < MAX_ORDER; n++) {
    const extra = smoothing === "add-k" && n > 0 ? value : 0;
    const right = matched[n] + extra;
    const all = counted[n] + extra;
    if (all === 0) break;
    if (effectiveOrder) orders = n + 1;
    if (right > 0) precisions[n] = (100 * right) / all;
    else if (smoothing === "floor") precisions[n] = (100 * value) / all;
    else if (smoothing === "exp") {
      missing *= 2;
      precisions[n] = 100 / (missing * all);
    }
  }
  const logs = precisions.slice(0, orders).map(Math.log);
  return { score: brevityPenalty * Math.exp(logs.reduce((sum, log) => sum + log, 0) / orders), precisions, ...lengths };
}

function checkName(where: string, argument: string, found: string, known: object): void {
  if (Object.hasOwn(known, found)) return;
  const names = Object.keys(known).map((name) => `"${name}"`);
  const expected = `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
  throw new SeqlossError(where, "OPTION", { argument, expected, found });
}
