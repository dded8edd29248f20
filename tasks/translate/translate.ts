import {
  adam,
  bucketedBatches,
  encoderDecoder,
  pairSequences,
  Random,
  SeqlossError,
  type SequencePairs,
  sequenceCrossEntropy,
  Trainer,
  warmupCosine,
} from "../../src/index.js";
import {
  lossNamed,
  type OpenTask,
  type Progress,
  sourceNamed,
  type Task,
  type TaskBatch,
  type TaskConfig,
} from "../task.js";
import { cmudict } from "./cmudict.js";
import type { Example, TextPair } from "./corpus.js";
import { drawAttention } from "./draw.js";
import { report, scores } from "./report.js";
import { candidateRisk, listCandidates } from "./risk.js";
import { sigmorphon } from "./sigmorphon.js";
import { tatoeba } from "./tatoeba.js";
import { END, START, Vocabulary } from "./vocabulary.js";
import { attentionOf, drawEach, type Writer, writeAll } from "./writer.js";

interface TranslateConfig extends TaskConfig {
  readonly batchSize: number;
  readonly embedding: number;
  readonly hidden: number;
  readonly layers: number;
  readonly dropout: number;
  readonly tied: boolean;
  readonly learningRate: number;
  readonly labelSmoothing: number;
  readonly clip: number;
  readonly averaging: number;
  /** How often, in training, a step is given the true symbol and not one that the network drew: below 1, scheduled sampling. */
  readonly teacherForcing: number;
  /** Parts that a batch is cut into, whose gradients are added up, where it does not fit the memory. */
  readonly microBatches: number;
  /** How far the beam is kept from short texts (Wu et al. 2016); the scores of words are best without. Default 0. */
  readonly lengthPenalty?: number;
  /** Symbols that come less often in training are unknown. */
  readonly least: number;
  /** The share of steps that minimum risk is trained for, after cross-entropy. */
  readonly riskShare: number;
  readonly candidates: number;
  readonly sharpness: number;
}

/** From which share of the steps on risk is minimised: from the first, where the network can write already. */
const LOSSES: Readonly<Record<string, (config: TranslateConfig) => number>> = {
  sequenceCrossEntropy: () => 1,
  minimumRiskLoss: ({ riskShare, from }) => (from === undefined ? 1 - riskShare : 0),
};

const PAIRS: Readonly<Record<string, TextPair>> = { ...sigmorphon, tatoeba, cmudict };

type Size = Pick<TranslateConfig, "steps" | "batchSize" | "embedding" | "hidden" | "tied" | "least" | "lengthPenalty">;

/** Of words and how they sound. */
const WORDS: Size = { steps: 4000, batchSize: 32, embedding: 64, hidden: 128, tied: false, least: 1 };
/** How much there is to train, by data set. CMUdict's network is smaller: it should take minutes. */
const SIZES: Readonly<Record<string, Size>> = {
  tatoeba: { ...WORDS, steps: 2500, batchSize: 64, tied: true, least: 5, lengthPenalty: 0.6 },
  cmudict: { ...WORDS, embedding: 48, hidden: 80 },
};

const BEAM = 5;
const VALIDATED = 300;
/** Streams of the generator. */
const STREAM = { model: 1, candidates: 2000 };

/**
 * Sequence to sequence: an encoder-decoder with attention writes how a word sounds, or what a sentence is in another language.
 * It is trained token by token; minimum risk goes on from there with whole sequences that the network writes itself, and what
 * they cost.
 */
export const translate: Task = {
  name: "translate",
  summary: "write how words sound, or sentences in French",
  losses: Object.keys(LOSSES),
  scores: {
    wordErrorRate: { unit: "%", better: "less" },
    bleu: { unit: "%", better: "more" },
    chrf: { unit: "%", better: "more" },
    symbolErrorRate: { unit: "%", better: "less" },
  },
  example: "lossless",

  sources: () =>
    Object.entries(PAIRS).map(([name, pair]) => ({ ...pair.source(), name, example: JSON.stringify(pair.example) })),

  configure({ seed, steps, loss = "sequenceCrossEntropy", data }): TranslateConfig {
    lossNamed("translate", LOSSES, loss);
    const name = sourceNamed("translate", this.sources(), data);
    const size = SIZES[name] ?? WORDS;
    return {
      task: "translate",
      loss,
      data: name,
      seed,
      ...size,
      steps: steps ?? size.steps,
      layers: 1,
      dropout: 0.3,
      learningRate: 4e-3,
      labelSmoothing: 0.1,
      clip: 2,
      averaging: 0.998,
      teacherForcing: 1,
      microBatches: 1,
      riskShare: 0.25,
      candidates: 8,
      sharpness: 0.1,
    };
  },

  open: (config) => openTranslate(config as TranslateConfig),
};

