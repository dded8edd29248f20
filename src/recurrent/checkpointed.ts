import type {
  Recurrence,
  RecurrenceOutput,
  RecurrentGradients,
  RecurrentState,
  RecurrentWeights,
  WantedGradients,
} from "../core/recurrence.js";

/** How many steps a segment has: a number, or ⌈√T⌉ of the longest sequence. */
export type Checkpoint = "sqrt" | number;

/** Steps that are computed together, of all sequences that reach them. */
interface Segment {
  readonly start: number;
  readonly steps: number;
  /** Real steps of each sequence within the segment. */
  readonly lengths: Int32Array;
  /** The states it begins with. */
  readonly before: RecurrentState | undefined;
}

interface Pass {
  readonly input: Float32Array;
  readonly time: number;
  readonly batch: number;
  readonly segments: readonly Segment[];
}

/**
 * Another recurrence, segment by segment (Chen et al. 2016, "Training deep nets with sublinear memory cost"; Gruslys et al. 2016,
 * "Memory-efficient backpropagation through time"): the forward pass keeps the states at the segments' ends alone; the backward
 * pass goes from the last segment to the first, computes each again with its tape, and takes the gradient of its final states from
 * the segment behind it. The tape is as long as one segment.
 *
 * On the kernels, outputs, states and the gradients of inputs, states and norms are those of the whole sequence to the bit; those of
 * the weights are sums over steps, added up segment by segment, and equal within float32 rounding. On the reference all are within
 * float32 rounding, as states between segments are float32.
 */
export class CheckpointedRecurrence implements Recurrence {
  private pass: Pass | undefined;

  constructor(
    private readonly inner: Recurrence,
    private readonly checkpoint: Checkpoint,
  ) {}

  forward(
    weights: RecurrentWeights,
    input: Float32Array,
    time: number,
    lengths: Int32Array,
    initial?: RecurrentState,
  ): RecurrenceOutput {
    this.pass = undefined;
    const output = new Float32Array(lengths.length * time * weights.hidden);
    const segments: Segment[] = [];
    const pass = { input, time, batch: lengths.length, segments };
    let longest = 0;
    for (const length of lengths) longest = Math.max(longest, length);
    const most = Math.max(1, this.checkpoint === "sqrt" ? Math.ceil(Math.sqrt(longest)) : this.checkpoint);
    let final = initial;
    let start = 0;
    do {
      const steps = Math.min(most, longest - start);
      const own = lengths.map((length) => Math.min(Math.max(length - start, 0), steps));
      const segment = { start, steps, lengths: own, before: final };
      segments.push(segment);
      const computed = this.compute(weights, pass, segment);
      putSteps(output, computed.output, pass, segment);
      final = computed.final;
      start += steps;
    } while (start < longest);
    this.pass = pass;
    return { output, final };
  }

  backward(
    weights: RecurrentWeights,
    gradOutput: Float32Array,
    wanted: WantedGradients,
    gradFinal?: RecurrentState,
  ): RecurrentGradients {
    if (this.pass === undefined) throw new Error("backward comes once after each forward");
    const { pass } = this;
    this.pass = undefined;
    const { time, batch, segments } = pass;
    const input = new Float32Array(wanted.input ? batch * time * weights.inputs : 0);
    const squaredNorms = new Float64Array(wanted.norms ? batch * time : 0);
    const sums = ([weights.weightIh, weights.weightHh, weights.biasIh, weights.biasHh] as const).map(
      ({ length }) => new Float64Array(length),
    );
    let carried = gradFinal;
    for (const segment of segments.toReversed()) {
      // the forward pass left the tape of the last segment
      if (segment !== segments.at(-1)) this.compute(weights, pass, segment);
      const own = takeSteps(gradOutput, pass, segment);
      const grads = this.inner.backward(weights, own, wanted, carried);
      [grads.weightIh, grads.weightHh, grads.biasIh, grads.biasHh].forEach((added, p) => {
        for (let i = 0; i < added.length; i++) sums[p][i] += added[i];
      });
      if (wanted.input) putSteps(input, grads.input, pass, segment);
      if (wanted.norms) putSteps(squaredNorms, grads.squaredNorms, pass, segment);
      carried = grads.initial;
    }
    const [weightIh, weightHh, biasIh, biasHh] = sums;
    const initial = carried as RecurrentState;
    return { input, initial, weightIh, weightHh, biasIh, biasHh, squaredNorms };
  }

  dispose(): void {
    this.inner.dispose();
    this.pass = undefined;
  }

  private compute(weights: RecurrentWeights, pass: Pass, segment: Segment): RecurrenceOutput {
    const input = takeSteps(pass.input, pass, segment);
    return this.inner.forward(weights, input, segment.steps, segment.lengths, segment.before);
  }
}

/** The segment's steps of each sequence. */
function takeSteps(data: Float32Array, { time, batch }: Pass, { start, steps }: Segment): Float32Array {
  const width = data.length / (batch * time) || 0;
  const part = new Float32Array(batch * steps * width);
  for (let b = 0; b < batch; b++) {
    const from = (b * time + start) * width;
    part.set(data.subarray(from, from + steps * width), b * steps * width);
  }
  return part;
}

/** The reverse. */
function putSteps<Data extends Float32Array | Float64Array>(
  data: Data,
  part: Data,
  { time, batch }: Pass,
  { start, steps }: Segment,
): void {
  const width = data.length / (batch * time) || 0;
  for (let b = 0; b < batch; b++) {
    data.set(part.subarray(b * steps * width, (b + 1) * steps * width), (b * time + start) * width);
  }
}
