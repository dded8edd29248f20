import { choice, fillIn, order, type Template, trueFalse } from "../template.js";

export function gradients(): readonly Template[] {
  return [
    order({
      id: "training-step",
      topic: "gradients",
      level: 1,
      prompt: "Put in order one training step of a recurrent network.",
      steps: [
        "run the network forward over the time steps",
        "compute the loss and its gradient with respect to the outputs",
        "carry the gradient back through the time steps",
        "clip the gradient of the weights",
        "move the weights against it",
      ],
      reason:
        "The loss comes after the whole forward pass; clipping needs the finished gradient of all weights, and must come before they move.",
    }),
    choice({
      id: "shared-weights",
      topic: "gradients",
      level: 2,
      prompt: "A recurrent weight is used at every time step. What is its gradient?",
      right: "the sum of its gradients at all the steps",
      wrong: [
        {
          text: "the gradient at the last step",
          whyNot: "Each use of the weight changes the loss; all of them count.",
        },
        {
          text: "the product of its gradients at the steps",
          whyNot: "Along one path factors multiply; over the uses of a weight parts add.",
        },
        { text: "the largest of its gradients", whyNot: "The chain rule adds; it takes no maximum." },
      ],
      reason: "Unrolled, the network has T copies of the weight, all equal; the chain rule adds their parts.",
    }),
    choice({
      id: "vanishing-cause",
      topic: "gradients",
      level: 1,
      prompt: "Why does the gradient of a plain recurrent network vanish over long spans?",
      right: "It is multiplied by a factor below 1 at each step back",
      wrong: [
        {
          text: "The loss becomes smaller towards the start",
          whyNot: "It happens for a loss at the last step alone, too.",
        },
        { text: "The weights are rounded", whyNot: "It happens in exact arithmetic: a power of a number below 1." },
        { text: "Padding cuts it off", whyNot: "Real steps alone are enough for it." },
      ],
      reason:
        "∂h_T/∂h_t is a product of Jacobians. Where they shrink, it falls exponentially with T − t; where they stretch, it explodes (Bengio et al. 1994).",
    }),
    fillIn({
      id: "explosion-remedy",
      topic: "gradients",
      level: 1,
      prompt: "The common remedy for exploding gradients is gradient _____.",
      answer: "clipping",
      synonyms: ["clip", "norm clipping", "clipping by norm"],
      reason: "Scaling the gradient to a largest norm keeps its direction and bounds the step (Pascanu et al. 2013).",
    }),
    trueFalse({
      id: "clipping-and-vanishing",
      topic: "gradients",
      level: 2,
      prompt: "Gradient clipping also cures vanishing gradients.",
      answer: false,
      reason:
        "It only makes large gradients smaller. Against vanishing help gates (LSTM, GRU), orthogonal weights, shortcuts or attention.",
    }),
    choice({
      id: "truncated-bias",
      topic: "gradients",
      level: 3,
      prompt:
        "Truncated backpropagation with windows of 20 steps carries the state from window to window. What can it not learn?",
      right: "to keep in the state what is useful more than a window later",
      wrong: [
        {
          text: "to use anything that is older than 20 steps",
          whyNot: "The state carries old inputs forward; only the gradient stops at the window.",
        },
        { text: "order within a window", whyNot: "Within a window backpropagation is complete." },
        {
          text: "nothing: its gradient is that of all the steps",
          whyNot: "Parts of the chain rule across the border are left out, which biases the gradient.",
        },
      ],
      reason:
        "The forward pass crosses windows and the gradient does not, so that no error tells an early step what a late one needed.",
    }),
    choice({
      id: "gate-of-the-lstm",
      topic: "gradients",
      level: 2,
      prompt: "Through what does an LSTM's gradient pass from cell state to cell state?",
      right: "the forget gate, as a factor for each unit",
      wrong: [
        {
          text: "the recurrent weight matrix at each step",
          whyNot: "The cell's own path c_t = f c_{t−1} + i g has no matrix in it.",
        },
        { text: "the output gate", whyNot: "It scales what leaves the cell, not what stays in it." },
        { text: "nothing: the path is cut", whyNot: "It is the path that keeps the gradient alive." },
      ],
      reason:
        "∂c_t/∂c_{t−1} along the cell is f_t. With f near 1 the gradient stays, hence a forget bias of 1 or 2 at the start.",
    }),
    trueFalse({
      id: "mean-of-means",
      topic: "gradients",
      level: 2,
      prompt: "The mean over the tokens of a batch is the mean of the means of its micro-batches.",
      answer: false,
      reason: "Only where they have equally many tokens. Otherwise add the sums and the counts, and divide once.",
    }),
    choice({
      id: "gradient-check",
      topic: "gradients",
      level: 2,
      prompt: "How is a hand-written gradient checked?",
      right: "against (L(x + h) − L(x − h)) / 2h, in float64, away from corners",
      wrong: [
        { text: "by seeing the loss fall in training", whyNot: "A wrong gradient often still points downhill." },
        {
          text: "against (L(x + h) − L(x)) / h with h = 1",
          whyNot: "With such a step the curvature is measured along with the slope.",
        },
        { text: "in float32 with h = 10⁻⁸", whyNot: "float32 has seven digits: x + 10⁻⁸ is x, for x near 1." },
      ],
      reason:
        "Central differences have an error in h², and float64 leaves room for a small h. At a corner (hinge, absolute error) the two sides differ.",
    }),
    choice({
      id: "loss-is-nan",
      topic: "gradients",
      level: 2,
      prompt:
        "A loss computed as log(softmax(z)) becomes infinite or NaN for large logits, and log-softmax does not. Why?",
      right: "The softmax rounds small probabilities to 0 (or overflows) before the logarithm is taken",
      wrong: [
        { text: "log-softmax clips the logits", whyNot: "It subtracts the largest; nothing is cut off." },
        { text: "log-softmax uses log₂", whyNot: "It is the same function, with the natural logarithm." },
        { text: "softmax is not differentiable", whyNot: "It is smooth everywhere." },
      ],
      reason:
        "Taken together, z − max − ln Σ e^(z − max) never forms the tiny probability: its logarithm is found directly.",
    }),
  ];
}