function openTranslate(config: TranslateConfig): OpenTask {
  const { seed, steps, batchSize, learningRate, labelSmoothing, clip, averaging, least, teacherForcing } = config;
  const riskFrom = Math.floor(lossNamed("translate", LOSSES, config.loss)(config) * steps);
  const pair = PAIRS[sourceNamed("translate", translate.sources(), config.data)];
  const { train, validation, test } = pair.load();
  const sources = Vocabulary.of(
    train.map(({ source }) => source),
    least,
  );
  const targets = Vocabulary.of(
    train.flatMap(({ references }) => references),
    least,
  );
  const model = encoderDecoder({
    ...{ sourceClasses: sources.size, targetClasses: targets.size },
    ...{ embedding: config.embedding, hidden: config.hidden, layers: config.layers },
    ...{ dropout: config.dropout, variational: true, tied: config.tied },
    random: new Random(seed, STREAM.model),
  });
  const warmup = Math.min(200, Math.ceil(steps / 10));
  const schedule = warmupCosine({ peak: learningRate, steps, warmup, floor: 1e-5 });
  const trainer = new Trainer({
    model,
    optimiser: adam({ learningRate, beta2: 0.99 }),
    schedule,
    clip,
    averaging,
    seed,
  });
  const writer: Writer = { model, sources, targets, lengthPenalty: config.lengthPenalty ?? 0 };
  const pairs = train.flatMap((example) => example.references.map((reference) => ({ example, reference })));
  const order = bucketedBatches(
    pairs.map(({ example, reference }) => example.source.length + reference.length),
    { batchSize, seed },
  );
  const write = (examples: readonly Pick<Example, "source">[], width: number, progress?: Progress) =>
    trainer.withAveragedWeights(() => writeAll(writer, examples, width, progress));
  const drawing = (source: readonly string[], written: readonly string[]) =>
    trainer.withAveragedWeights(() => drawAttention(source, written, attentionOf(writer, source, written)));

  const likelihoodBatch = (chosen: typeof pairs): TaskBatch => {
    const read = chosen.map(({ example }) => sources.encode(example.source));
    const wanted = chosen.map(({ reference }) => targets.encode(reference));
    const { inputs, labels } = pairSequences(read, wanted, { start: START, end: END });
    const given: SequencePairs = { ...inputs, teacherForcing };
    const options = { labelSmoothing, per: "step" } as const;
    return {
      inputs: given,
      loss: (outputs) => sequenceCrossEntropy(outputs, [...labels], { ...options, lengths: outputs.lengths }),
      evidence: (outputs) => ({
        ...{ loss: "sequenceCrossEntropy", outputs, targets: [...labels] },
        options: { ...options, lengths: outputs.lengths },
      }),
    };
  };

  /** What is drawn depends on the weights and the step alone, so that a resumed run draws the same. */
  const riskBatch = (chosen: typeof pairs, step: number): TaskBatch => {
    const read = chosen.map(({ example }) => sources.encode(example.source));
    const random = new Random(seed, STREAM.candidates + step);
    const drawn = drawEach(model, read, config.candidates, random);
    const candidates = chosen.map(({ example, reference }, n) =>
      listCandidates(
        targets.encode(reference),
        drawn[n],
        example.references.map((one) => targets.encode(one)),
      ),
    );
    const repeated = candidates.flatMap((own, n) => own.targets.map(() => read[n]));
    const written = candidates.flatMap((own) => own.targets);
    const { inputs, labels } = pairSequences(repeated, written, { start: START, end: END });
    const costs = candidates.map((own) => own.costs);
    return { inputs, loss: (outputs) => candidateRisk(outputs, labels, costs, config.sharpness) };
  };

  return {
    trainer,
    steps,
    validateEvery: 250,
    checkpointEvery: 250,
    batch(step) {
      const chosen = Array.from(order(step), (n) => pairs[n]);
      if (step >= riskFrom) return [riskBatch(chosen, step)];
      const size = Math.ceil(chosen.length / config.microBatches);
      return Array.from({ length: Math.ceil(chosen.length / size) }, (_, n) =>
        likelihoodBatch(chosen.slice(n * size, (n + 1) * size)),
      );
    },
    validate() {
      const examples = validation.slice(0, VALIDATED);
      return scores(pair, examples, write(examples, 1));
    },
    evaluate({ progress } = {}) {
      const written = write(test, BEAM, progress);
      const { notes = [], ...evaluation } = report(pair, test, written, ({ source }, own) => drawing(source, own));
      if (riskFrom === steps) return { ...evaluation, notes };
      const before = config.from === undefined ? `Cross-entropy for ${riskFrom} steps` : `From ${config.from}`;
      return { ...evaluation, notes: [...notes, `${before}, then minimum risk for ${steps - riskFrom}.`] };
    },
    predict(input) {
      const source = pair.split(input.trim());
      const unknown = [...new Set(source.filter((symbol) => !sources.has(symbol)))];
      if (source.every((symbol) => unknown.includes(symbol))) {
        throw new SeqlossError("predict", "FORMAT", {
          argument: "the input",
          expected: `${pair.title} of symbols that training has, such as ${pair.example}`,
          found: input,
        });
      }
      const [written] = write([{ source }], BEAM);
      return {
        ...{ drawing: drawing(source, written), truth: "", reading: pair.join(written) },
        ...(unknown.length > 0 && { note: `not in training, and read as unknown: ${unknown.join(" ")}` }),
      };
    },
  };
}
