// Pole balancing: the data are what the network's own pushes lead to.
import { type Layer, type LayerState, policyGradientLoss, type Random } from "../../../src/index.js";
import { Pole, PUSHES, SEEN } from "./pole.js";
import { LONGEST, type PoleMoment } from "./settings.js";
import type { LabTask } from "./tasks.js";

/** Poles that training does not see. */
const JUDGED = 16;
const DISCOUNT = 0.98;
const ENTROPY = 0.001;

interface Episodes {
  readonly inputs: { readonly data: Float32Array; readonly shape: readonly number[]; readonly lengths: Int32Array };
  readonly actions: readonly (readonly number[])[];
  /** How long each pole stood. */
  readonly stood: readonly number[];
  /** The first pole, push by push. */
  readonly path: readonly PoleMoment[];
}

/** Lets the network push all poles at once until each has fallen; `draws` chooses by its probabilities, else the likelier push. */
function playEpisodes(policy: Layer, poles: readonly Pole[], draws?: Random): Episodes {
  const B = poles.length;
  const seen = new Float32Array(B * LONGEST * SEEN);
  const actions: number[][] = poles.map(() => []);
  const path: PoleMoment[] = [];
  const now = new Float32Array(B * SEEN);
  const one = new Int32Array(B).fill(1);
  const carry = new Map<Layer, LayerState>();
  const standing = new Set(poles.keys());
  for (let t = 0; t < LONGEST && standing.size > 0; t++) {
    for (const b of standing) poles[b].see(now, b * SEEN);
    if (standing.has(0)) path.push({ lean: (180 / Math.PI) * poles[0].lean, position: poles[0].position });
    const { data } = policy.forward({ data: now, shape: [B, 1, SEEN], lengths: one }, { carry, training: false });
    for (const b of standing) {
      seen.set(now.subarray(b * SEEN, (b + 1) * SEEN), (b * LONGEST + t) * SEEN);
      const right = data[b * PUSHES + 1] - data[b * PUSHES];
      const action = Number(draws === undefined ? right > 0 : draws.uniform() < 1 / (1 + Math.exp(-right)));
      actions[b].push(action);
      poles[b].push(action);
      if (poles[b].fallen) standing.delete(b);
    }
  }
  const stood = actions.map(({ length }) => length);
  const T = Math.max(...stood);
  const data = new Float32Array(B * T * SEEN);
  for (let b = 0; b < B; b++) data.set(seen.subarray(b * LONGEST * SEEN, (b * LONGEST + T) * SEEN), b * T * SEEN);
  return { inputs: { data, shape: [B, T, SEEN], lengths: Int32Array.from(stood) }, actions, stood, path };
}

/** What each push was followed by on average, over the episodes that lasted so long. */
function averages(stood: readonly number[]): number[][] {
  const toGo = (left: number) => (1 - DISCOUNT ** left) / (1 - DISCOUNT);
  const mean = Array.from({ length: Math.max(...stood) }, (_, t) => {
    const alive = stood.filter((length) => length > t);
    return alive.reduce((sum, length) => sum + toGo(length - t), 0) / alive.length;
  });
  return stood.map((length) => mean.slice(0, length));
}

const poles = (random: Random, count: number) => Array.from({ length: count }, () => new Pole(random));
const mean = (list: readonly number[]) => list.reduce((a, b) => a + b, 0) / list.length;

/** Keep a pole upright without seeing how fast it falls: a policy gradient (REINFORCE) on how long it stood. */
export const balance: LabTask = {
  inputs: SEEN,
  outputs: PUSHES,
  bidirectional: false,
  draw({ random, length, model }) {
    const { inputs, actions, stood } = playEpisodes(model, poles(random, Math.max(2, length)), random);
    return {
      inputs,
      stood: mean(stood),
      loss: (outputs) =>
        policyGradientLoss(outputs, actions, {
          rewards: actions.map((list) => list.map(() => 1)),
          discount: DISCOUNT,
          baseline: averages(stood),
          normalizeAdvantages: true,
          entropyWeight: ENTROPY,
          lengths: inputs.lengths,
          per: "step",
        }),
    };
  },
  examine({ random, model }) {
    const { stood, path } = playEpisodes(model, poles(random, JUDGED));
    return {
      samples: stood.slice(0, 3).map((steps) => ({
        input: "",
        target: `${LONGEST} pushes`,
        output: `stood ${steps} pushes, ${(steps / 50).toFixed(1)} s`,
        wrong: [steps < LONGEST],
      })),
      wrong: stood.filter((steps) => steps < LONGEST).length / JUDGED,
      path,
    };
  },
};
