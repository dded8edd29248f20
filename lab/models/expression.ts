/**
 * What a reader types as an answer: a number, or arithmetic such as −ln(0.0235) or (0.2 + 0.5)/3.
 * undefined where it cannot be read.
 */
export function evaluate(text: string): number | undefined {
  const source = text
    .replace(/[−–]/g, "-")
    .replaceAll("×", "*")
    .replaceAll("·", "*")
    .replaceAll("÷", "/")
    .toLowerCase();
  const tokens = source.match(/\d+(?:\.\d*)?(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?|[a-z]+\d*|[-+*/^()]|\S/g) ?? [];
  let at = 0;

  const functions: Readonly<Record<string, (x: number) => number>> = {
    ln: Math.log,
    log: Math.log,
    log2: Math.log2,
    log10: Math.log10,
    exp: Math.exp,
    sqrt: Math.sqrt,
  };
  class Unreadable extends Error {}

  function sum(): number {
    let value = product();
    while (tokens[at] === "+" || tokens[at] === "-") value += tokens[at++] === "+" ? product() : -product();
    return value;
  }
  function product(): number {
    let value = signed();
    while (tokens[at] === "*" || tokens[at] === "/") value = tokens[at++] === "*" ? value * signed() : value / signed();
    return value;
  }
  function signed(): number {
    if (tokens[at] === "-") {
      at++;
      return -signed();
    }
    if (tokens[at] === "+") at++;
    const base = atom();
    if (tokens[at] !== "^") return base;
    at++;
    return base ** signed();
  }
  function atom(): number {
    const token = tokens[at++];
    if (token === undefined) throw new Unreadable();
    if (/^[\d.]/.test(token) && token !== ".") return Number(token);
    if (token === "(") {
      const value = sum();
      if (tokens[at++] !== ")") throw new Unreadable();
      return value;
    }
    if (token === "e") return Math.E;
    if (token === "inf" || token === "infinity" || token === "∞") return Number.POSITIVE_INFINITY;
    const apply = Object.hasOwn(functions, token) ? functions[token] : undefined;
    if (apply === undefined) throw new Unreadable();
    return apply(tokens[at] === "(" ? atom() : signed());
  }

  try {
    const value = sum();
    return at === tokens.length && !Number.isNaN(value) ? value : undefined;
  } catch (error) {
    if (error instanceof Unreadable) return undefined;
    throw error;
  }
}
