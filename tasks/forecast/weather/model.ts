import { dense, type Layer, lstm, type Random, sequential } from "../../../src/index.js";
import { lastStep } from "../lastStep.js";
import { FEATURES } from "./features.js";

/** An LSTM reads the past day by day; from its state after the last, one linear map forecasts all days at once. */
export function forecaster({ hidden, outputs, random }: { hidden: number; outputs: number; random: Random }): Layer {
  return sequential({
    rnn: lstm({ inputs: FEATURES, hidden, random }),
    last: lastStep(),
    head: dense({ inputs: hidden, outputs, random }),
  });
}
