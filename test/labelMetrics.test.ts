import { describe, expect, it } from "vitest";
import { rankingMetrics, slotF1, tensor } from "../src/index.js";
import { close, read, type Vector } from "./vectors/read.js";

// Against conlleval, seqeval and GRU4Rec's formulas, made by test/vectors/make_label_vectors.py.

const { slots, rankings } = read("label-metrics.json");
const sentences = (text: string) => text.split(" / ").map((sentence) => sentence.split(" "));

/** conlleval prints percents to two places. */
const percents = (...shares: number[]) => shares.map((share) => 100 * share);
const closePercents = (found: number[], expected: number[], what: string) =>
  expected.forEach((percent, i) => expect(Math.abs(found[i] - percent), what).toBeLessThan(0.00501));

describe("conlleval's numbers", () => {
  it.each(slots as Vector[])("%s read as %s", (tags, predicted, counts, overall, types) => {
    const found = slotF1(sentences(tags), sentences(predicted));
    expect([found.expected, found.predicted, found.correct]).toEqual(counts);
    closePercents(percents(found.accuracy, found.precision, found.recall, found.f1), overall, "in all");
    expect(found.types.map(({ type }) => type)).toEqual(Object.keys(types).sort());
    for (const each of found.types) {
      const [expected, predictedOnes, correct, ...shares] = types[each.type];
      expect([each.expected, each.predicted, each.correct], each.type).toEqual([expected, predictedOnes, correct]);
      closePercents(percents(each.precision, each.recall, each.f1), shares, each.type);
    }
  });
});

describe("GRU4Rec's recall and MRR", () => {
  it("of 200 batches with many ties, in each of its modes", () => {
    for (const [scores, targets, k, found] of rankings) {
      for (const ties of ["first", "last", "middle"] as const) {
        const { recall, mrr } = rankingMetrics(tensor(scores), targets, { k, ties });
        close([recall, mrr], found[ties], 1e-9, `${JSON.stringify(scores)}, ${ties}`);
      }
    }
    expect(rankings.length).toBe(200);
  });
});
