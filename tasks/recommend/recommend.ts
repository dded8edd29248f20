import { adam, bucketedBatches, Random, Trainer, warmupCosine } from "../../src/index.js";
import { lossNamed, type OpenTask, type Progress, sourceNamed, type Task, type TaskConfig } from "../task.js";
import { countBaselines, countItems } from "./baselines.js";
import { entree } from "./entree.js";
import { drawItems, LOSSES } from "./losses.js";
import { before, recommender, toInputs } from "./model.js";
import { openings } from "./openings.js";
import { rankAll, ranksOf } from "./ranks.js";
import { listNext, report, scoresOf } from "./report.js";
import type { History, Session, SessionSource } from "./sessions.js";

interface RecommendConfig extends TaskConfig {
  readonly batchSize: number;
  readonly embedding: number;
  readonly hidden: number;
  readonly dropout: number;
  readonly learningRate: number;
  readonly clip: number;
  readonly averaging: number;
  /** Items that a batch is ranked against, where its loss draws them. */
  readonly negatives: number;
  /** They are drawn by how often they come, to this power. */
  readonly sharpness: number;
}

const DATA: Readonly<Record<string, SessionSource>> = { "entree-chicago": entree, "chess-openings": openings };

/** How much there is to train, by data set. */
const SIZES: Readonly<Record<string, Pick<RecommendConfig, "hidden" | "embedding" | "steps" | "batchSize">>> = {
  "entree-chicago": { hidden: 128, embedding: 64, steps: 4000, batchSize: 64 },
  "chess-openings": { hidden: 64, embedding: 32, steps: 800, batchSize: 32 },
};

const VALIDATED = 2000;
/** Streams of the generator. */
const STREAM = { model: 1, negatives: 1000 };

/**
 * What comes next in a session: a GRU reads items and operations one after another and scores all items after each. The softmax
 * over all of them is one loss; the others rank the item that came against ones that are drawn.
 */
export const recommend: Task = {
  name: "recommend",
  summary: "recommend what comes next in a session",
  losses: Object.keys(LOSSES),
  scores: { recall: { unit: "%", better: "more" }, meanReciprocalRank: { unit: "", better: "more" } },
  example: '"e4 e5 Nf3"',
  sources: () => Object.values(DATA).map((data) => data.source()),

  configure({ seed, steps, loss = "crossEntropy", data }): RecommendConfig {
    lossNamed("recommend", LOSSES, loss);
    const source = sourceNamed("recommend", this.sources(), data);
    return {
      task: "recommend",
      loss,
      data: source,
      seed,
      ...SIZES[source],
      steps: steps ?? SIZES[source].steps,
      dropout: 0.2,
      learningRate: 4e-3,
      clip: 2,
      averaging: 0.998,
      negatives: 128,
      sharpness: 0.5,
    };
  },

  open: (config) => openRecommend(config as RecommendConfig),
};

function openRecommend(config: RecommendConfig): OpenTask {
  const { seed, steps, batchSize, learningRate, clip, averaging } = config;
  const loss = lossNamed("recommend", LOSSES, config.loss);
  const source = DATA[config.data];
  const sessions = source.load();
  const { train, validation, test } = sessions;
  const items = sessions.items.length;
  const model = recommender({
    ...{ items, operations: sessions.operations.length },
    ...{ embedding: config.embedding, hidden: config.hidden, dropout: config.dropout },
    random: new Random(seed, STREAM.model),
  });
  const schedule = warmupCosine({ peak: learningRate, steps, warmup: Math.min(100, Math.ceil(steps / 10)) });
  const optimiser = adam({ learningRate, beta2: 0.99 });
  const trainer = new Trainer({ model, optimiser, schedule, clip, averaging, seed });
  const order = bucketedBatches(
    train.map((session) => session.items.length),
    { batchSize, seed },
  );
  const weights = countItems(train, items).map((count) => count ** config.sharpness);
  const ranks = (some: readonly Session[], progress?: Progress) =>
    trainer.withAveragedWeights((averaged) => ranksOf(averaged, some, progress));
  const next = (history: History) =>
    trainer.withAveragedWeights((averaged) => listNext(averaged, history, sessions, loss.probabilities));

  return {
    trainer,
    steps,
    validateEvery: 250,
    checkpointEvery: 250,
    batch(step) {
      const chosen = Array.from(order(step), (n) => train[n]);
      const next = chosen.map((session) => session.items.slice(1));
      const drawn = loss.draws && {
        negatives: drawItems(weights, config.negatives, new Random(seed, STREAM.negatives + step)),
      };
      return [
        {
          inputs: toInputs(chosen.map(before)),
          loss: (outputs) => loss.compute(outputs, next, { ...drawn, lengths: outputs.lengths }),
          evidence: (outputs) => ({
            ...{ loss: config.loss, outputs, targets: next },
            options: { ...drawn, lengths: outputs.lengths },
          }),
        },
      ];
    },
    validate: () => scoresOf(ranks(validation.slice(0, VALIDATED))),
    evaluate({ progress } = {}) {
      const own = ranks(test, progress);
      const baselines = Object.entries(countBaselines(train, items)).map(([name, one]) => ({
        name,
        ranks: rankAll(one, test, (done) => progress?.(done, test.length, name)),
      }));
      const samples = [test[0], test[test.length >> 1]].map((session) => next(before(session)));
      return report(source, test, own, baselines, samples);
    },
    predict: (input) => next(source.read(input.trim(), sessions)),
  };
}
