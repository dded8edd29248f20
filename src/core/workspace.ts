import { keepParts } from "./parts.js";

type Kept = Uint8Array | Int32Array | Float32Array | Float64Array;
type KeptType<Data extends Kept> = {
  readonly BYTES_PER_ELEMENT: number;
  new (size: number): Data;
  new (buffer: ArrayBufferLike, start: number, size: number): Data;
};

/** Larger arrays are left to the garbage collector: one huge batch must not hold its memory for ever. */
const LARGEST = 2 ** 25;

/** An object that a call fills in, and the next call fills in anew. */
export interface Reused {
  /** Lets go of what belongs to the caller: after the call nothing holds it but the caller. */
  forget(): void;
}

/** Arrays and objects that a call needs on its way, kept by name for the next call: training in a steady state makes no new ones. */
export class Workspace {
  private readonly arrays = new Map<string, Kept>();
  private readonly objects = new Map<string, Reused>();
  private readonly used: Reused[] = [];

  uint8(name: string, size: number): Uint8Array {
    return this.take(name, Uint8Array as KeptType<Uint8Array>, size);
  }

  int32(name: string, size: number): Int32Array {
    return this.take(name, Int32Array as KeptType<Int32Array>, size);
  }

  float32(name: string, size: number): Float32Array {
    return this.take(name, Float32Array as KeptType<Float32Array>, size);
  }

  float64(name: string, size: number): Float64Array {
    return this.take(name, Float64Array as KeptType<Float64Array>, size);
  }

  /** Numbers that are all like the first one of `like`, not to be written: those of the last call where they are the same. */
  even(name: string, size: number, like: Float64Array): Float64Array {
    const kept = this.arrays.get(name) as Float64Array | undefined;
    if (kept?.length === size && Object.is(kept[0], like[0])) return kept;
    const numbers = this.float64(name, size);
    for (let i = 0; i < size; i++) numbers[i] = like[0];
    return numbers;
  }

  /** The object of this name, whatever is written in it; made at its first use. */
  object<Data extends Reused>(name: string, Type: new () => Data): Data {
    let object = this.objects.get(name) as Data | undefined;
    if (object === undefined) {
      object = new Type();
      this.objects.set(name, object);
      this.used.push(object);
    }
    return object;
  }

  /** Lets go of everything that belongs to a caller. */
  forget(): void {
    const { used } = this;
    for (let n = 0; n < used.length; n++) used[n].forget();
  }

  /** Zeros. */
  private take<Data extends Kept>(name: string, Type: KeptType<Data>, size: number): Data {
    const kept = this.arrays.get(name) as Data | undefined;
    if (kept?.length === size) return kept.fill(0) as Data;
    const bytes = size * Type.BYTES_PER_ELEMENT;
    const roomy = kept !== undefined && kept.buffer.byteLength >= bytes;
    const array = roomy ? new Type(kept.buffer, 0, size) : new Type(size);
    if (bytes <= LARGEST) {
      this.arrays.set(name, array);
      if (!(array instanceof Uint8Array)) keepParts(array);
    }
    return roomy ? (array.fill(0) as Data) : array;
  }
}

/** Which of 0 to count − 1 are wanted; `wanted` is asked about `whom`, so that it need not be a function of its own each time. */
export function indicesOf<Whom>(
  workspace: Workspace,
  count: number,
  wanted: (i: number, whom: Whom) => boolean,
  whom: Whom,
): Int32Array {
  let size = 0;
  for (let i = 0; i < count; i++) if (wanted(i, whom)) size++;
  const indices = workspace.int32("indices", size);
  for (let i = 0, n = 0; i < count; i++) if (wanted(i, whom)) indices[n++] = i;
  return indices;
}

const idle: Workspace[] = [];

/**
 * Lends `work` a workspace until it returns or throws; a call within it gets another one. What `work` is given is named here, so
 * that it need not be a function of its own in each call.
 */
export function withWorkspace<Loss, Outputs, Targets, Options, Result>(
  work: (workspace: Workspace, loss: Loss, outputs: Outputs, targets: Targets, options: Options) => Result,
  loss: Loss,
  outputs: Outputs,
  targets: Targets,
  options: Options,
): Result {
  const workspace = idle.pop() ?? new Workspace();
  try {
    return work(workspace, loss, outputs, targets, options);
  } finally {
    workspace.forget();
    idle.push(workspace);
  }
}
