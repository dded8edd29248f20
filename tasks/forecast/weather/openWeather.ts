import { adamW, padSequences, Random, shuffledOrder, Trainer, tensor, warmupCosine } from "../../../src/index.js";
import { lossNamed, type OpenTask } from "../../task.js";
import type { ForecastConfig } from "../config.js";
import { LOSSES, numbersAStep, readAhead } from "../losses.js";
import { loadWeather } from "./days.js";
import { FEATURES, pastFeatures, scaleOf, weekChanges, weekTemperatures } from "./features.js";
import { forecaster } from "./model.js";
import { type Forecast, report, sampleOf, scoresOf } from "./report.js";
import { HORIZON, type Origin, originAt, splitOrigins } from "./windows.js";

const STREAM = { model: 1 };
/** Where Huber's loss goes from the square to the line, °C. */
const HUBER_DELTA = 2;

/**
 * The highest temperatures of the next seven days from the weather of the last four weeks. An LSTM says by how much each day
 * will differ from the last one known.
 */
export function openWeather(config: ForecastConfig): OpenTask {
  const { seed, steps, batchSize, hidden, learningRate, weightDecay, clip, averaging } = config;
  const loss = lossNamed("forecast", LOSSES, config.loss);
  const days = loadWeather();
  const { train, validation, test } = splitOrigins(days);
  const scale = scaleOf(days.slice(0, train[train.length - 1] + HORIZON));
  const { deviation } = scale.high;
  const perDay = numbersAStep(loss);
  const options = loss.options({ horizon: HORIZON, delta: HUBER_DELTA / deviation });
  const model = forecaster({ hidden, outputs: HORIZON * perDay, random: new Random(seed, STREAM.model) });
  const schedule = warmupCosine({ peak: learningRate, steps, warmup: Math.min(50, Math.ceil(steps / 10)) });
  const optimiser = adamW({ learningRate, weightDecay });
  const trainer = new Trainer({ model, optimiser, schedule, clip, averaging, seed });
  const order = shuffledOrder(train.length, seed);
  const inputsOf = (origins: readonly Origin[]) =>
    padSequences(
      origins.map((origin) => pastFeatures(days, origin, scale)),
      FEATURES,
    );
  const targetsOf = (origins: readonly Origin[]) => {
    const changes = origins.flatMap((origin) => weekChanges(days, origin, deviation));
    return tensor(
      changes.flatMap((change) => new Array<number>(perDay).fill(change)),
      [origins.length, 1, HORIZON * perDay],
    );
  };
  const forecastAll = (origins: readonly Origin[]): Forecast[] =>
    trainer.withAveragedWeights((averaged) => {
      const { data } = averaged.forward(inputsOf(origins), { training: false });
      return origins.map((origin, b) => {
        const changes = data.subarray(b * HORIZON * perDay, (b + 1) * HORIZON * perDay);
        return { origin, ...readAhead(weekTemperatures(days, origin, deviation, changes), loss) };
      });
    });

  return {
    trainer,
    steps,
    validateEvery: 25,
    checkpointEvery: 100,
    batch(step) {
      const origins = Array.from({ length: batchSize }, (_, n) => train[order(step * batchSize + n)]);
      const targets = targetsOf(origins);
      return [
        {
          inputs: inputsOf(origins),
          loss: (outputs) => loss.compute(outputs, targets, options),
          evidence: (outputs) => ({ loss: config.loss, outputs, targets, options: { ...options } }),
        },
      ];
    },
    validate: () => scoresOf(days, forecastAll(validation)),
    evaluate: () => report(days, forecastAll(test)),
    predict: (input) => sampleOf(days, forecastAll([originAt(days, input)])[0]),
  };
}
