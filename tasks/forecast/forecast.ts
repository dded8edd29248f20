import { adamW, padSequences, Random, shuffledOrder, Trainer, tensor, warmupCosine } from "../../src/index.js";
import { lossNamed, type OpenTask, sourceNamed, type Task, type TaskConfig } from "../task.js";
import { FEATURES, pastFeatures, scaleOf, weekChanges, weekTemperatures } from "./features.js";
import { LOSSES, numbersADay, readWeek } from "./losses.js";
import { forecaster } from "./model.js";
import { type Forecast, report, sampleOf, scoresOf } from "./report.js";
import { findWeather, loadWeather } from "./weather.js";
import { HORIZON, type Origin, originAt, splitOrigins } from "./windows.js";

interface ForecastConfig extends TaskConfig {
  readonly batchSize: number;
  readonly hidden: number;
  readonly learningRate: number;
  readonly weightDecay: number;
  readonly clip: number;
  readonly averaging: number;
}

const STREAM = { model: 1 };

/**
 * The highest temperatures of the next seven days from the weather of the last four weeks. An LSTM says by how much each day
 * will differ from the last one known. What it says depends on the loss: the mean of what may come (meanSquaredError), the
 * median (meanAbsoluteError), something between them (huberLoss), or three quantiles (quantileLoss).
 */
export const forecast: Task = {
  name: "forecast",
  summary: "forecast Seattle's highest temperatures, a week ahead",
  losses: Object.keys(LOSSES),
  scores: {
    meanAbsoluteError: { unit: "°C", better: "less" },
    meanSquaredError: { unit: "°C²", better: "less" },
  },
  example: "2015-07-04",

  sources() {
    const file = findWeather();
    return [
      {
        name: "seattle-weather",
        holds: "1,461 days, from npm (vega-datasets)",
        found: file !== undefined,
        where: file ?? "npm install vega-datasets",
        licence: "public domain (NOAA)",
      },
    ];
  },

  configure({ seed, steps = 400, loss = "meanSquaredError", data }): ForecastConfig {
    lossNamed("forecast", LOSSES, loss);
    return {
      task: "forecast",
      loss,
      data: sourceNamed("forecast", this.sources(), data),
      seed,
      steps,
      batchSize: 32,
      hidden: 32,
      learningRate: 3e-3,
      weightDecay: 0.5,
      clip: 1,
      averaging: 0.99,
    };
  },

  open: (config) => openForecast(config as ForecastConfig),
};

function openForecast(config: ForecastConfig): OpenTask {
  const { seed, steps, batchSize, hidden, learningRate, weightDecay, clip, averaging } = config;
  const loss = lossNamed("forecast", LOSSES, config.loss);
  const days = loadWeather();
  const { train, validation, test } = splitOrigins(days);
  const scale = scaleOf(days.slice(0, train[train.length - 1] + HORIZON));
  const { deviation } = scale.high;
  const perDay = numbersADay(loss);
  const options = loss.options(deviation);
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
        return { origin, ...readWeek(weekTemperatures(days, origin, deviation, changes), loss) };
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
