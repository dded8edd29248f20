import { bootstrapInterval, slotF1 } from "../../src/index.js";
import { wilsonInterval } from "../numbers/report.js";
import type { Evaluation, Sample, Scores } from "../task.js";
import { bracketSlots, drawTags } from "./draw.js";
import type { Sentence, TagSource } from "./sentences.js";

type Taggings = readonly (readonly string[])[];

/** Rows of the table by type or tag; the most frequent ones. */
const ROWS = 12;
const RESAMPLES = 1000;

/** Right tags, those that count, and whether all of them are right. */
function countRight({ trivial }: TagSource, { tags }: Sentence, tagged: readonly string[]) {
  const counted = tags.filter((tag) => tag !== trivial).length;
  const right = tags.filter((tag, t) => tag !== trivial && tag === tagged[t]).length;
  return [right, counted, Number(right === counted)] as const;
}

export function scoresOf(source: TagSource, sentences: readonly Sentence[], taggings: Taggings): Scores {
  const counts = sentences.map((sentence, n) => countRight(source, sentence, taggings[n]));
  const sum = (k: 0 | 1 | 2) => counts.reduce((total, row) => total + row[k], 0);
  const shares = { tagAccuracy: sum(0) / sum(1), sequenceAccuracy: sum(2) / sentences.length };
  if (!source.slots) return shares;
  return {
    slotF1: slotF1(
      sentences.map(({ tags }) => tags),
      taggings,
    ).f1,
    ...shares,
  };
}

/** How well sentences were tagged, beside each word's most frequent tag. */
export function report(
  source: TagSource,
  sentences: readonly Sentence[],
  taggings: Taggings,
  baseline: Taggings,
): Evaluation {
  const counts = sentences.map((sentence, n) => countRight(source, sentence, taggings[n]));
  const truth = sentences.map(({ tags }) => tags);
  const scores = scoresOf(source, sentences, taggings);
  const percent = (share: number) => `${(100 * share).toFixed(2)} %`;
  const naive = Object.values(scoresOf(source, sentences, baseline)).map(percent);
  const wrong = [...sentences.keys()].filter((n) => counts[n][2] === 0);
  const right = [...sentences.keys()].filter((n) => counts[n][2] === 1 && sentences[n].words.length > 3);
  return {
    scores,
    intervals: {
      ...(source.slots && { slotF1: slotF1(truth, taggings, { resamples: RESAMPLES }).interval as [number, number] }),
      tagAccuracy: bootstrapInterval(counts, ([found, all]) => found / all),
      sequenceAccuracy: wilsonInterval(counts.filter(([, , whole]) => whole === 1).length, sentences.length),
    },
    on: `${sentences.length.toLocaleString("en")} unseen ${source.title}`,
    table: source.slots ? slotTable(truth, taggings, baseline) : tagTable(truth, taggings, baseline, source.trivial),
    notes: [
      `Each word's most frequent tag: ${Object.keys(scores)
        .map((name, n) => `${NAMES[name]} ${naive[n]}`)
        .join(", ")}.`,
      ...source.notes,
    ],
    samples: [...right.slice(0, 2), ...wrong.slice(0, 2)].map((n) => sampleOf(source, sentences[n], taggings[n])),
  };
}

const NAMES: Readonly<Record<string, string>> = {
  slotF1: "slot F1",
  tagAccuracy: "tag accuracy",
  sequenceAccuracy: "whole sequences right",
};

function slotTable(truth: Taggings, taggings: Taggings, baseline: Taggings): string[][] {
  const percent = (share: number) => (100 * share).toFixed(1);
  const { types, ...all } = slotF1(truth, taggings);
  const naive = slotF1(truth, baseline);
  const row = (type: string, one: Omit<typeof all, "accuracy">, other: number) => [
    type,
    String(one.expected),
    ...[one.precision, one.recall, one.f1, other].map(percent),
  ];
  const shown = types.toSorted((a, b) => b.expected - a.expected || (a.type < b.type ? -1 : 1)).slice(0, ROWS);
  return [
    ["slot", "of them", "precision %", "recall %", "F1 %", "most frequent tag: F1 %"],
    ...shown.map((one) => row(one.type, one, naive.types.find(({ type }) => type === one.type)?.f1 ?? 0)),
    row("all", all, naive.f1),
  ];
}

function tagTable(truth: Taggings, taggings: Taggings, baseline: Taggings, trivial: string | undefined): string[][] {
  const counts = new Map<string, { all: number; right: number; naive: number }>();
  truth.forEach((tags, n) =>
    tags.forEach((tag, t) => {
      if (tag === trivial) return;
      for (const name of [tag, "all"]) {
        const count = counts.get(name) ?? { all: 0, right: 0, naive: 0 };
        count.all++;
        count.right += Number(taggings[n][t] === tag);
        count.naive += Number(baseline[n][t] === tag);
        counts.set(name, count);
      }
    }),
  );
  const { all: total, ...rest } = Object.fromEntries(counts);
  const shown = Object.entries(rest).sort(([, a], [, b]) => b.all - a.all);
  return [
    ["tag", "of them", "right %", "most frequent tag: right %"],
    ...[...shown, ["all", total] as const].map(([tag, { all, right, naive }]) => [
      tag,
      String(all),
      ((100 * right) / all).toFixed(2),
      ((100 * naive) / all).toFixed(2),
    ]),
  ];
}

export function sampleOf(
  { slots }: TagSource,
  { words, tags }: { readonly words: readonly string[]; readonly tags?: readonly string[] },
  tagged: readonly string[],
): Sample {
  const write = (own: readonly string[]) => (slots ? bracketSlots(words, own) : own.join(" "));
  return {
    drawing: drawTags(words, tagged, tags),
    truth: tags === undefined ? "" : write(tags),
    reading: write(tagged),
    texts: { truth: "right", reading: "tagged" },
  };
}
