import { h, type VNode } from "preact";
import { type MathNode, toMath } from "../models/formula.js";
import { termOf } from "../models/lossTerms.js";
import { ScrollBox } from "./scrollBox.js";

function plain(node: MathNode | string): string {
  if (typeof node === "string") return node === "^" ? "\u0302" : node;
  return node.children.map(plain).join("").normalize("NFC");
}

/** What an element stands for: a letter, one with a hat, or a derivative. */
function term(node: MathNode): string | undefined {
  if (node.tag === "mi" || node.tag === "mover") return termOf(plain(node));
  return node.tag === "mfrac" && plain(node.children[0]).startsWith("∂") ? "slope" : undefined;
}

function element(node: MathNode | string, i: number): VNode | string {
  if (typeof node === "string") return node;
  const found = term(node);
  const children = node.children.map(found === undefined ? element : unmarked);
  return h(node.tag, { key: i, ...(found && { "data-term": found }), ...node.attributes }, children);
}

const unmarked = (node: MathNode | string, i: number): VNode | string =>
  typeof node === "string" ? node : h(node.tag, { key: i, ...node.attributes }, node.children.map(unmarked));

/** A formula of the library, as MathML. */
export function Formula({ latex, block = false }: { readonly latex: string; readonly block?: boolean }) {
  const { children } = toMath(latex);
  const formula = h("math", { display: block ? "block" : "inline" }, children.map(element));
  return block ? <ScrollBox label="Formula">{formula}</ScrollBox> : formula;
}
