// The jax-js side of the benchmarks: one compiled function of the loss, its gradient and Adam.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { answerAll, load, loadIds } from "./answer.mjs";

const jax = await import("@jax-js/jax");
const { numpy: np, nn } = jax;
await jax.init("wasm");
jax.defaultDevice("wasm");

async function crossEntropy(N, V) {
  const oneHot = nn.oneHot(np.array(loadIds("labels")).astype(np.int32), V);
  const logits = np.array(load("logits")).reshape([N, V]);
  const loss = (x) => np.sum(nn.logSoftmax(x).mul(oneHot.ref)).mul(-1 / N);
  const valueAndGrad = jax.jit(jax.valueAndGrad(loss));
  return async () => {
    const [value, grad] = valueAndGrad(logits.ref);
    await grad.data();
    return (await value.data())[0];
  };
}

const matrix = (name, rows, columns) => np.array(load(name)).reshape([rows, columns]);

async function lstm(T, B, I, H, V) {
  const weights = {
    input: np.transpose(matrix("rnn.weight_ih_l0", 4 * H, I)),
    recurrent: np.transpose(matrix("rnn.weight_hh_l0", 4 * H, H)),
    bias: np.array(load("rnn.bias_ih_l0")).add(np.array(load("rnn.bias_hh_l0"))),
    head: np.transpose(matrix("head.weight", V, H)),
    headBias: np.array(load("head.bias")),
  };
  const inputs = np.transpose(np.array(load("inputs")).reshape([B, T, I]), [1, 0, 2]).reshape([T * B, I]);
  const oneHot = np.transpose(nn.oneHot(np.array(loadIds("labels")).astype(np.int32), V).reshape([B, T, V]), [1, 0, 2]);
  const wanted = oneHot.reshape([T * B, V]);
  const loss = ({ input, recurrent, bias, head, headBias }, x, y) => {
    const gates = np.split(np.matmul(x, input).add(bias), T, 0);
    let h = np.zeros([B, H]);
    let c = np.zeros([B, H]);
    const hidden = [];
    for (let t = 0; t < T; t++) {
      const [i, f, g, o] = np.split(gates[t].add(np.matmul(h, recurrent.ref)), 4, 1);
      c = nn
        .sigmoid(f)
        .mul(c)
        .add(nn.sigmoid(i).mul(np.tanh(g)));
      h = nn.sigmoid(o).mul(np.tanh(c.ref));
      hidden.push(h.ref);
    }
    const logits = np.matmul(np.concatenate(hidden, 0), head).add(headBias);
    return np.sum(nn.logSoftmax(logits).mul(y)).mul(-1 / (T * B));
  };
  const names = Object.keys(weights);
  const zeros = () => Object.fromEntries(names.map((name) => [name, np.zerosLike(weights[name].ref)]));
  const train = jax.jit((w, m, v, rate, x, y) => {
    const [value, grad] = jax.valueAndGrad(loss)(jax.tree.ref(w), x, y);
    const next = { w: {}, m: {}, v: {} };
    for (const name of names) {
      const g = grad[name];
      next.m[name] = m[name].mul(0.9).add(g.ref.mul(0.1));
      next.v[name] = v[name].mul(0.999).add(np.square(g).mul(0.001));
      const move = next.m[name].ref.div(np.sqrt(next.v[name].ref).add(1e-8));
      next.w[name] = w[name].sub(move.mul(rate.ref));
    }
    return [value, next.w, next.m, next.v];
  });
  let [w, m, v] = [weights, zeros(), zeros()];
  let step = 0;
  return async () => {
    step++;
    const rate = np.array((1e-3 * Math.sqrt(1 - 0.999 ** step)) / (1 - 0.9 ** step));
    const [value, ...next] = train(w, m, v, rate, inputs.ref, wanted.ref);
    [w, m, v] = next;
    await jax.blockUntilReady(jax.tree.ref(w));
    return (await value.data())[0];
  };
}

const packageFile = join(dirname(createRequire(import.meta.url).resolve("@jax-js/jax")), "..", "package.json");
const { version } = JSON.parse(readFileSync(packageFile, "utf8"));
await answerAll(version, { crossEntropy, lstm });
