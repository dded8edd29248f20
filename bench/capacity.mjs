// The largest problems that 4 GiB of the kernels' memory hold, from the library's own plans of it; and whether they run.
import { crossEntropy, ctcLoss, kernelTensors, lstm, Random, zeros } from "../dist/src/index.js";
import { planArena } from "../dist/src/kernels/arena.js";
import { MEMORY_LIMIT, PAGE } from "../dist/src/kernels/memory.js";
import { recurrenceBytes } from "../dist/src/kernels/recurrence.js";

/** The largest whole number that fits. */
function largest(fits) {
  let high = 1;
  while (fits(high)) high *= 2;
  let low = high / 2;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle;
  }
  return low;
}

const inPlace = (numbers) => planArena(numbers, 2).total;
/** The first page holds the kernels' constants. */
const layerBytes = ({ I, H, B }, T) =>
  PAGE + recurrenceBytes({ cell: "lstm", inputs: I, hidden: H }, new Int32Array(B).fill(T), T);

/** Sizes that are held, the one that is looked for, and the bytes that it takes. */
export const limits = [
  { subject: "ctcLoss, in place", axis: "B", fixed: { T: 150, V: 29 }, bytes: (B) => inPlace(B * 150 * 29) },
  { subject: "ctcLoss, in place", axis: "B", fixed: { T: 250, V: 5000 }, bytes: (B) => inPlace(B * 250 * 5000) },
  { subject: "crossEntropy, in place", axis: "N", fixed: { V: 1000 }, bytes: (N) => inPlace(N * 1000) },
  { subject: "crossEntropy, in place", axis: "N", fixed: { V: 50_000 }, bytes: (N) => inPlace(N * 50_000) },
  ...[
    { I: 32, H: 32, B: 32 },
    { I: 128, H: 256, B: 32 },
    { I: 512, H: 512, B: 64 },
  ].map((fixed) => ({
    subject: "lstm",
    axis: "T",
    fixed,
    bytes: (T) => layerBytes(fixed, T),
    withCheckpoint: (T) => layerBytes(fixed, Math.ceil(Math.sqrt(T))),
  })),
].map(({ bytes, withCheckpoint, ...limit }) => {
  const most = largest((size) => bytes(size) <= MEMORY_LIMIT);
  return { ...limit, most, bytes: bytes(most), withCheckpoint: withCheckpoint?.(most) };
});

function fill(data) {
  const random = new Random(9);
  const tile = Float32Array.from({ length: 65_521 }, () => random.normal());
  for (let at = 0; at < data.length; at += tile.length) data.set(tile.subarray(0, data.length - at), at);
}

const same = (a, b) => a.every((x, i) => x === b[i]);

function check(what, holds) {
  if (!holds) throw new Error(`${what}: the last of the largest batch is not what it is alone`);
}

function refusal(attempt) {
  try {
    attempt();
  } catch (error) {
    if (error.code === "MEMORY") return error.message;
    throw error;
  }
  throw new Error("one more than the largest was not refused");
}

const limitOf = (subject, V) => limits.find((limit) => limit.subject === subject && limit.fixed.V === V);

function largestCrossEntropy() {
  const { most: N, fixed, bytes } = limitOf("crossEntropy, in place", 1000);
  const { V } = fixed;
  const [logits, into] = kernelTensors([N, V], 2);
  fill(logits.data);
  const labels = new Int32Array(N).fill(7);
  const start = performance.now();
  const { losses, grad } = crossEntropy(logits, labels, { into: into.data, reduction: "none" });
  const seconds = (performance.now() - start) / 1000;
  const row = { data: logits.data.slice(-V), shape: [1, V] };
  const alone = crossEntropy(row, [7], { reduction: "none" });
  check("crossEntropy", losses[N - 1] === alone.losses[0] && same(alone.grad.data, grad.data.subarray(-V)));
  return { sizes: { N, V }, bytes, seconds, beyond: refusal(() => kernelTensors([N + 1, V], 2)) };
}

function largestCtc() {
  const { most: B, fixed, bytes } = limitOf("ctcLoss, in place", 5000);
  const { T, V } = fixed;
  const [logits, into] = kernelTensors([B, T, V], 2);
  fill(logits.data);
  const label = [1, 2, 3, 4, 5];
  const start = performance.now();
  const { losses, grad } = ctcLoss(logits, new Array(B).fill(label), { into: into.data, reduction: "none" });
  const seconds = (performance.now() - start) / 1000;
  const last = { data: logits.data.slice(-T * V), shape: [1, T, V] };
  const alone = ctcLoss(last, [label], { reduction: "none" });
  check("ctcLoss", losses[B - 1] === alone.losses[0] && same(alone.grad.data, grad.data.subarray(-T * V)));
  return { sizes: { B, T, V }, bytes, seconds, beyond: refusal(() => kernelTensors([B + 1, T, V], 2)) };
}

function largestLstm() {
  const { most: T, fixed, bytes } = limits.find(({ subject }) => subject === "lstm");
  const { I, H, B } = fixed;
  const options = { inputs: I, hidden: H, seed: 1 };
  const layer = lstm(options);
  const batch = (count, time) => ({ ...zeros([count, time, I]), lengths: new Int32Array(count).fill(time) });
  const input = batch(B, T);
  fill(input.data);
  const start = performance.now();
  const output = layer.forward(input, { training: true });
  const gradInput = layer.backward({ data: output.data, shape: output.shape });
  const seconds = (performance.now() - start) / 1000;
  layer.dispose();
  const last = (data) => data.subarray((B - 1) * T * (data.length / (B * T)));
  const single = lstm(options);
  const alone = single.forward({ data: last(input.data), shape: [1, T, I], lengths: Int32Array.of(T) });
  const gradAlone = single.backward({ data: alone.data, shape: alone.shape });
  single.dispose();
  check("lstm", same(alone.data, last(output.data)) && same(gradAlone.data, last(gradInput.data)));
  return { sizes: { I, H, B, T }, bytes, seconds, beyond: refusal(() => layer.forward(batch(B, T + 1))) };
}

/** Runs the largest problem of each kind, compares its last sequence with the same alone, and asks for one more. */
export const largestRuns = {
  "crossEntropy, in place": largestCrossEntropy,
  "ctcLoss, in place": largestCtc,
  lstm: largestLstm,
};
