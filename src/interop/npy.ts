import { SeqlossError } from "../core/errors.js";
import { type FloatArray, sizeOf, type Tensor } from "../core/tensor.js";
import { widenHalf } from "./half.js";

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]; // \x93NUMPY
const LONGEST_HEADER = 2 ** 16;
const MOST_AXES = 32;

/** How one number of a type is read; float16 and float32 are exact in float32, everything else in float64. */
interface ElementType {
  readonly bytes: number;
  readonly read: (view: DataView, at: number, little: boolean) => number;
}

const TYPES: Readonly<Record<string, ElementType>> = {
  f2: { bytes: 2, read: (view, at, little) => widenHalf(view.getUint16(at, little)) },
  f4: { bytes: 4, read: (view, at, little) => view.getFloat32(at, little) },
  f8: { bytes: 8, read: (view, at, little) => view.getFloat64(at, little) },
  i1: { bytes: 1, read: (view, at) => view.getInt8(at) },
  i2: { bytes: 2, read: (view, at, little) => view.getInt16(at, little) },
  i4: { bytes: 4, read: (view, at, little) => view.getInt32(at, little) },
  i8: { bytes: 8, read: (view, at, little) => Number(view.getBigInt64(at, little)) },
  u1: { bytes: 1, read: (view, at) => view.getUint8(at) },
  u2: { bytes: 2, read: (view, at, little) => view.getUint16(at, little) },
  u4: { bytes: 4, read: (view, at, little) => view.getUint32(at, little) },
  u8: { bytes: 8, read: (view, at, little) => Number(view.getBigUint64(at, little)) },
  b1: { bytes: 1, read: (view, at) => view.getUint8(at) },
};

/**
 * Reads an array that NumPy saved (format versions 1 to 3): real numbers, whole numbers or booleans, either byte order, rows
 * or columns first. float16 and float32 become a Float32Array, every other type a Float64Array. No code in a file is ever run: arrays
 * of Python objects are refused.
 *
 * Source: NumPy Enhancement Proposal 1, "A simple file format for NumPy arrays".
 *
 * @throws SeqlossError (FORMAT) when the bytes are no such file, or not as many as its header says
 * @example
 * decodeNpy(encodeNpy({ data: Float32Array.of(1, 2, 3, 4), shape: [2, 2] })).shape // [2, 2]
 */
export function decodeNpy(bytes: Uint8Array): Tensor {
  const { header, start } = readHeader(bytes);
  const [, order, kind] = /^([<>|=])(\w\d)$/.exec(header.descr) ?? [];
  const type = Object.hasOwn(TYPES, kind ?? "") ? TYPES[kind] : undefined;
  if (type === undefined || (order === "|" && type.bytes > 1)) {
    refuse("descr", `one of ${Object.keys(TYPES).join(", ")} with its byte order, as in <f4`, header.descr);
  }
  const { bytes: width, read } = type as ElementType;
  const size = sizeOf(header.shape);
  if (!Number.isSafeInteger(size * width) || bytes.length - start !== size * width) {
    refuse(
      "the size of the file",
      `${start + size * width} bytes for the shape [${header.shape.join(", ")}]`,
      bytes.length,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset + start, size * width);
  const data: FloatArray = kind === "f4" || kind === "f2" ? new Float32Array(size) : new Float64Array(size);
  for (let i = 0; i < size; i++) data[i] = read(view, i * width, order !== ">");
  if (kind === "i8" || kind === "u8") checkExact(data);
  return { data: header.columnsFirst ? rowsFirst(data, header.shape) : data, shape: header.shape };
}

/**
 * Writes a tensor as NumPy does (format version 1), to be read with numpy.load.
 * @example
 * encodeNpy({ data: Float64Array.of(1, 2), shape: [2] }).length // 144
 */
export function encodeNpy({ data, shape }: Tensor): Uint8Array {
  const single = data instanceof Float32Array;
  const axes = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const dictionary = `{'descr': '<f${single ? 4 : 8}', 'fortran_order': False, 'shape': (${axes}), }`;
  const start = Math.ceil((MAGIC.length + 4 + dictionary.length + 1) / 64) * 64;
  const width = single ? 4 : 8;
  const bytes = new Uint8Array(start + data.length * width).fill(0x20, 0, start);
  const view = new DataView(bytes.buffer);
  bytes.set(MAGIC);
  bytes.set([1, 0], MAGIC.length);
  view.setUint16(MAGIC.length + 2, start - MAGIC.length - 4, true);
  bytes.set(new TextEncoder().encode(dictionary), MAGIC.length + 4);
  bytes[start - 1] = 0x0a;
  for (let i = 0; i < data.length; i++) {
    if (single) view.setFloat32(start + i * width, data[i], true);
    else view.setFloat64(start + i * width, data[i], true);
  }
  return bytes;
}

interface Header {
  readonly descr: string;
  readonly columnsFirst: boolean;
  readonly shape: readonly number[];
}

/** The header is a Python dictionary of three keys, in any order. */
function readHeader(bytes: Uint8Array): { header: Header; start: number } {
  if (bytes.length < 12 || !MAGIC.every((byte, i) => bytes[i] === byte)) {
    refuse("the beginning of the file", "the mark of a NumPy array", `${bytes.length} bytes of something else`);
  }
  const version = bytes[6];
  if (version < 1 || version > 3) refuse("the format version at byte 6", "1, 2 or 3", version);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  const first = version === 1 ? 10 : 12;
  const start = first + length;
  if (length > LONGEST_HEADER || start > bytes.length) {
    refuse(
      "the length of the header at byte 8",
      `at most ${Math.min(LONGEST_HEADER, bytes.length - first)} bytes`,
      length,
    );
  }
  const text = new TextDecoder().decode(bytes.subarray(first, start));
  const descr = /'descr'\s*:\s*'([^']*)'/.exec(text)?.[1];
  const order = /'fortran_order'\s*:\s*(True|False)\b/.exec(text)?.[1];
  const axes = /'shape'\s*:\s*\(([\d\s,]*)\)/.exec(text)?.[1];
  if (descr === undefined || order === undefined || axes === undefined) {
    refuse("the header", "a dictionary with descr (one plain type), fortran_order and shape", text.trim());
  }
  const shape = (axes as string)
    .split(",")
    .filter((axis) => axis.trim() !== "")
    .map(Number);
  if (shape.length > MOST_AXES || !shape.every(Number.isSafeInteger)) {
    refuse("shape", `at most ${MOST_AXES} axes of whole numbers`, shape);
  }
  return { header: { descr: descr as string, columnsFirst: order === "True", shape }, start };
}

/** Reorders an array whose first axis moves fastest. */
function rowsFirst(data: FloatArray, shape: readonly number[]): FloatArray {
  const strides = shape.map((_, axis) => sizeOf(shape.slice(0, axis)));
  const index = shape.map(() => 0);
  const out = data.slice();
  for (let i = 0; i < out.length; i++) {
    out[i] = data[index.reduce((at, n, axis) => at + n * strides[axis], 0)];
    for (let axis = shape.length - 1; axis >= 0 && ++index[axis] === shape[axis]; axis--) index[axis] = 0;
  }
  return out;
}

function checkExact(data: FloatArray): void {
  const i = data.findIndex((x) => !Number.isSafeInteger(x));
  if (i >= 0) refuse(`number ${i}`, "a whole number that float64 holds exactly", data[i]);
}

function refuse(argument: string, expected: string, found: unknown): never {
  throw new SeqlossError("decodeNpy", "FORMAT", { argument, expected, found });
}
