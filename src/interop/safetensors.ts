import { SeqlossError } from "../core/errors.js";
import { sizeOf, type Tensor } from "../core/tensor.js";
import { crc32 } from "./crc32.js";
import { narrowHalf, widenHalf } from "./half.js";

// The safetensors format: 8 bytes of header length, a JSON header, the tensors' bytes end to end. Nothing in a file is ever
// executed, and nothing is allocated before the sizes are known to fit the file.

export interface SafetensorsFile {
  readonly tensors: ReadonlyMap<string, Tensor>;
  readonly metadata: ReadonlyMap<string, string>;
}

const LARGEST_HEADER = 2 ** 20;
/** Under this key of the metadata: CRC-32 of the tensors' bytes, names and shapes, and of all other metadata, in hexadecimal. */
const CHECKSUM = "crc32";
const WIDTHS: Readonly<Record<string, number>> = { F64: 8, F32: 4, F16: 2, BF16: 2 };

export interface EncodeOptions {
  /** Write 16-bit floats: half the bytes, three significant digits. Default false. */
  readonly half?: boolean;
}

/**
 * Tensors as the bytes of a safetensors file, with a checksum in its metadata. The file loads in PyTorch.
 *
 * @throws SeqlossError (VALUE) when a number is to be written as a 16-bit float, and is too large for one
 * @example
 * decodeSafetensors(encodeSafetensors(new Map([["w", zeros([2, 3])]]))).tensors.get("w").shape // [2, 3]
 */
export function encodeSafetensors(
  tensors: ReadonlyMap<string, Tensor>,
  metadata: ReadonlyMap<string, string> = new Map(),
  { half = false }: EncodeOptions = {},
): Uint8Array {
  let end = 0;
  const parts = [...tensors].map(([name, { data, shape }]) => {
    const numbers = half ? toHalves(name, data) : data;
    const dtype = numbers instanceof Uint16Array ? "F16" : numbers instanceof Float64Array ? "F64" : "F32";
    const from = end;
    end += numbers.byteLength;
    return { numbers, entry: { name, dtype, shape, from, to: end } satisfies Entry };
  });
  const entries = parts.map(({ entry }) => entry);
  const body = new Uint8Array(end);
  for (const { numbers, entry } of parts) body.set(littleEndian(numbers), entry.from);
  const plain = [...metadata].filter(([key]) => key !== CHECKSUM);
  const checked = [...plain, [CHECKSUM, checksum(body, plain, entries)]];
  const listed = entries.map(({ name, dtype, shape, from, to }) => [name, { dtype, shape, data_offsets: [from, to] }]);
  const json = JSON.stringify({ __metadata__: Object.fromEntries(checked), ...Object.fromEntries(listed) });
  const header = new TextEncoder().encode(json);
  const padded = Math.ceil(header.length / 8) * 8;
  if (padded > LARGEST_HEADER) {
    throw new SeqlossError("encodeSafetensors", "SHAPE", {
      argument: "the header",
      expected: `at most ${LARGEST_HEADER} bytes of names, shapes and metadata`,
      found: padded,
    });
  }
  const file = new Uint8Array(8 + padded + body.length).fill(0x20, 8, 8 + padded);
  new DataView(file.buffer).setBigUint64(0, BigInt(padded), true);
  file.set(header, 8);
  file.set(body, 8 + padded);
  return file;
}

function toHalves(name: string, data: ArrayLike<number>): Uint16Array {
  const large = Array.prototype.findIndex.call(data, (x) => Number.isFinite(x) && Math.abs(x) >= 65520);
  if (large >= 0) {
    throw new SeqlossError("encodeSafetensors", "VALUE", {
      argument: `${JSON.stringify(name)}[${large}]`,
      expected: "less than 65,520, to be written as a 16-bit float",
      found: data[large],
    });
  }
  return Uint16Array.from(data, narrowHalf);
}

/** The bytes of an array, least significant first on any machine. */
function littleEndian(data: Float32Array | Float64Array | Uint16Array): Uint8Array {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice();
  if (BIG_ENDIAN)
    for (let i = 0; i < bytes.length; i += data.BYTES_PER_ELEMENT)
      bytes.subarray(i, i + data.BYTES_PER_ELEMENT).reverse();
  return bytes;
}
const BIG_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 0;

function checksum(
  body: Uint8Array,
  metadata: readonly (readonly [string, string])[],
  entries: readonly Entry[],
): string {
  const byName = (a: string, b: string) => (a < b ? -1 : 1);
  const said = [
    metadata.toSorted(([a], [b]) => byName(a, b)),
    entries
      .toSorted((a, b) => byName(a.name, b.name))
      .map(({ name, dtype, shape, from }) => [name, dtype, shape, from]),
  ];
  const words = new TextEncoder().encode(JSON.stringify(said));
  return crc32(words, crc32(body)).toString(16).padStart(8, "0");
}

export interface DecodeOptions {
  /** Accept NaN among the numbers. Default false. */
  readonly allowNaN?: boolean;
}

/**
 * Reads the bytes of a safetensors file: F32 and F64 as they are, F16 and BF16 as float32. Where the file has a checksum, it is
 * verified.
 *
 * @throws SeqlossError (FORMAT) when the file is cut short, its header is not sound, tensors overlap or leave holes, the
 *   checksum disagrees, or a number is NaN
 * @example
 * decodeSafetensors(encodeSafetensors(new Map([["b", tensor([1, 2])]]))).tensors.get("b").data // [1, 2]
 */
