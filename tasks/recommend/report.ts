import { bootstrapInterval, type Layer, mrrAt, recallAt } from "../../src/index.js";
import type { Evaluation, Sample, Scores } from "../task.js";
import { toInputs } from "./model.js";
import type { Ranks } from "./ranks.js";
import type { History, Session, SessionSource, Sessions } from "./sessions.js";

/** The list that a user is shown. */
const SHOWN = 20;
/** Of it, what is printed. */
const PRINTED = 5;
const CUTS = [1, 5, 20];

const flat = (ranks: Ranks): Float64Array => Float64Array.from(ranks.flatMap((row) => Array.from(row)));

export function scoresOf(ranks: Ranks): Scores {
  const all = flat(ranks);
  return { recall: recallAt(all, SHOWN), meanReciprocalRank: mrrAt(all, SHOWN) };
}

interface Ranked {
  readonly name: string;
  readonly ranks: Ranks;
}

/** How high the items that came were ranked, beside recommendations that only count. */
export function report(
  { title, notes }: SessionSource,
  sessions: readonly Session[],
  ranks: Ranks,
  baselines: readonly Ranked[],
  samples: readonly Sample[],
): Evaluation {
  const rows = [{ name: "the network", ranks }, ...baselines].map(({ name, ranks: own }) => {
    const all = flat(own);
    return [name, ...CUTS.map((cut) => `${(100 * recallAt(all, cut)).toFixed(1)} %`), mrrAt(all, SHOWN).toFixed(3)];
  });
  const counts = ranks.map((row) => {
    const all = Array.from(row);
    return [recallAt(all, SHOWN) * all.length, mrrAt(all, SHOWN) * all.length, all.length];
  });
  return {
    scores: scoresOf(ranks),
    // of sessions drawn with replacement: what one visitor does next depends on what he did before
    intervals: {
      recall: bootstrapInterval(counts, ([found, , all]) => found / all),
      meanReciprocalRank: bootstrapInterval(counts, ([, reciprocals, all]) => reciprocals / all),
    },
    on: `${flat(ranks).length.toLocaleString("en")} ${title} of ${sessions.length.toLocaleString("en")} unseen sessions, ranked among all`,
    table: [["ranked by", ...CUTS.map((cut) => `Recall@${cut}`), `MRR@${SHOWN}`], ...rows],
    notes,
    samples,
  };
}

/** The items that score highest after a history, under each other. */
export function listNext(model: Layer, history: History, sessions: Sessions, probabilities: boolean): Sample {
  const { data, shape } = model.forward(toInputs([history]), { training: false });
  const items = shape[2];
  const scores = data.subarray((history.items.length - 1) * items);
  const highest = scores.reduce((a, b) => Math.max(a, b));
  const sum = scores.reduce((total, score) => total + Math.exp(score - highest), 0);
  const worth = (score: number) =>
    probabilities ? `${((100 * Math.exp(score - highest)) / sum).toFixed(1)} %` : score.toFixed(2);
  const best = Array.from(scores.keys()).sort((a, b) => scores[b] - scores[a]);
  const lines = best.slice(0, PRINTED).map((item) => [sessions.items[item], worth(scores[item])]);
  const width = Math.max(...lines.map(([name]) => name.length));
  const given = history.items.map((item, t) => {
    const operation = history.operations[t];
    return operation > 0 ? `${sessions.items[item]} (${sessions.operations[operation]})` : sessions.items[item];
  });
  return {
    drawing: [],
    truth: given.join(sessions.operations.length > 1 ? ", " : " "),
    reading: lines.map(([name, value]) => `${name.padEnd(width)}  ${value.padStart(6)}`).join("\n"),
    texts: { truth: "after", reading: probabilities ? "next, and how likely" : "next, and the scores" },
  };
}
