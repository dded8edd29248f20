import { describe, expect, it } from "vitest";
import { characterErrorRate, corpusBleu, corpusChrf, type ErrorRate, wordErrorRate } from "../src/index.js";
import { tokenisers } from "../src/metrics/textTokens.js";
import { close, read, type Vector } from "./vectors/read.js";

// Against sacreBLEU's and jiwer's numbers, made by test/vectors/make_text_vectors.py.

const { tokens, corpora, bleu, chrf, errorRates } = read("text-metrics.json");
const named = (cases: Vector[]) => cases.map((c, n) => [n, c[1], c] as [number, object, Vector]);

describe("sacreBLEU's numbers", () => {
  it("the tokens of 13a, of 200 lines", () => {
    for (const [line, expected] of tokens) expect(tokenisers["13a"](line).join(" "), line).toBe(expected);
    expect(tokens.length).toBe(200);
  });

  it.each(named(bleu))("BLEU %d with %j", (_, options, [corpus, , found, signature]) => {
    const [hypotheses, references] = corpora[corpus];
    const result = corpusBleu(hypotheses, references, options);
    const { score, precisions, brevityPenalty, hypothesisLength, referenceLength } = result;
    close([score, ...precisions, brevityPenalty, hypothesisLength, referenceLength], found, 1e-9, "BLEU");
    expect(result.signature).toBe(signature);
  });

  it.each(named(chrf))("chrF %d with %j", (_, options, [corpus, , expected, signature]) => {
    const [hypotheses, references] = corpora[corpus];
    const { score, signature: found } = corpusChrf(hypotheses, references, options);
    close([score], [expected], 1e-9, "chrF");
    expect(found).toBe(signature);
  });
});

describe("jiwer's numbers", () => {
  // Of sets of edits that are equally few jiwer counts one, and errorRate.ts the one with the fewest insertions and deletions.
  const compare = (found: ErrorRate, [rate, substitutions, insertions, deletions]: readonly number[]) => {
    close([found.rate], [rate], 1e-9, "rate");
    expect(found.edits).toBe(substitutions + insertions + deletions);
    expect(found.insertions - found.deletions).toBe(insertions - deletions);
    expect(found.substitutions).toBeGreaterThanOrEqual(substitutions);
  };

  it("word and character error rates of 200 corpora", () => {
    for (const { texts, words, characters } of errorRates) {
      compare(wordErrorRate(texts[0], texts[1]), words);
      compare(characterErrorRate(texts[0], texts[1]), characters);
    }
    expect(errorRates.length).toBe(200);
  });
});
