import type { Graph } from "./graph.js";

/** Values that tell real steps from padding, each written into the graph when it is first asked for. */
export class RaggedBatch {
  private readonly made = new Map<string, string>();

  /** @param input [B, T, …], from which T is taken */
  constructor(
    private readonly graph: Graph,
    private readonly input: string,
    /** int32 [B] */
    readonly lengths: string,
  ) {}

  /** [B, T, 1]: whether a step is real. */
  mask = () => this.once("mask", () => this.deepened(this.rowMask()));

  /** [B, T] */
  rowMask = () => this.once("rowMask", () => this.graph.node("Less", [this.steps(), this.rows()]));

  /** [B, T, 1]: whether a step is the last real one. */
  last = () =>
    this.once("last", () => {
      const place = this.graph.node("Sub", [this.rows(), this.graph.integers(1)]);
      return this.deepened(this.graph.node("Equal", [this.steps(), place]));
    });

  /** float32 [B, 1, 1]: the lengths as numbers. */
  counts = () => this.once("counts", () => this.graph.node("Cast", [this.deepened(this.rows())], { to: { int: 1 } }));

  zero = () => this.number("zero", 0);

  number = (name: string, value: number) =>
    this.once(name, () => this.graph.floats(name, { data: Float32Array.of(value), shape: [] }));

  private deepened = (value: string) => this.graph.node("Unsqueeze", [value, this.graph.integers([2])]);

  /** int64 [T]: 0, 1, 2, … */
  private steps = () =>
    this.once("steps", () => {
      const extent = this.graph.node("Shape", [this.input], { start: { int: 1 }, end: { int: 2 } });
      const time = this.graph.node("Squeeze", [extent, this.graph.integers([0])]);
      return this.graph.node("Range", [this.graph.integers(0), time, this.graph.integers(1)]);
    });

  /** int64 [B, 1]: the lengths. */
  private rows = () =>
    this.once("rows", () => {
      const wide = this.graph.node("Cast", [this.lengths], { to: { int: 7 } });
      return this.graph.node("Unsqueeze", [wide, this.graph.integers([1])]);
    });

  private once(name: string, make: () => string): string {
    const value = this.made.get(name) ?? make();
    this.made.set(name, value);
    return value;
  }
}
