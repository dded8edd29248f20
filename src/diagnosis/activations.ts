import type { Parameter, RecurrentActivations } from "../recurrent/layer.js";
import type { Finding } from "./finding.js";
import { percent } from "./phrases.js";

/** What the units of one direction of a recurrent layer do over the steps of a batch. */
export interface LayerActivations {
  readonly name: string;
  /** Real steps that were seen. */
  readonly steps: number;
  readonly units: number;
  /** Units that give the same number at every step. */
  readonly dead: number;
  /** Units at an end of tanh nearly always, where its slope is 0. Never of a layer with relu. */
  readonly saturated: number;
  /** Of an LSTM or a GRU: how many gates there are, and how many are nearly always open or nearly always shut. */
  readonly gates?: { readonly count: number; readonly open: number; readonly shut: number };
}

/** A unit that moves less than this over a batch tells the next layer nothing. */
const STILL = 1e-5;
/** Here the slope of tanh is 2 % of its largest, and that of a sigmoid 4 %. */
const END = 0.99;
/** A share of the steps that leaves no room to learn. */
const NEARLY_ALWAYS = 0.99;

/** @param parameters weight_ih, weight_hh, bias_ih, bias_hh of the direction */
export function summarise(
  name: string,
  parameters: readonly Parameter[],
  { input, output }: RecurrentActivations,
  lengths: Int32Array,
  reverse: boolean,
): LayerActivations {
  const [rows, units] = parameters[1].shape;
  const time = output.length / units / lengths.length;
  const steps = lengths.reduce((sum, length) => sum + length, 0);
  const least = new Float64Array(units).fill(Number.POSITIVE_INFINITY);
  const most = new Float64Array(units).fill(Number.NEGATIVE_INFINITY);
  const atEnd = new Int32Array(units);
  for (const at of realRows(lengths, time)) {
    for (let j = 0; j < units; j++) {
      const h = output[at * units + j];
      least[j] = Math.min(least[j], h);
      most[j] = Math.max(most[j], h);
      if (Math.abs(h) > END) atEnd[j]++;
    }
  }
  const bounded = most.every((h) => h <= 1) && least.some((h) => h < 0); // relu is neither
  const isElman = rows === units;
  const gates = isElman ? undefined : countGates(parameters, input, output, lengths, reverse);
  return {
    name,
    steps,
    units,
    dead: least.filter((low, j) => !(most[j] - low > STILL)).length,
    saturated: isElman && bounded ? atEnd.filter((count) => count >= NEARLY_ALWAYS * steps).length : 0,
    ...(gates && { gates }),
  };
}

function* realRows(lengths: Int32Array, time: number): Generator<number> {
  for (let b = 0; b < lengths.length; b++) for (let t = 0; t < lengths[b]; t++) yield b * time + t;
}

/** Gates of an LSTM stand in the order i, f, g, o, of a GRU r, z, n; g and n are no gates. */
function countGates(
  [weightIh, weightHh, biasIh, biasHh]: readonly Parameter[],
  input: Float32Array,
  output: Float32Array,
  lengths: Int32Array,
  reverse: boolean,
): { count: number; open: number; shut: number } {
  const [rows, H] = weightHh.shape;
  const I = weightIh.shape[1];
  const kept = rows === 4 * H ? [0, 1, 3] : [0, 1];
  const time = output.length / H / lengths.length;
  const [opened, shut] = [new Int32Array(rows), new Int32Array(rows)];
  const steps = lengths.reduce((sum, length) => sum + length, 0);
  lengths.forEach((length, b) => {
    for (let t = 0; t < length; t++) {
      const at = b * time + t;
      const before = reverse ? (t + 1 < length ? at + 1 : -1) : t > 0 ? at - 1 : -1;
      for (const gate of kept) {
        for (let row = gate * H; row < (gate + 1) * H; row++) {
          let sum = biasIh.data[row] + biasHh.data[row];
          for (let i = 0; i < I; i++) sum += weightIh.data[row * I + i] * input[at * I + i];
          if (before >= 0) for (let j = 0; j < H; j++) sum += weightHh.data[row * H + j] * output[before * H + j];
          const value = 1 / (1 + Math.exp(-sum));
          if (value > END) opened[row]++;
          else if (value < 1 - END) shut[row]++;
        }
      }
    }
  });
  const always = (counts: Int32Array) =>
    counts.filter((count, row) => kept.includes(Math.floor(row / H)) && count >= NEARLY_ALWAYS * steps).length;
  return { count: kept.length * H, open: always(opened), shut: always(shut) };
}

/** Fewer steps show nothing of a unit. */
const FEWEST = 20;
/** Some still units are spare; this share of them is a fault. */
const MANY = 0.25;
/** Trained gates may stay open or shut, some of them; not most of a layer. */
const MOST = 0.5;

export function checkActivations({ name, steps, units, dead, saturated, gates }: LayerActivations): Finding[] {
  if (steps < FEWEST) return [];
  const idle = dead + saturated;
  const findings: Finding[] = [];
  if (idle > MANY * units) {
    findings.push({
      code: "units-dead",
      severity: "warning",
      title: "Units do not react to the input",
      evidence: `Of ${units} units, ${dead} give the same number at all ${steps} steps, and ${saturated} are at an end of tanh in nearly all.`,
      numbers: { units, dead, saturated, steps },
      remedy:
        "Scale the inputs to a mean of 0 and a variance of 1, begin with smaller weights, lower the learning rate that drove the units there; with relu take tanh, or smaller biases.",
      where: name,
    });
  }
  const stuck = gates === undefined ? 0 : gates.open + gates.shut;
  if (gates !== undefined && stuck > MOST * gates.count) {
    findings.push({
      code: "gates-saturated",
      severity: "warning",
      title: "Most gates never move",
      evidence: `Of ${gates.count} gates, ${gates.open} are open and ${gates.shut} are shut in nearly all of ${steps} steps (${percent(stuck / gates.count)}).`,
      numbers: { ...gates, steps },
      remedy:
        "Scale the inputs to a mean of 0 and a variance of 1, begin with smaller weights and biases, or lower the learning rate.",
      where: name,
    });
  }
  return findings;
}
