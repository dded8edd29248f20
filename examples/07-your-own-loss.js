// Domain knowledge as a loss: stock that is missing costs four times what stock left over does, and a plan must not jump.
import { adam, combineLosses, customLoss, dense, lstm, padSequences, Random, sequential, Trainer } from "seqloss";

/** Σ_t c(miss), 4 a unit missing and 1 a unit left over, round at the corner. */
const cost = customLoss(({ data }, wanted) => {
  const miss = Array.from(data, (x, t) => x - wanted[t]);
  const price = miss.map((m) => (m < 0 ? 4 : 1));
  return {
    value: miss.reduce((sum, m, t) => sum + price[t] * (Math.sqrt(m * m + 0.01) - 0.1), 0),
    grad: miss.map((m, t) => (price[t] * m) / Math.sqrt(m * m + 0.01)),
  };
});

/** Σ_t (x_t − x_t−1)². */
const jumps = customLoss(({ data }) => {
  const jump = Array.from(data, (x, t) => (t === 0 ? 0 : x - data[t - 1]));
  return {
    value: jump.reduce((sum, d) => sum + d * d, 0),
    grad: jump.map((d, t) => 2 * (d - (jump[t + 1] ?? 0))),
  };
});

// Both gradients are compared with differences of the values, once. The second loss counts more and more.
const loss = combineLosses([
  [1, cost],
  [(step) => Math.min(5, step / 20), jumps],
]);

const random = new Random(1);
const demand = Array.from({ length: 32 }, (_, b) =>
  Float64Array.from({ length: 25 }, (_, t) => 2 + Math.sin((t + b) / 4) + 0.4 * random.normal()),
);
const past = demand.map((day) => Float32Array.from(day.slice(0, 24)));
const inputs = padSequences(past, 1);
const next = demand.map((day) => day.slice(1));

function train(compute) {
  const random = new Random(2);
  const [rnn, head] = [lstm({ inputs: 1, hidden: 16, random }), dense({ inputs: 16, outputs: 1, random })];
  const trainer = new Trainer({ model: sequential({ rnn, head }), optimiser: adam({ learningRate: 0.02 }), clip: 5 });
  for (let step = 0; step < 200; step++) {
    trainer.step([{ inputs, loss: (outputs) => compute(outputs, next, { step }) }]);
  }
  const plan = trainer.model.forward(inputs);
  const short = plan.data.filter((x, i) => x < next[Math.floor(i / 24)][i % 24]).length / plan.data.length;
  const { terms } = loss(plan, next, { step: 200, gradient: false });
  return { shortOfDemand: Math.round(10 * short) / 10, jumps: Math.round(2 * terms[1].result.value) / 2 };
}
console.log("both:", train(loss));
console.log("cost alone:", train(cost));
// Prints:
// both: { shortOfDemand: 0.2, jumps: 0.5 }
// cost alone: { shortOfDemand: 0.2, jumps: 1.5 }