export function decodeSafetensors(bytes: Uint8Array, { allowNaN = false }: DecodeOptions = {}): SafetensorsFile {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  demand(bytes.length >= 8, "byte 0", "8 bytes of header length", `${bytes.length} bytes in all`);
  const headerLength = Number(view.getBigUint64(0, true));
  const room = Math.min(LARGEST_HEADER, bytes.length - 8);
  demand(headerLength <= room, "the header length at byte 0", `at most ${room}`, headerLength);
  const start = 8 + headerLength;
  const header = parseHeader(bytes.subarray(8, start));
  const metadata = readMetadata(header.get("__metadata__"));
  header.delete("__metadata__");

  const body = bytes.length - start;
  const entries = [...header].map(([name, entry]) => readEntry(name, entry, body));
  let end = 0;
  for (const { name, from, to } of entries.toSorted((a, b) => a.from - b.from || a.to - b.to)) {
    demand(from === end, `the first byte of ${JSON.stringify(name)}`, `${end}, where the tensor before ends`, from);
    end = to;
  }
  demand(end === body, `the end of the last tensor`, `${body}, the end of the file`, end);
  const expected = metadata.get(CHECKSUM);
  if (expected !== undefined) {
    const others = [...metadata].filter(([key]) => key !== CHECKSUM);
    const found = checksum(bytes.subarray(start), others, entries);
    demand(found === expected, "the checksum of the contents", expected, found);
  }
  const tensors = new Map<string, Tensor>();
  for (const { name, dtype, shape, from, to } of entries) {
    const data = readNumbers(bytes.subarray(start + from, start + to), dtype);
    const bad = allowNaN ? -1 : data.findIndex(Number.isNaN);
    demand(
      bad === -1,
      `${JSON.stringify(name)}[${bad}], at byte ${start + from + bad * WIDTHS[dtype]}`,
      "a number",
      Number.NaN,
    );
    tensors.set(name, { data, shape });
  }
  return { tensors, metadata };
}

function demand(ok: boolean, argument: string, expected: string, found: unknown): asserts ok {
  if (!ok) throw new SeqlossError("decodeSafetensors", "FORMAT", { argument, expected, found });
}

function parseHeader(bytes: Uint8Array): Map<string, unknown> {
  let text = "";
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    demand(false, "the header at byte 8", "UTF-8 text", "other bytes");
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    demand(false, "the header at byte 8", "JSON", (error as Error).message);
  }
  demand(isRecord(value), "the header at byte 8", "a JSON object", text.slice(0, 20));
  const names = Object.keys(value);
  // JSON.parse keeps the last of equal keys, so a duplicate shows as a name that the text opens more often than the object has it
  for (const name of names) {
    const opened = text.split(`${JSON.stringify(name)}:`).length - 1;
    const nested = names.filter(
      (other) => other !== name && isRecord(value[other]) && Object.hasOwn(value[other], name),
    ).length;
    demand(opened - nested <= 1, `the name ${JSON.stringify(name)}`, "to appear once", opened - nested);
  }
  for (const name of ["__proto__", "constructor", "prototype"]) {
    demand(!Object.hasOwn(value, name), "a tensor's name", `other than ${JSON.stringify(name)}`, name);
  }
  return new Map(Object.entries(value));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function readMetadata(value: unknown): Map<string, string> {
  if (value === undefined) return new Map();
  demand(isRecord(value), "__metadata__", "an object of strings", typeof value);
  const entries = Object.entries(value);
  const odd = entries.find(([, text]) => typeof text !== "string");
  demand(odd === undefined, `__metadata__.${odd?.[0]}`, "a string", typeof odd?.[1]);
  return new Map(entries as [string, string][]);
}

interface Entry {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly from: number;
  readonly to: number;
}

function readEntry(name: string, entry: unknown, body: number): Entry {
  const of = (key: string) => `${key} of ${JSON.stringify(name)}`;
  demand(isRecord(entry), of("the entry"), "an object with dtype, shape and data_offsets", typeof entry);
  const { dtype, shape, data_offsets: offsets } = entry;
  demand(
    typeof dtype === "string" && Object.hasOwn(WIDTHS, dtype),
    of("the dtype"),
    Object.keys(WIDTHS).join(" or "),
    dtype,
  );
  demand(Array.isArray(shape) && shape.every(isCount), of("the shape"), "a list of whole numbers of at least 0", shape);
  demand(
    Array.isArray(offsets) && offsets.length === 2 && offsets.every(isCount),
    of("data_offsets"),
    "two byte positions",
    offsets,
  );
  const [from, to] = offsets as number[];
  demand(from <= to && to <= body, of("data_offsets"), `an ascending range within 0..${body}`, offsets);
  const bytes = sizeOf(shape) * WIDTHS[dtype];
  demand(
    Number.isSafeInteger(bytes) && bytes === to - from,
    of("the size"),
    `${to - from} bytes, as data_offsets say`,
    bytes,
  );
  return { name, dtype, shape, from, to };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0 && !Object.is(value, -0);
}

function readNumbers(bytes: Uint8Array, dtype: string): Float32Array | Float64Array {
  const width = WIDTHS[dtype];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = bytes.length / width;
  if (dtype === "F64") return Float64Array.from({ length: count }, (_, i) => view.getFloat64(i * width, true));
  if (dtype === "F32") return Float32Array.from({ length: count }, (_, i) => view.getFloat32(i * width, true));
  const widen = dtype === "BF16" ? widenBfloat : widenHalf;
  return Float32Array.from({ length: count }, (_, i) => widen(view.getUint16(i * width, true)));
}

const word = new DataView(new ArrayBuffer(4));

/** bfloat16 is the upper half of a float32. */
function widenBfloat(bits: number): number {
  word.setUint32(0, bits << 16);
  return word.getFloat32(0);
}
