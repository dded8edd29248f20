import {
  type ChainLossResult,
  crfLoss,
  crossEntropy,
  type Layer,
  type LossResult,
  type Parameter,
  type SequenceBatch,
  structuredHingeLoss,
  viterbiDecode,
} from "../../src/index.js";

type ChainLoss = (
  emissions: SequenceBatch,
  tags: number[][],
  options: ReturnType<TagChain["options"]> & { readonly per: "step" },
) => ChainLossResult;

/** Losses of whole taggings learn what follows what; cross-entropy looks at each step on its own. */
export const LOSSES: Readonly<Record<string, ChainLoss | undefined>> = {
  crfLoss,
  structuredHingeLoss,
  crossEntropy: undefined,
};

/** The scores that all steps of a chain share, as the last layer of a network: it passes emissions on. */
export interface TagChain {
  readonly layer: Layer;
  /** What losses and decoders of chains are told of it. */
  options(lengths: Int32Array): {
    readonly transitions: { readonly data: Float32Array; readonly shape: number[] };
    readonly start: Float32Array;
    readonly end: Float32Array;
    readonly lengths: Int32Array;
  };
  /** The mean over steps. What the layer is given back afterwards carries the gradients of the shared scores with it. */
  loss(emissions: SequenceBatch, tags: number[][]): LossResult;
  /** The best taggings. */
  decode(emissions: SequenceBatch): Int32Array[];
}

const zeroParameter = (name: string, shape: readonly number[]): Parameter => {
  const size = shape.reduce((a, b) => a * b, 1);
  return { name, shape, data: new Float32Array(size), grad: new Float32Array(size) };
};

/** Of K tags; without a loss of chains all shared scores stay 0, and each step is decoded on its own. */
export function tagChain(K: number, loss: ChainLoss | undefined): TagChain {
  const shared = [zeroParameter("transitions", [K, K]), zeroParameter("start", [K]), zeroParameter("end", [K])];
  const [transitions, start, end] = shared.map(({ data }) => data);
  const parameters = loss === undefined ? [] : shared;
  let pending: ChainLossResult | undefined;
  const chain: TagChain = {
    options: (lengths) => ({ transitions: { data: transitions, shape: [K, K] }, start, end, lengths }),
    loss(emissions, tags) {
      const { lengths } = emissions;
      if (loss === undefined) return crossEntropy(emissions, tags, { lengths });
      pending = loss(emissions, tags, { ...chain.options(lengths), per: "step" });
      return pending;
    },
    decode: (emissions) => viterbiDecode(emissions, chain.options(emissions.lengths)).map(({ tags }) => tags),
    layer: {
      parameters,
      structure: { kind: "identity" },
      forward: (input) => input,
      backward(gradOutput) {
        if (pending !== undefined) {
          const { gradTransitions, gradStart, gradEnd, weight } = pending;
          [gradTransitions, gradStart, gradEnd].forEach(({ data }, n) => {
            for (let i = 0; i < data.length; i++) shared[n].grad[i] += weight * data[i];
          });
          pending = undefined;
        }
        return { data: gradOutput.data as Float32Array, shape: gradOutput.shape };
      },
      dispose() {},
    },
  };
  return chain;
}
