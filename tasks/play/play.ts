import {
  adam,
  dense,
  gru,
  type Layer,
  policyGradientLoss,
  Random,
  SeqlossError,
  sequential,
  Trainer,
  warmupCosine,
} from "../../src/index.js";
import { forgetful } from "../layers/forgetful.js";
import { lossNamed, type OpenTask, sourceNamed, type Task, type TaskConfig } from "../task.js";
import { drawPoles, playEpisodes } from "./episodes.js";
import { ACTIONS, findPlanck, Pole, SEEN } from "./pole.js";
import { averageAtEachStep, meanReturn, report, sampleOf } from "./report.js";

interface PlayConfig extends TaskConfig {
  readonly episodes: number;
  readonly hidden: number;
  /** Whether the network remembers; without a memory the task cannot be learnt. Default true. */
  readonly memory?: boolean;
  readonly learningRate: number;
  readonly discount: number;
  readonly entropyWeight: number;
  readonly clip: number;
}

const LOSSES = { policyGradientLoss };
const STREAM = { model: 1, actions: 2, poles: 3 };
/** Poles of validation and test begin apart from those of training, and the same in every run. */
const VALIDATION = { seed: 20_111, count: 20 };
const TEST = { seed: 20_112, count: 100 };

/**
 * A pole kept upright on a cart, by a network that sees where the cart is and how the pole leans, but not how fast they move:
 * it must remember. It learns from nothing but how long the pole stood (REINFORCE).
 */
export const play: Task = {
  name: "play",
  summary: "balance a pole whose speed is not seen",
  losses: Object.keys(LOSSES),
  scores: { meanReturn: { unit: "steps", better: "more" } },
  example: "3",

  sources() {
    const file = findPlanck();
    return [
      {
        name: "pole",
        holds: "a simulated pole and cart, from npm (planck)",
        found: file !== undefined,
        where: file ?? "npm install planck",
        licence: "MIT",
      },
    ];
  },

  configure({ seed, steps = 200, loss = "policyGradientLoss", data }): PlayConfig {
    lossNamed("play", LOSSES, loss);
    return {
      task: "play",
      loss,
      data: sourceNamed("play", this.sources(), data),
      seed,
      steps,
      episodes: 16,
      hidden: 32,
      memory: true,
      learningRate: 1e-2,
      discount: 0.98,
      entropyWeight: 0.001,
      clip: 1,
    };
  },

  open: (config) => openPlay(config as PlayConfig),
};

function makePolicy({ hidden, memory = true }: PlayConfig, random: Random): Layer {
  const rnn = gru({ inputs: SEEN, hidden, random });
  return sequential({
    rnn: memory ? rnn : forgetful(rnn),
    head: dense({ inputs: hidden, outputs: ACTIONS, random }),
  });
}

function openPlay(config: PlayConfig): OpenTask {
  const { seed, steps, episodes: count, learningRate, discount, entropyWeight, clip } = config;
  const loss = lossNamed("play", LOSSES, config.loss);
  const model = makePolicy(config, new Random(seed, STREAM.model));
  const schedule = warmupCosine({ peak: learningRate, steps, warmup: Math.min(10, Math.ceil(steps / 10)) });
  const trainer = new Trainer({ model, optimiser: adam({ learningRate }), schedule, clip, seed });
  const played = (poles: readonly Pole[], memory = true) =>
    playEpisodes(model, { poles, random: new Random(0), choice: "likeliest", memory });

  return {
    trainer,
    steps,
    validateEvery: 25,
    checkpointEvery: 50,
    batch(step) {
      const random = new Random(seed, STREAM.actions + 4 * step);
      const poles = drawPoles(seed, STREAM.poles + 4 * count * step, count);
      const { seen, shape, lengths, actions } = playEpisodes(model, { poles, random, choice: "drawn" });
      const rewards = actions.map((list) => list.map(() => 1));
      const options = {
        rewards,
        discount,
        baseline: averageAtEachStep(lengths, discount),
        normalizeAdvantages: true,
        entropyWeight,
        lengths,
        per: "step" as const,
      };
      return [
        {
          inputs: { data: seen, shape, lengths },
          loss: (outputs) => loss(outputs, actions, options),
        },
      ];
    },
    validate: () => ({ meanReturn: meanReturn(played(drawPoles(VALIDATION.seed, 0, VALIDATION.count)).lengths) }),
    evaluate() {
      const poles = () => drawPoles(TEST.seed, 0, TEST.count);
      return report(played(poles()), played(poles(), false), poles);
    },
    predict(input) {
      const degrees = Number(input);
      if (input.trim() === "" || !(Math.abs(degrees) < 12)) {
        throw new SeqlossError("play", "VALUE", {
          argument: "the lean at the start",
          expected: "degrees to the right, between -12 and 12",
          found: input,
        });
      }
      return sampleOf(played([new Pole(new Random(0), (degrees * Math.PI) / 180)]));
    },
  };
}
