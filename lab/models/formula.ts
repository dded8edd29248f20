// The LaTeX that this library writes, as MathML: live numbers and prerendered pages go the same way.

/** A MathML element, or the text in one. */
export interface MathNode {
  readonly tag: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly children: readonly (MathNode | string)[];
}

const node = (tag: string, ...children: readonly (MathNode | string)[]): MathNode => ({ tag, children });
const row = (nodes: readonly MathNode[]): MathNode => (nodes.length === 1 ? nodes[0] : node("mrow", ...nodes));

const letters: Readonly<Record<string, string>> = {
  alpha: "α",
  beta: "β",
  gamma: "γ",
  Gamma: "Γ",
  delta: "δ",
  Delta: "Δ",
  lambda: "λ",
  pi: "π",
  rho: "ρ",
  theta: "θ",
  sigma: "σ",
  tau: "τ",
  phi: "φ",
  partial: "∂",
  ell: "ℓ",
  varnothing: "∅",
  infty: "∞",
};
const operators: Readonly<Record<string, string>> = {
  cdot: "·",
  times: "×",
  ge: "≥",
  le: "≤",
  ne: "≠",
  neq: "≠",
  in: "∈",
  mid: "|",
  to: "→",
  dots: "…",
  "|": "‖",
};
const functions = ["ln", "exp", "max", "min", "tanh", "log"];
const sums: Readonly<Record<string, string>> = { sum: "∑", prod: "∏" };
const spaces: Readonly<Record<string, string>> = { ",": "0.17em", ";": "0.28em", quad: "1em" };

const TOKEN = /\\[a-zA-Z]+|\\.|\d+(?:\.\d+)?|\s+|[^\\]/gu;

/**
 * The formula as a tree. What it does not know it throws on: a formula half shown would be a wrong one.
 *
 * @throws Error that names the command
 */
export function toMath(latex: string): MathNode {
  const tokens = Array.from(latex.matchAll(TOKEN), ([token]) => token).filter((token) => token.trim() !== "");
  let at = 0;

  /** Everything up to one of `ends`, which is left. */
  function until(...ends: readonly string[]): MathNode[] {
    const nodes: MathNode[] = [];
    while (at < tokens.length && !ends.includes(tokens[at])) nodes.push(scripted(atom()));
    return nodes;
  }

  function group(): MathNode {
    if (tokens[at] !== "{") return atom();
    at++;
    const inner = until("}");
    at++;
    return row(inner);
  }

  function rawGroup(): string {
    let text = "";
    for (at++; tokens[at] !== "}"; at++) text += tokens[at];
    at++;
    return text;
  }

  /** What follows with its index and its exponent. */
  function scripted(base: MathNode): MathNode {
    let below: MathNode | undefined;
    let above: MathNode | undefined;
    while (tokens[at] === "_" || tokens[at] === "^" || tokens[at] === "'") {
      const mark = tokens[at++];
      if (mark === "_") below = group();
      else above = mark === "'" ? node("mo", "′") : group();
    }
    const large = base.tag === "mo" && Object.values(sums).includes(String(base.children[0]));
    const [under, over, both] = large ? ["munder", "mover", "munderover"] : ["msub", "msup", "msubsup"];
    if (below && above) return node(both, base, below, above);
    if (below) return node(under, base, below);
    return above ? node(over, base, above) : base;
  }

  function fence(text: string): MathNode {
    const sign = text.replace("\\{", "{").replace("\\}", "}");
    return { tag: "mo", attributes: { fence: "true", stretchy: "true" }, children: [sign] };
  }

  function command(name: string): MathNode {
    if (name in letters) return node("mi", letters[name]);
    if (name in operators) return node("mo", operators[name]);
    if (name in sums) return node("mo", sums[name]);
    if (name in spaces) return { tag: "mspace", attributes: { width: spaces[name] }, children: [] };
    if (functions.includes(name)) return node("mi", name);
    switch (name) {
      case "frac":
        return node("mfrac", group(), group());
      case "binom": {
        const inside = { tag: "mfrac", attributes: { linethickness: "0" }, children: [group(), group()] };
        return node("mrow", fence("("), inside, fence(")"));
      }
      case "hat":
        return { tag: "mover", attributes: { accent: "true" }, children: [group(), node("mo", "^")] };
      case "operatorname":
        return node("mi", rawGroup());
      case "text":
        return node("mtext", rawGroup());
      case "mathrm":
        return { tag: "mi", attributes: { mathvariant: "normal" }, children: [rawGroup()] };
      case "left": {
        const open = fence(tokens[at++]);
        const inner = until("\\right");
        at++;
        return node("mrow", open, ...inner, fence(tokens[at++]));
      }
      default:
        throw new Error(`a formula has \\${name}, which is not known here`);
    }
  }

  function atom(): MathNode {
    const token = tokens[at];
    if (token === "{") return group();
    at++;
    if (token.startsWith("\\")) return command(token.slice(1));
    if (/^\d/.test(token)) return node("mn", token);
    if (/^\p{L}/u.test(token)) return node("mi", token);
    return node("mo", token === "-" ? "−" : token);
  }

  return node("math", row(until()));
}
