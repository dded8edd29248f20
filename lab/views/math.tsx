import { h, type VNode } from "preact";
import { type MathNode, toMath } from "../models/formula.js";
import { ScrollBox } from "./scrollBox.js";

/** Symbols that have a mark in a figure: both light up together. */
const marks: Readonly<Record<string, string>> = { ŷ: "mark-output", z: "mark-output", y: "mark-target" };

function plain(node: MathNode | string): string {
  if (typeof node === "string") return node === "^" ? "\u0302" : node;
  return node.children.map(plain).join("").normalize("NFC");
}

function element(node: MathNode | string, i: number): VNode | string {
  if (typeof node === "string") return node;
  const mark = node.tag === "mi" || node.tag === "mover" ? marks[plain(node)] : undefined;
  const children =
    mark === "mark-output" && node.tag === "mover" ? node.children.map(unmarked) : node.children.map(element);
  return h(node.tag, { key: i, class: mark, ...node.attributes }, children);
}

const unmarked = (node: MathNode | string, i: number): VNode | string =>
  typeof node === "string" ? node : h(node.tag, { key: i, ...node.attributes }, node.children.map(unmarked));

/** A formula of the library, as MathML. */
export function Formula({ latex, block = false }: { readonly latex: string; readonly block?: boolean }) {
  const { children } = toMath(latex);
  const formula = h("math", { display: block ? "block" : "inline" }, children.map(element));
  return block ? <ScrollBox label="Formula">{formula}</ScrollBox> : formula;
}
