import {
  type EncoderDecoder,
  type Layer,
  padIds,
  pairSequences,
  type Random,
  sampleSequences,
  sequenceBeamSearch,
  type Tensor,
} from "../../src/index.js";
import type { Progress } from "../task.js";
import type { Example } from "./corpus.js";
import { END, START, type Vocabulary } from "./vocabulary.js";

/** Sources that are written at once. */
const GROUP = 64;

/** A network with the symbols that it reads and writes. */
export interface Writer {
  readonly model: EncoderDecoder;
  readonly sources: Vocabulary;
  readonly targets: Vocabulary;
  /** Of the beam, by Wu et al. 2016. */
  readonly lengthPenalty: number;
}

const symbolsOf = ({ source }: Pick<Example, "source">) => source;

/** Symbols that may be written of a source at most. */
const limitOf = (source: readonly unknown[]) => 2 * source.length + 5;

/** What the network writes of each source: the best of a beam. */
export function writeAll(
  { model, sources, targets, lengthPenalty }: Writer,
  examples: readonly Pick<Example, "source">[],
  width: number,
  progress?: Progress,
): string[][] {
  // sources of similar lengths together: less is padded
  const order = [...examples.keys()].sort((a, b) => symbolsOf(examples[a]).length - symbolsOf(examples[b]).length);
  const written = new Array<string[]>(examples.length);
  for (let start = 0; start < order.length; start += GROUP) {
    const group = order.slice(start, start + GROUP);
    const read = group.map((n) => symbolsOf(examples[n]));
    const states = model.encode(padIds(read.map((symbols) => sources.encode(symbols))));
    const options = { start: START, end: END, maxLength: read.map(limitOf), width, lengthPenalty };
    sequenceBeamSearch(model, states, options).forEach(([best], n) => {
      written[group[n]] = targets.decode(best?.tokens ?? []);
    });
    progress?.(start + group.length, order.length, "the test part");
  }
  return written;
}

/** Some sequences of ids drawn from the network for each source. */
export function drawEach(
  model: EncoderDecoder,
  sources: readonly (readonly number[])[],
  count: number,
  random: Random,
): number[][][] {
  const states = model.encode(padIds(sources));
  const repeated = states.flatMap((state) => new Array<typeof state>(count).fill(state));
  const maxLength = sources.flatMap((source) => new Array<number>(count).fill(limitOf(source)));
  const drawn = sampleSequences(model, repeated, { start: START, end: END, maxLength, random });
  return sources.map((_, n) => drawn.slice(n * count, (n + 1) * count).map(({ tokens }) => [...tokens]));
}

/** How much each symbol that was written, and the end, took from each symbol of the source: rows of shares. */
export function attentionOf(
  { model, sources, targets }: Writer,
  source: readonly string[],
  written: readonly string[],
) {
  const attention = new Map<Layer, Tensor<Float32Array>>();
  const { inputs } = pairSequences([sources.encode(source)], [targets.encode(written)], { start: START, end: END });
  model.forward(inputs, { attention });
  const { data } = attention.get(model) as Tensor<Float32Array>;
  const T = source.length;
  return Array.from({ length: written.length + 1 }, (_, u) => data.slice(u * T, (u + 1) * T));
}
