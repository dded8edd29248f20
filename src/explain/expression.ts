// A formula that knows its symbols and its numbers: written once, shown with either, and evaluated.

/** The same formula for a page (LaTeX) and for a terminal. */
export interface Form {
  readonly latex: string;
  readonly text: string;
}

/** How tightly a form holds together: a sum needs brackets inside a product, an atom never does. */
const SUM = 1;
const PRODUCT = 2;
const POWER = 3;
const ATOM = 4;

interface Bound extends Form {
  readonly level: number;
}

export interface Expression {
  readonly value: number;
  readonly symbols: Bound;
  readonly numbers: Bound;
}

/** Six significant digits, without trailing zeros. */
export function formatNumber(x: number): string {
  if (Number.isNaN(x)) return "NaN";
  if (!Number.isFinite(x)) return x < 0 ? "−∞" : "∞";
  const rounded = Number(x.toPrecision(6));
  const size = Math.abs(rounded);
  const text = size !== 0 && (size < 1e-4 || size >= 1e7) ? rounded.toExponential() : String(rounded);
  return text.replace("e+", "e").replaceAll("-", "−");
}

function numberForm(x: number): Bound {
  const text = formatNumber(x);
  const latex = text
    .replace("∞", "\\infty")
    .replaceAll("−", "-")
    .replace(/e(-?\d+)$/, " \\cdot 10^{$1}");
  const level = text.startsWith("−") ? SUM : text.includes("e") ? PRODUCT : ATOM;
  return { latex, text, level };
}

function bracket({ latex, text, level }: Bound, least: number): Form {
  return level >= least ? { latex, text } : { latex: `\\left(${latex}\\right)`, text: `(${text})` };
}

type Which = "symbols" | "numbers";

function build(value: number, form: (which: Which) => Bound): Expression {
  return { value, symbols: form("symbols"), numbers: form("numbers") };
}

/** A number that has no name. */
export function constant(x: number): Expression {
  return build(x, () => numberForm(x));
}

/** A quantity with a name and a value. The name is LaTeX; its plain form is derived. */
export function symbol(latex: string, value: number): Expression {
  return { value, symbols: { latex, text: plainName(latex), level: ATOM }, numbers: numberForm(value) };
}

/** Any expression under a name: shown by the name where symbols are shown. */
export function named(latex: string, { value }: Expression): Expression {
  return symbol(latex, value);
}

export function add(...terms: readonly Expression[]): Expression {
  const value = terms.reduce((sum, term) => sum + term.value, 0);
  return build(value, (which) => ({
    latex: terms.map((term) => bracketLater(term[which]).latex).join(" + "),
    text: terms.map((term) => bracketLater(term[which]).text).join(" + "),
    level: SUM,
  }));
}

/** A term after an operator: brackets where it begins with a minus. */
function bracketLater(form: Bound): Form {
  return form.text.startsWith("−") ? bracket({ ...form, level: 0 }, ATOM) : form;
}

export function subtract(a: Expression, b: Expression): Expression {
  return build(a.value - b.value, (which) => {
    const right = bracket(b[which], PRODUCT);
    return {
      latex: `${a[which].latex} - ${right.latex}`,
      text: `${a[which].text} − ${right.text}`,
      level: SUM,
    };
  });
}

export function negate(a: Expression): Expression {
  return build(0 - a.value, (which) => {
    const inner = bracket(a[which], PRODUCT);
    return { latex: `-${inner.latex}`, text: `−${inner.text}`, level: SUM };
  });
}

export function multiply(...factors: readonly Expression[]): Expression {
  const value = factors.reduce((product, factor) => product * factor.value, 1);
  return build(value, (which) => {
    const forms = factors.map((factor) => bracket(factor[which], PRODUCT));
    return {
      latex: forms.map(({ latex }) => latex).join(" \\cdot "),
      text: forms.map(({ text }) => text).join(" · "),
      level: PRODUCT,
    };
  });
}

export function divide(a: Expression, b: Expression): Expression {
  return build(a.value / b.value, (which) => ({
    latex: `\\frac{${a[which].latex}}{${b[which].latex}}`,
    text: `${bracket(a[which], PRODUCT).text} / ${bracket(b[which], POWER).text}`,
    level: PRODUCT,
  }));
}

export function power(a: Expression, exponent: Expression): Expression {
  return build(a.value ** exponent.value, (which) => {
    const base = bracket(a[which], ATOM);
    const raised = exponent[which].text === "2" ? "²" : `^${bracket(exponent[which], ATOM).text}`;
    return { latex: `${base.latex}^{${exponent[which].latex}}`, text: `${base.text}${raised}`, level: POWER };
  });
}

