import type { Tensor } from "../core/tensor.js";
import { bytes, type Field, float, int, message, nested, text } from "./protobuf.js";

// ONNX's messages; the numbers of their fields are those of onnx.proto.

/** The version of ONNX's operators that is written, and the first version of the file's own format that has it. */
const OPERATORS = 17;
const FORMAT = 8;

const TYPES = { float32: 1, int32: 6, int64: 7 } as const;

export type ElementType = keyof typeof TYPES;

/** An input or an output: a name stands for an extent that is known when the model runs. */
export interface OnnxValue {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly (number | string)[];
}

/** What an attribute of an operator may be; whole numbers and others are different things to ONNX, so both are named. */
export type Attribute =
  | { readonly int: number }
  | { readonly ints: readonly number[] }
  | { readonly float: number }
  | { readonly floats: readonly number[] }
  | { readonly text: string }
  | { readonly texts: readonly string[] };

/** A graph as it is written: operators in the order in which they run, and constants. Values are known by their names. */
export class Graph {
  private readonly nodes: Field[] = [];
  private readonly constants: Field[] = [];
  private readonly known = new Map<string, string>();
  private values = 0;

  /** Adds an operator; the name of its first output. An input left out is "". */
  node(operator: string, inputs: readonly string[], attributes: Readonly<Record<string, Attribute>> = {}): string {
    const output = this.fresh(operator);
    this.write(operator, inputs, output, attributes);
    return output;
  }

  /** The same, with a name of the caller's for the output. */
  write(
    operator: string,
    inputs: readonly string[],
    output: string,
    attributes: Readonly<Record<string, Attribute>> = {},
  ): void {
    this.nodes.push(
      nested(1, [
        ...inputs.map((input) => text(1, input)),
        text(2, output),
        text(3, `node_${output}`),
        text(4, operator),
        ...Object.entries(attributes).map(([name, value]) => nested(5, attributeFields(name, value))),
      ]),
    );
  }

  /** A constant of float32 numbers. */
  floats(hint: string, { data, shape }: Tensor<Float32Array>): string {
    const name = this.fresh(hint);
    const raw = new Uint8Array(data.byteLength);
    const view = new DataView(raw.buffer);
    data.forEach((x, i) => view.setFloat32(4 * i, x, true));
    return this.constant(name, "float32", shape, raw);
  }

  /** A constant list of whole numbers, or without brackets one; equal ones are written once. */
  integers(value: number | readonly number[]): string {
    const key = JSON.stringify(value);
    const before = this.known.get(key);
    if (before !== undefined) return before;
    const list = typeof value === "number" ? [value] : value;
    const raw = new Uint8Array(8 * list.length);
    const view = new DataView(raw.buffer);
    list.forEach((x, i) => view.setBigInt64(8 * i, BigInt(x), true));
    const name = this.constant(this.fresh("int"), "int64", typeof value === "number" ? [] : [list.length], raw);
    this.known.set(key, name);
    return name;
  }

  /** The whole file. */
  encode(name: string, inputs: readonly OnnxValue[], outputs: readonly OnnxValue[]): Uint8Array {
    const graph = [
      ...this.nodes,
      text(2, name),
      ...this.constants,
      ...inputs.map((value) => nested(11, valueFields(value))),
      ...outputs.map((value) => nested(12, valueFields(value))),
    ];
    return message([int(1, FORMAT), text(2, "seqloss"), nested(7, graph), nested(8, [text(1, ""), int(2, OPERATORS)])]);
  }

  private fresh(hint: string): string {
    return `${hint}_${this.values++}`;
  }

  private constant(name: string, type: ElementType, shape: readonly number[], raw: Uint8Array): string {
    const extents = shape.map((extent) => int(1, extent));
    this.constants.push(nested(5, [...extents, int(2, TYPES[type]), text(8, name), bytes(9, raw)]));
    return name;
  }
}

function attributeFields(name: string, value: Attribute): Field[] {
  const fields = (kind: number, ...own: Field[]) => [text(1, name), ...own, int(20, kind)];
  if ("float" in value) return fields(1, float(2, value.float));
  if ("int" in value) return fields(2, int(3, value.int));
  if ("text" in value) return fields(3, text(4, value.text));
  if ("floats" in value) return fields(6, ...value.floats.map((x) => float(7, x)));
  if ("ints" in value) return fields(7, ...value.ints.map((x) => int(8, x)));
  return fields(8, ...value.texts.map((x) => text(9, x)));
}

function valueFields({ name, type, shape }: OnnxValue): Field[] {
  const extents = shape.map((extent) => nested(1, [typeof extent === "number" ? int(1, extent) : text(2, extent)]));
  return [text(1, name), nested(2, [nested(1, [int(1, TYPES[type]), nested(2, extents)])])];
}
