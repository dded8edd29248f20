import type { TaskConfig } from "../task.js";

export interface ForecastSetting {
  readonly steps: number;
  readonly batchSize: number;
  readonly hidden: number;
  /** Of what the last linear map reads. */
  readonly dropout: number;
  readonly learningRate: number;
  readonly weightDecay: number;
  readonly clip: number;
  readonly averaging: number;
}

export interface ForecastConfig extends TaskConfig, ForecastSetting {
  readonly steps: number;
}
