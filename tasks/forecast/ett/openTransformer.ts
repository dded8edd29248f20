import { adamW, Random, shuffledOrder, Trainer, warmupCosine } from "../../../src/index.js";
import { lossNamed, type OpenTask } from "../../task.js";
import type { ForecastConfig } from "../config.js";
import { LOSSES, numbersAStep, readAhead } from "../losses.js";
import { CHANNELS, type Hours, loadHours } from "./hours.js";
import { changesOf, forecaster, pastOf } from "./model.js";
import { type Forecast, report, sampleOf, scoresOf } from "./report.js";
import { HORIZON, type Origin, originAt, scaleHours, splitOrigins } from "./windows.js";

const STREAM = { model: 1 };
/** Where Huber's loss goes from the square to the line, in deviations. */
const HUBER_DELTA = 0.5;
/** Forecasts that are made at once, and of how many one is made while training. */
const CHUNK = 64;
const VALIDATED_EVERY = 16;

/** The load and oil temperature of a transformer, four days ahead from two weeks. */
export function openTransformer(config: ForecastConfig, hours: Hours = loadHours()): OpenTask {
  const { seed, steps, batchSize, hidden, dropout, learningRate, weightDecay, clip, averaging } = config;
  const loss = lossNamed("forecast", LOSSES, config.loss);
  const { train, validation, test } = splitOrigins(hours);
  const scaled = scaleHours(hours);
  const perHour = numbersAStep(loss);
  const width = HORIZON * perHour;
  const options = loss.options({ horizon: HORIZON, delta: HUBER_DELTA });
  const model = forecaster({ hidden, outputs: width, dropout, random: new Random(seed, STREAM.model) });
  const schedule = warmupCosine({ peak: learningRate, steps, warmup: Math.min(50, Math.ceil(steps / 10)) });
  const optimiser = adamW({ learningRate, weightDecay });
  const trainer = new Trainer({ model, optimiser, schedule, clip, averaging, seed });
  const order = shuffledOrder(train.length, seed);
  const forecastAll = (origins: readonly Origin[]): Forecast[] =>
    trainer.withAveragedWeights((averaged) =>
      Array.from({ length: Math.ceil(origins.length / CHUNK) }, (_, n) => {
        const chunk = origins.slice(n * CHUNK, (n + 1) * CHUNK);
        const { data } = averaged.forward(pastOf(scaled, chunk), { training: false });
        return chunk.map((origin, i) => ({
          origin,
          channels: scaled.values.map((channel, c) => {
            const from = (i * CHANNELS.length + c) * width;
            const changes = Array.from(data.subarray(from, from + width), (x) => channel[origin - 1] + x);
            return readAhead(changes, loss);
          }),
        }));
      }).flat(),
    );

  return {
    trainer,
    steps,
    validateEvery: 100,
    checkpointEvery: 200,
    batch(step) {
      const origins = Array.from({ length: batchSize }, (_, n) => train[order(step * batchSize + n)]);
      const targets = changesOf(scaled, origins, perHour);
      return [
        {
          inputs: pastOf(scaled, origins),
          loss: (outputs) => loss.compute(outputs, targets, options),
          evidence: (outputs) => ({ loss: config.loss, outputs, targets, options: { ...options } }),
        },
      ];
    },
    validate: () => scoresOf(scaled, forecastAll(validation.filter((_, n) => n % VALIDATED_EVERY === 0))),
    evaluate: () => report(hours, scaled, forecastAll(test)),
    predict: (input) => sampleOf(hours, scaled, forecastAll([originAt(hours, input)])[0]),
  };
}
