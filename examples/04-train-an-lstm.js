// An LSTM learns to say what it heard three steps ago; the gradient flows back through time.
import { adam, crossEntropy, dense, lstm, Random, sequential, Trainer } from "seqloss";

const [batch, time, symbols, delay] = [16, 12, 4, 3];
const random = new Random(1);
const model = sequential({
  rnn: lstm({ inputs: symbols, hidden: 24, random }),
  head: dense({ inputs: 24, outputs: symbols, random }),
});
const trainer = new Trainer({ model, optimiser: adam({ learningRate: 0.02 }), clip: 1 });

function examples() {
  const heard = Array.from({ length: batch }, () => Array.from({ length: time }, () => random.integer(symbols)));
  const data = new Float32Array(batch * time * symbols);
  heard.flat().forEach((symbol, i) => {
    data[i * symbols + symbol] = 1;
  });
  const inputs = { data, shape: [batch, time, symbols], lengths: new Int32Array(batch).fill(time) };
  const labels = heard.map((list) => list.map((_, t) => (t < delay ? -1 : list[t - delay])));
  return { inputs, loss: (outputs) => crossEntropy(outputs, labels, { ignoreIndex: -1 }) };
}

let loss = 0;
for (let step = 0; step < 400; step++) loss = trainer.step([examples()]).loss;
console.log("guessing costs ln 4 =", Math.log(symbols).toFixed(2));
console.log("after 400 steps:", loss < 0.05 ? "below 0.05" : loss.toFixed(3));
// Prints:
// guessing costs ln 4 = 1.39
// after 400 steps: below 0.05
