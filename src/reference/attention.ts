/** One sequence: U queries of H numbers, T keys of H, T values of M, each row after row. */
export interface AttentionRows {
  readonly hidden: number;
  readonly queries: Float32Array;
  readonly keys: Float32Array;
  readonly values: Float32Array;
}

/** What each query takes from each value, U × T, and the sums of values that come of it, U × M. */
export interface Attended {
  readonly weights: Float32Array;
  readonly contexts: Float32Array;
}

export interface AttentionGradients {
  readonly queries: Float32Array;
  readonly keys: Float32Array;
  readonly values: Float32Array;
}

interface Sizes {
  readonly queries: number;
  readonly keys: number;
  /** Numbers in each value. */
  readonly width: number;
}

function sizesOf({ hidden, queries, keys, values }: AttentionRows): Sizes {
  const T = keys.length / hidden;
  return { queries: queries.length / hidden, keys: T, width: T === 0 ? 0 : values.length / T };
}

/**
 * Dot-product attention (Luong et al. 2015, section 3.1): a_uj = softmax over j of q_u · k_j, c_u = Σ_j a_uj v_j. Sums in
 * float64. Over no keys there are no weights and no contexts.
 */
export function attend(rows: AttentionRows): Attended {
  const { hidden: H, queries, keys, values } = rows;
  const { queries: U, keys: T, width: M } = sizesOf(rows);
  const weights = new Float32Array(U * T);
  const contexts = new Float32Array(U * M);
  const scores = new Float64Array(T);
  const context = new Float64Array(M);
  for (let u = 0; u < U; u++) {
    let most = Number.NEGATIVE_INFINITY;
    for (let j = 0; j < T; j++) {
      scores[j] = dot(queries, u * H, keys, j * H, H);
      most = Math.max(most, scores[j]);
    }
    let sum = 0;
    for (let j = 0; j < T; j++) sum += scores[j] = Math.exp(scores[j] - most);
    context.fill(0);
    for (let j = 0; j < T; j++) {
      weights[u * T + j] = scores[j] / sum;
      addScaled(context, 0, scores[j] / sum, values, j * M, M);
    }
    contexts.set(context, u * M);
  }
  return { weights, contexts };
}

/** Gradients of `attend` from those of its contexts, U × M. */
export function attendBackward(
  rows: AttentionRows,
  weights: Float32Array,
  gradContexts: Float32Array,
): AttentionGradients {
  const { hidden: H, queries, keys, values } = rows;
  const { queries: U, keys: T, width: M } = sizesOf(rows);
  const gradQueries = new Float64Array(queries.length);
  const gradKeys = new Float64Array(keys.length);
  const gradValues = new Float64Array(values.length);
  const gradWeights = new Float64Array(T);
  for (let u = 0; u < U; u++) {
    let mean = 0;
    for (let j = 0; j < T; j++) {
      const a = weights[u * T + j];
      gradWeights[j] = dot(gradContexts, u * M, values, j * M, M);
      mean += a * gradWeights[j];
      addScaled(gradValues, j * M, a, gradContexts, u * M, M);
    }
    for (let j = 0; j < T; j++) {
      const gradScore = weights[u * T + j] * (gradWeights[j] - mean);
      addScaled(gradQueries, u * H, gradScore, keys, j * H, H);
      addScaled(gradKeys, j * H, gradScore, queries, u * H, H);
    }
  }
  return {
    queries: Float32Array.from(gradQueries),
    keys: Float32Array.from(gradKeys),
    values: Float32Array.from(gradValues),
  };
}

function dot(a: Float32Array, i: number, b: Float32Array, j: number, count: number): number {
  let sum = 0;
  for (let n = 0; n < count; n++) sum += a[i + n] * b[j + n];
  return sum;
}

/** to += factor · from */
function addScaled(to: Float64Array, i: number, factor: number, from: Float32Array, j: number, count: number): void {
  for (let n = 0; n < count; n++) to[i + n] += factor * from[j + n];
}
