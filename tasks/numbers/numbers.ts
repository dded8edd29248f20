import { unipenSource } from "../strokes/unipen.js";
import { lossNamed, sourceNamed, type Task } from "../task.js";
import { LINE_LOSSES, LINES, type LinesConfig, mnistSource, openLines } from "./lines.js";
import { openStrings, STRING_LOSSES, STRINGS, type StringsConfig } from "./strings.js";
import { loadDigitStrokes } from "./written.js";

const LOSSES: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  mnist: LINE_LOSSES,
  unipen: STRING_LOSSES,
};

/**
 * Handwritten numbers: an LSTM reads a line from both ends, and CTC finds out which part of it is which digit. Neither how many
 * digits there are nor where they stand is given; cross-entropy frame by frame, the other loss, is given both. A line is a
 * picture of 1 to 5 digits, three columns at a time; or what the pen wrote, stroke by stroke.
 */
export const numbers: Task = {
  name: "numbers",
  summary: "read lines of 1 to 5 handwritten digits (MNIST), or numbers from the pen's strokes (UNIPEN)",
  losses: Object.keys(LINE_LOSSES),
  scores: {
    characterErrorRate: { unit: "%", better: "less" },
    numberErrorRate: { unit: "%", better: "less" },
  },
  example: "2718",
  usual: "mnist",

  sources: () => [unipenSource(), mnistSource()],

  configure({ seed, steps, loss = "ctcLoss", data = "mnist" }): LinesConfig | StringsConfig {
    const source = sourceNamed("numbers", this.sources(), data);
    lossNamed("numbers", LOSSES[source], loss);
    const config = { task: "numbers", loss, data: source, seed };
    return source === "mnist"
      ? { ...config, ...LINES, steps: steps ?? LINES.steps }
      : { ...config, ...STRINGS, steps: steps ?? STRINGS.steps };
  },

  open(config) {
    const { data } = config as LinesConfig;
    return data === "unipen"
      ? openStrings(config as StringsConfig, loadDigitStrokes())
      : openLines(config as LinesConfig);
  },
};
