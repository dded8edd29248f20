import { h, type VNode } from "preact";
import { type MathNode, toMath } from "../models/formula.js";

const element = (node: MathNode | string, i: number): VNode | string =>
  typeof node === "string" ? node : h(node.tag, { key: i, ...node.attributes }, node.children.map(element));

/** A formula of the library, as MathML. */
export function Formula({ latex, block = false }: { readonly latex: string; readonly block?: boolean }) {
  const { children } = toMath(latex);
  return h("math", { display: block ? "block" : "inline" }, children.map(element));
}
