// The same computation as code to copy, with PyTorch. Where `SEQLOSS_BENCH_TORCH` names a Python, the test runs all of it there.
import { json } from "./lossCode.js";

type Options = Readonly<Record<string, unknown>>;
const the = (options: Options, name: string, initial: unknown) => String(options[name] ?? initial);
const reduce = (options: Options) => (options.reduction === "sum" || options.reduction === "none" ? "sum" : "mean");
const classesLast = "x.flatten(0, 1), y.flatten()";

/** The wanted score, and a 1 for every other item. */
const others = ["wanted = x.gather(-1, y[..., None])", "others = torch.ones_like(x).scatter(-1, y[..., None], 0.0)"];
const hardest = ["log_w = x.masked_fill(others == 0, -torch.inf).log_softmax(-1)  # the hardest weigh most"];

const margins = (o: Options) => [
  ...others,
  `short = torch.relu(${the(o, "margin", 1)} + x - wanted) * others`,
  `loss = ${o.squared ? "short.square()" : "short"}.sum(-1).${reduce(o)}()`,
];

/** The score of the right tags. */
const scored = (o: Options) => [
  `transitions = torch.tensor(${json(o.transitions)})`,
  ...(["start", "end"] as const).flatMap((name) =>
    o[name] === undefined ? [] : [`${name} = torch.tensor(${json(o[name])})`],
  ),
  "score = x.gather(-1, y[..., None]).sum((1, 2)) + transitions[y[:, :-1], y[:, 1:]].sum(-1)",
  ...(o.start === undefined ? [] : ["score = score + start[y[:, 0]]"]),
  ...(o.end === undefined ? [] : ["score = score + end[y[:, -1]]"]),
];

