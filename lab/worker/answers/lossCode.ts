// The same computation as code to copy: with this library, and with PyTorch.

const json = (value: unknown): string => JSON.stringify(value).replaceAll(",", ", ");

export function typescriptCode(
  name: string,
  outputs: unknown,
  targets: unknown,
  options: Readonly<Record<string, unknown>>,
): string {
  const given = Object.entries(options)
    .map(([option, value]) => `${option}: ${json(value)}`)
    .join(", ");
  return [
    `import { ${name} } from "seqloss";`,
    "",
    `const outputs = ${json(outputs)};`,
    `const targets = ${json(targets)};`,
    `const { value, grad } = ${name}(outputs, targets${given === "" ? "" : `, { ${given} }`});`,
  ].join("\n");
}

type Options = Readonly<Record<string, unknown>>;
const the = (options: Options, name: string, initial: unknown) => String(options[name] ?? initial);
const reduce = (options: Options) => (options.reduction === "sum" || options.reduction === "none" ? "sum" : "mean");
const classesLast = "x.flatten(0, 1), y.flatten()";

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
};

const whole = new Set(["crossEntropy", "negativeLogLikelihood"]);

/** undefined where PyTorch has neither a function nor a line or two for it. */
export function pytorchCode(name: string, outputs: unknown, targets: unknown, options: Options): string | undefined {
  const body = lines[name];
  if (body === undefined || options.lengths !== undefined) return undefined;
  return [
    "import torch",
    "import torch.nn.functional as F",
    "",
    `x = torch.tensor(${json(outputs)}, requires_grad=True)`,
    `y = torch.tensor(${json(targets)}${whole.has(name) ? "" : ", dtype=torch.float32"})`,
    ...body(options),
    "loss.backward()  # x.grad is the gradient",
  ].join("\n");
}
