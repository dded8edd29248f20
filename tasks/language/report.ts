import { perplexity, Random } from "../../src/index.js";
import type { Evaluation, Interval, Sample, Scores } from "../task.js";
import { trainNgram } from "./ngram.js";
import type { Block } from "./surprisal.js";
import type { Corpus } from "./text.js";

/** Orders of the n-gram models that are set beside the network. */
const ORDERS = [1, 3, 5];
const RESAMPLES = 1000;

/** What others report for a text, and where. */
export interface Published {
  readonly model: string;
  readonly nats: number;
}

const total = (blocks: readonly Block[]) =>
  blocks.reduce((sum, { nats, characters }) => [sum[0] + nats, sum[1] + characters], [0, 0]);

export function scoresOf(blocks: readonly Block[]): Scores {
  const [sum, weight] = total(blocks);
  return { natsPerCharacter: sum / weight, perplexity: perplexity({ sum, weight }) };
}

export interface Evaluated {
  readonly corpus: Corpus;
  readonly blocks: readonly Block[];
  readonly published: readonly Published[];
  readonly samples: readonly Sample[];
}

/** How well a text is predicted, beside models that count and what others report. */
export function report({ corpus, blocks, published, samples }: Evaluated): Evaluation {
  const { natsPerCharacter, perplexity: choices } = scoresOf(blocks);
  const interval = bootstrapInterval(blocks);
  const counted = ORDERS.map((order) => ({
    model: `${order}-gram (Witten-Bell), same split`,
    nats: ngramNats(corpus, order),
  }));
  const rows = [{ model: "this network", nats: natsPerCharacter }, ...counted, ...published];
  const characters = total(blocks)[1];
  return {
    scores: { natsPerCharacter, perplexity: choices },
    intervals: { natsPerCharacter: interval, perplexity: [Math.exp(interval[0]), Math.exp(interval[1])] },
    on: `${characters} characters not trained on`,
    table: [
      ["model", "nats a character", "perplexity", "bits a character"],
      ...rows.map(({ model, nats }) => [
        model,
        nats.toFixed(3),
        Math.exp(nats).toFixed(2),
        (nats / Math.LN2).toFixed(3),
      ]),
    ],
    samples,
  };
}

/** The mean over the held-out characters but the first, each after those before it. */
export function ngramNats({ characters, train, heldOut }: Corpus, order: number): number {
  const surprisals = trainNgram(train, characters.length, order).surprisals(heldOut).subarray(1);
  return surprisals.reduce((a, b) => a + b, 0) / surprisals.length;
}

/** 95 % interval of the mean, from blocks drawn with replacement: characters near each other are not independent. */
export function bootstrapInterval(blocks: readonly Block[]): Interval {
  const random = new Random(0);
  const means = Float64Array.from({ length: RESAMPLES }, () => {
    const [nats, characters] = total(blocks.map(() => blocks[random.integer(blocks.length)]));
    return nats / characters;
  }).sort();
  const at = (share: number) => means[Math.round(share * (RESAMPLES - 1))];
  return [at(0.025), at(0.975)];
}
