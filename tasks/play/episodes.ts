import { type Layer, type LayerState, Random } from "../../src/index.js";
import type { Snapshot } from "./draw.js";
import { ACTIONS, LONGEST, Pole, SEEN } from "./pole.js";

/** What was seen and done until each pole fell, or stood to the end. */
export interface Episodes {
  /** [B, T, SEEN], zeros past each end. */
  readonly seen: Float32Array;
  readonly shape: readonly [number, number, number];
  /** Pushes of each episode: its return, for each push is worth 1. */
  readonly lengths: Int32Array;
  readonly actions: readonly (readonly number[])[];
  /** The lean in degrees and the position in metres before each push, of the first episode. */
  readonly path: readonly Snapshot[];
}

export interface Play {
  readonly poles: readonly Pole[];
  readonly random: Random;
  /** The likelier push always, or one drawn by the policy's probabilities. */
  readonly choice: "likeliest" | "drawn";
  /** False takes the network's memory away: at every step it begins anew. Default true. */
  readonly memory?: boolean;
}

/** Lets the network push all poles at once, a step at a time, until each has fallen. */
export function playEpisodes(policy: Layer, { poles, random, choice, memory = true }: Play): Episodes {
  const B = poles.length;
  const seen = new Float32Array(B * LONGEST * SEEN);
  const actions: number[][] = poles.map(() => []);
  const path: Snapshot[] = [];
  const standing = new Set(poles.keys());
  const now = new Float32Array(B * SEEN);
  const one = new Int32Array(B).fill(1);
  let carry = new Map<Layer, LayerState>();
  for (let t = 0; t < LONGEST && standing.size > 0; t++) {
    poles.forEach((pole, b) => {
      if (standing.has(b)) pole.see(now, b * SEEN);
    });
    if (standing.has(0)) path.push({ lean: (180 / Math.PI) * poles[0].lean, position: poles[0].position });
    if (!memory) carry = new Map();
    const { data } = policy.forward({ data: now, shape: [B, 1, SEEN], lengths: one }, { carry, training: false });
    for (const b of standing) {
      seen.set(now.subarray(b * SEEN, (b + 1) * SEEN), (b * LONGEST + t) * SEEN);
      const right = data[b * ACTIONS + 1] - data[b * ACTIONS];
      const action = choice === "likeliest" ? Number(right > 0) : Number(random.uniform() < 1 / (1 + Math.exp(-right)));
      actions[b].push(action);
      poles[b].push(action);
      if (poles[b].fallen) standing.delete(b);
    }
  }
  const lengths = Int32Array.from(actions, ({ length }) => length);
  const T = Math.max(...lengths);
  const trimmed = new Float32Array(B * T * SEEN);
  for (let b = 0; b < B; b++) {
    trimmed.set(seen.subarray(b * LONGEST * SEEN, (b * LONGEST + T) * SEEN), b * T * SEEN);
  }
  return { seen: trimmed, shape: [B, T, SEEN], lengths, actions, path };
}

/** Poles that begin as this seed and these numbers say, whoever plays them. */
export function drawPoles(seed: number, first: number, count: number): Pole[] {
  return Array.from({ length: count }, (_, n) => new Pole(new Random(seed, first + n)));
}