const functions = {
  ln: { latex: "\\ln", of: Math.log },
  exp: { latex: "\\exp", of: Math.exp },
  max: { latex: "\\max", of: Math.max },
  tanh: { latex: "\\tanh", of: Math.tanh },
  σ: { latex: "\\sigma", of: (x: number) => 1 / (1 + Math.exp(-x)) },
  softplus: {
    latex: "\\operatorname{softplus}",
    of: (x: number) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
  },
  sign: { latex: "\\operatorname{sign}", of: Math.sign },
} as const;

export function call(name: keyof typeof functions, ...inputs: readonly Expression[]): Expression {
  const { latex, of } = functions[name];
  return build((of as (...x: number[]) => number)(...inputs.map(({ value }) => value)), (which) => ({
    latex: `${latex}\\left(${inputs.map((input) => input[which].latex).join(", ")}\\right)`,
    text: `${name}(${inputs.map((input) => input[which].text).join(", ")})`,
    level: ATOM,
  }));
}

export function absolute(a: Expression): Expression {
  return build(Math.abs(a.value), (which) => ({
    latex: `\\left|${a[which].latex}\\right|`,
    text: `|${a[which].text}|`,
    level: ATOM,
  }));
}

/** More terms than this are cut short in the middle. */
const SHOWN = 8;

/** Σ over an index: the general term where symbols are shown, every term where numbers are. */
export function sumOver(index: string, general: Expression, terms: readonly Expression[]): Expression {
  return fold(
    "\\sum",
    "Σ",
    " + ",
    index,
    general,
    terms,
    terms.reduce((sum, { value }) => sum + value, 0),
    SUM,
  );
}

/** Π over an index. */
export function productOver(index: string, general: Expression, terms: readonly Expression[]): Expression {
  const value = terms.reduce((product, term) => product * term.value, 1);
  return fold("\\prod", "Π", " · ", index, general, terms, value, PRODUCT);
}

function fold(
  latexSign: string,
  sign: string,
  joint: string,
  index: string,
  general: Expression,
  terms: readonly Expression[],
  value: number,
  level: number,
): Expression {
  const symbols = {
    latex: `${latexSign}_{${index}} ${bracket(general.symbols, PRODUCT).latex}`,
    text: `${sign}_${plainName(index)} ${bracket(general.symbols, PRODUCT).text}`,
    level: PRODUCT,
  };
  if (terms.length === 0) return { value, symbols, numbers: numberForm(value) };
  const forms = terms.map(({ numbers }) => (level === SUM ? bracketLater(numbers) : bracket(numbers, PRODUCT)));
  const shown = (part: "latex" | "text", gap: string) =>
    forms.length <= SHOWN
      ? forms.map((form) => form[part])
      : [...forms.slice(0, SHOWN - 2).map((form) => form[part]), gap, forms[forms.length - 1][part]];
  const numbers = {
    latex: shown("latex", "\\dots").join(joint === " · " ? " \\cdot " : joint),
    text: shown("text", "…").join(joint),
    level: terms.length === 1 ? terms[0].numbers.level : level,
  };
  return { value, symbols, numbers };
}

const GREEK: Readonly<Record<string, string>> = {
  alpha: "α",
  beta: "β",
  gamma: "γ",
  delta: "δ",
  Delta: "Δ",
  epsilon: "ε",
  lambda: "λ",
  pi: "π",
  sigma: "σ",
  tau: "τ",
  theta: "θ",
  partial: "∂",
  ell: "ℓ",
  varnothing: "∅",
  neq: "≠",
  in: "∈",
  cdot: "·",
  mid: "|",
};

/** A name or an index as plain text: \hat{y}_{t,k} becomes ŷ_t,k. */
export function plainName(latex: string): string {
  return latex
    .replace(/\\frac\{(.*)\}\{(.*)\}/g, "$1/$2")
    .replace(/\\hat\{(\w)\}/g, "$1\u0302")
    .replace(/\\(?:mathrm|text|operatorname)\{([^}]*)\}/g, "$1")
    .replace(/\\([a-zA-Z]+) ?/g, (_, name: string) => GREEK[name] ?? name)
    .replace(/[{}]/g, "")
    .replace(/\\,/g, " ")
    .replaceAll("-", "−")
    .normalize("NFC");
}
