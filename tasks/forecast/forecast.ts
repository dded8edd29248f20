import { outsideSource } from "../data/source.js";
import { lossNamed, type OpenTask, sourceNamed, type Task } from "../task.js";
import type { ForecastConfig, ForecastSetting } from "./config.js";
import { ETT } from "./ett/hours.js";
import { openTransformer } from "./ett/openTransformer.js";
import { LOSSES } from "./losses.js";
import { findWeather } from "./weather/days.js";
import { openWeather } from "./weather/openWeather.js";

const WEATHER = "seattle-weather";

const SETTINGS: Readonly<Record<string, ForecastSetting>> = {
  [ETT.name]: {
    ...{ steps: 800, batchSize: 32, hidden: 96, dropout: 0.1 },
    ...{ learningRate: 2e-3, weightDecay: 0, clip: 1, averaging: 0.99 },
  },
  [WEATHER]: {
    ...{ steps: 400, batchSize: 32, hidden: 32, dropout: 0 },
    ...{ learningRate: 3e-3, weightDecay: 0.5, clip: 1, averaging: 0.99 },
  },
};

const OPENERS: Readonly<Record<string, (config: ForecastConfig) => OpenTask>> = {
  [ETT.name]: openTransformer,
  [WEATHER]: openWeather,
};

/**
 * What comes, from what came: the load and oil temperature of a transformer four days ahead (ETTh1), or Seattle's highest
 * temperatures a week ahead. What a network says depends on the loss: the mean of what may come (meanSquaredError), the median
 * (meanAbsoluteError), something between them (huberLoss), or three quantiles (quantileLoss).
 */
export const forecast: Task = {
  name: "forecast",
  summary: "forecast a transformer's load and temperature, or the weather",
  losses: Object.keys(LOSSES),
  scores: {
    scaledSquaredError: { unit: "", better: "less" },
    scaledAbsoluteError: { unit: "", better: "less" },
    meanAbsoluteError: { unit: "°C", better: "less" },
    meanSquaredError: { unit: "°C²", better: "less" },
  },
  example: "2015-07-04",

  sources() {
    const file = findWeather();
    return [
      { ...outsideSource(ETT), example: "2018-01-08" },
      {
        name: WEATHER,
        holds: "1,461 days, from npm (vega-datasets)",
        found: file !== undefined,
        where: file ?? "npm install vega-datasets",
        licence: "public domain (NOAA)",
      },
    ];
  },

  configure({ seed, steps, loss = "meanSquaredError", data }): ForecastConfig {
    lossNamed("forecast", LOSSES, loss);
    const source = sourceNamed("forecast", this.sources(), data);
    const setting = SETTINGS[source];
    return { task: "forecast", loss, data: source, seed, ...setting, steps: steps ?? setting.steps };
  },

  open(config) {
    const { data } = config as ForecastConfig;
    return OPENERS[sourceNamed("forecast", this.sources(), data)](config as ForecastConfig);
  },
};
