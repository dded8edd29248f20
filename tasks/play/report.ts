import { Random } from "../../src/index.js";
import type { Evaluation, Interval, Sample } from "../task.js";
import { drawPath, filmPath } from "./draw.js";
import type { Episodes } from "./episodes.js";
import { LONGEST, type Pole } from "./pole.js";

export const meanReturn = (lengths: ArrayLike<number>): number =>
  Array.from(lengths).reduce((sum, length) => sum + length, 0) / lengths.length;

/** What each push was followed by on average over the episodes that lasted so long: the discounted return, [B][T]. */
export function averageAtEachStep(lengths: Int32Array, discount: number): number[][] {
  const toGo = (left: number) => (discount === 1 ? left : (1 - discount ** left) / (1 - discount));
  const averages = Array.from({ length: Math.max(...lengths) }, (_, t) => {
    const alive = Array.from(lengths).filter((length) => length > t);
    return alive.reduce((sum, length) => sum + toGo(length - t), 0) / alive.length;
  });
  return Array.from(lengths, (length) => averages.slice(0, length));
}

/** Rules that remember nothing: what they see decides the push. A policy without a memory can do no better than the best. */
const RULES: Readonly<Record<string, (seen: Float32Array, random: Random) => number>> = {
  "a push at random": (_, random) => random.integer(2),
  "towards the lean": ([, lean]) => Number(lean > 0),
};

/** Linear rules of what is seen, drawn at random: the best of them shows how far seeing alone goes. */
const LINEAR_RULES = 200;

function playRule(pole: Pole, rule: (seen: Float32Array, random: Random) => number, random: Random): number {
  const seen = new Float32Array(2);
  let steps = 0;
  while (steps < LONGEST && !pole.fallen) {
    pole.see(seen, 0);
    pole.push(rule(seen, random));
    steps++;
  }
  return steps;
}

/** How long poles stood, beside policies that remember nothing. */
export function report(played: Episodes, forgetful: Episodes, poles: () => readonly Pole[]): Evaluation {
  const random = new Random(0);
  const ruled = (rule: (seen: Float32Array, random: Random) => number, some = poles()) =>
    some.map((pole) => playRule(pole, rule, random));
  const linear = Array.from({ length: LINEAR_RULES }, () => {
    const [a, b, c] = [random.normal(), random.normal(), 0.1 * random.normal()];
    return ([position, lean]: Float32Array) => Number(a * position + b * lean + c > 0);
  });
  const quick = linear.map((rule) => meanReturn(ruled(rule, poles().slice(0, 10))));
  const best = linear[quick.indexOf(Math.max(...quick))];
  const row = (name: string, lengths: ArrayLike<number>) => {
    const stood = Array.from(lengths).filter((length) => length === LONGEST).length;
    return [
      name,
      meanReturn(lengths).toFixed(1),
      String(Math.min(...Array.from(lengths))),
      `${stood} of ${lengths.length}`,
    ];
  };
  return {
    scores: { meanReturn: meanReturn(played.lengths) },
    intervals: { meanReturn: bootstrap(played.lengths) },
    on: `${played.lengths.length} poles that it did not train on, ${LONGEST} steps at most`,
    table: [
      ["policy", "mean return", "shortest", `stood ${LONGEST} steps`],
      row("the network", played.lengths),
      row("the same, without its memory", forgetful.lengths),
      row(`the best of ${LINEAR_RULES} linear rules of what is seen`, ruled(best)),
      ...Object.entries(RULES).map(([name, rule]) => row(name, ruled(rule))),
    ],
    notes: ["Gymnasium counts its CartPole-v1, whose speeds are seen, as solved at a mean return of 475 of 500."],
    samples: [sampleOf(played)],
  };
}

/** 95 % interval of the mean, from episodes drawn with replacement. */
function bootstrap(lengths: Int32Array): Interval {
  const random = new Random(0);
  const means = Float64Array.from({ length: 1000 }, () =>
    meanReturn(lengths.map(() => lengths[random.integer(lengths.length)])),
  ).sort();
  return [means[25], means[974]];
}

export function sampleOf({ path, lengths, actions }: Episodes): Sample {
  const [steps] = lengths;
  const end = steps === LONGEST ? "and stands" : "then it fell";
  const reading = `balanced the pole for ${steps} steps, ${(steps / 50).toFixed(1)} s, ${end}`;
  return {
    ...{ drawing: drawPath(path), film: filmPath(path, actions[0]) },
    ...{ truth: "", reading, quantities: { truth: "", reading: "it" } },
  };
}