const lines: Readonly<Record<string, (options: Options) => string[]>> = {
  meanSquaredError: (o) => [`loss = F.mse_loss(x, y, reduction="${reduce(o)}")`],
  meanAbsoluteError: (o) => [`loss = F.l1_loss(x, y, reduction="${reduce(o)}")`],
  huberLoss: (o) => [`loss = F.huber_loss(x, y, delta=${the(o, "delta", 1)}, reduction="${reduce(o)}")`],
  quantileLoss: (o) => [
    `q = ${the(o, "quantile", 0.5)}  # PyTorch has no function for it`,
    `loss = torch.maximum(q * (y - x), (q - 1) * (y - x)).${reduce(o)}()`,
  ],
  binaryCrossEntropy: (o) => [
    `weight = torch.tensor(${the(o, "positiveWeight", 1)})`,
    `loss = F.binary_cross_entropy_with_logits(x, y, pos_weight=weight, reduction="${reduce(o)}")`,
  ],
  focalLoss: (o) => [
    "p = torch.sigmoid(x)  # PyTorch itself has no function for it",
    'plain = F.binary_cross_entropy_with_logits(x, y, reduction="none")',
    `loss = ((y * (1 - p) + (1 - y) * p) ** ${the(o, "gamma", 2)} * plain).${reduce(o)}()`,
  ],
  crossEntropy: (o) => [
    `loss = F.cross_entropy(${classesLast}, label_smoothing=${the(o, "labelSmoothing", 0)}, reduction="${reduce(o)}")`,
  ],
  categoricalCrossEntropy: (o) => [
    `loss = F.cross_entropy(x.flatten(0, 1), y.flatten(0, 1), label_smoothing=${the(o, "labelSmoothing", 0)}, reduction="${reduce(o)}")`,
  ],
  negativeLogLikelihood: (o) => [`loss = F.nll_loss(${classesLast}, reduction="${reduce(o)}")`],
  hingeLoss: (o) => [
    `short = torch.relu(${the(o, "margin", 1)} - y * x)  # PyTorch has no function for it`,
    `loss = ${o.squared ? "short.square()" : "short"}.${reduce(o)}()`,
  ],
  sequenceHingeLoss: (o) => [
    `short = torch.relu(${the(o, "margin", 1)} - y * x)`,
    `loss = ${o.squared ? "short.square()" : "short"}.sum(-1).${reduce(o)}()  # a sum over steps`,
  ],
  sequenceCrossEntropy: (o) => [
    `steps = F.cross_entropy(x.transpose(1, 2), y, label_smoothing=${the(o, "labelSmoothing", 0)}, reduction="none")`,
    `loss = steps.sum(-1).${reduce(o)}()  # a sum over steps`,
  ],
  multiclassHingeLoss: margins,
  rankingHingeLoss: margins,
  bprLoss: (o) => [
    ...others,
    "behind = F.softplus(x - wanted)  # -ln sigmoid(wanted - x)",
    `loss = ((behind * others).sum(-1) / others.sum(-1)).${reduce(o)}()`,
  ],
  bprMaxLoss: (o) => [
    ...others,
    ...hardest,
    `squares = ${the(o, "regularisation", 1)} * (log_w.exp() * x.square()).sum(-1)`,
    `loss = (squares - torch.logsumexp(log_w + F.logsigmoid(wanted - x), -1)).${reduce(o)}()`,
  ],
  top1Loss: (o) => [
    ...others,
    "terms = torch.sigmoid(x - wanted) + torch.sigmoid(x.square())",
    `loss = ((terms * others).sum(-1) / others.sum(-1)).${reduce(o)}()`,
  ],
  top1MaxLoss: (o) => [
    ...others,
    ...hardest,
    "terms = torch.sigmoid(x - wanted) + torch.sigmoid(x.square())",
    `loss = (log_w.exp() * terms).sum(-1).${reduce(o)}()`,
  ],
  sampledSoftmaxLoss: (o) => [
    `drawn = torch.bincount(torch.tensor(${json(o.negatives)}), minlength=x.shape[-1]).float()`,
    "times = drawn.expand_as(x).scatter(-1, y[..., None], 1.0)  # the wanted one once, others as often as drawn",
    `corrected = x - torch.tensor(${json(o.logQ)}) + times.log()`,
    `loss = F.cross_entropy(corrected.flatten(0, 1), y.flatten(), reduction="${reduce(o)}")`,
  ],
  crfLoss: (o) => [
    ...scored(o),
    ...(o.start === undefined ? ["a = x[:, 0]"] : ["a = x[:, 0] + start"]),
    "for t in range(1, x.shape[1]):",
    "    a = torch.logsumexp(a[:, :, None] + transitions, 1) + x[:, t]",
    `loss = (torch.logsumexp(a${o.end === undefined ? "" : " + end"}, -1) - score).${reduce(o)}()`,
  ],
  structuredHingeLoss: (o) => [
    ...scored(o),
    `cost = ${the(o, "costScale", 1)} * (1 - F.one_hot(y, x.shape[-1]))`,
    `a = x[:, 0] + cost[:, 0]${o.start === undefined ? "" : " + start"}`,
    "for t in range(1, x.shape[1]):",
    "    a = (a[:, :, None] + transitions).amax(1) + x[:, t] + cost[:, t]",
    `loss = ((a${o.end === undefined ? "" : " + end"}).amax(-1) - score).${reduce(o)}()`,
  ],
  ctcLoss: (o) => [
    "lengths = torch.full((x.shape[0],), x.shape[1])",
    "label_lengths = torch.tensor([len(label) for label in y])",
    "labels = torch.tensor([k for label in y for k in label])",
    "log_probs = x.log_softmax(-1).transpose(0, 1)  # time first",
    'losses = F.ctc_loss(log_probs, labels, lengths, label_lengths, reduction="none")',
    `loss = losses.${reduce(o)}()  # PyTorch's own mean divides by the labels' lengths`,
  ],
  transducerLoss: (o) => [
    "losses = []  # torchaudio.functional.rnnt_loss is faster",
    "for p, label in zip(x.log_softmax(-1), y):",
    "    T, U = p.shape[0], len(label)",
    "    a = {(0, 0): p.new_zeros(())}",
    "    for t in range(T):",
    "        for u in range(U + 1):",
    "            came = []",
    "            if t > 0: came.append(a[t - 1, u] + p[t - 1, u, 0])",
    "            if u > 0: came.append(a[t, u - 1] + p[t, u - 1, label[u - 1]])",
    "            if came: a[t, u] = torch.logsumexp(torch.stack(came), 0)",
    "    losses.append(-a[T - 1, U] - p[T - 1, U, 0])",
    `loss = torch.stack(losses).${reduce(o)}()`,
  ],
  policyGradientLoss: (o) => [
    `rewards = torch.tensor(${json(o.rewards)}, dtype=torch.float32)`,
    "returns, after = torch.zeros_like(rewards), torch.zeros(rewards.shape[0])",
    "for t in reversed(range(rewards.shape[1])):",
    `    returns[:, t] = after = rewards[:, t] + ${the(o, "discount", 1)} * after`,
    "log_p = x.log_softmax(-1)",
    "chosen = log_p.gather(-1, y[..., None]).squeeze(-1)",
    "entropy = -(log_p.exp() * log_p).sum(-1)",
    `gain = (returns - ${the(o, "baseline", 0)}) * chosen + ${the(o, "entropyWeight", 0)} * entropy`,
    `loss = -gain.sum(-1).${reduce(o)}()`,
  ],
  minimumRiskLoss: (o) => [
    `share = torch.softmax(${the(o, "sharpness", 1)} * x, -1)`,
    `loss = (share * y).sum(-1).${reduce(o)}()`,
  ],
  selfCriticalLoss: (o) => [
    `better = torch.tensor(${json(o.rewards)}) - torch.tensor(${json(o.greedyRewards)})`,
    "chosen = x.log_softmax(-1).gather(-1, y[..., None]).squeeze(-1)",
    `loss = -(better * chosen.sum(-1)).${reduce(o)}()`,
  ],
};

const inWholeNumbers =
  /^(?:crossEntropy|negativeLog|sequenceCross|multiclass|ranking|bpr|top1|sampled|crf|structured|policy|self)/;
const ragged = new Set(["ctcLoss", "transducerLoss"]);

/** undefined where steps are left out or weighed: each of these would need another mask. */
export function pytorchCode(name: string, outputs: unknown, targets: unknown, options: Options): string | undefined {
  const body = lines[name];
  if (body === undefined || ["lengths", "weights", "per"].some((option) => option in options)) return undefined;
  return [
    "import torch",
    "import torch.nn.functional as F",
    "",
    `x = torch.tensor(${json(outputs)}, requires_grad=True)`,
    ragged.has(name)
      ? `y = ${json(targets)}`
      : `y = torch.tensor(${json(targets)}${inWholeNumbers.test(name) ? "" : ", dtype=torch.float32"})`,
    ...body(options),
    "loss.backward()  # x.grad is the gradient",
  ].join("\n");
}
