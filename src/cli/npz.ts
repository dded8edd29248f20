import { crc32 } from "node:zlib";
import { type Unzipped, unzipSync, zipSync } from "fflate";
import { decodeNpy, encodeNpy, SeqlossError, type Tensor } from "../index.js";
import { EXIT, Failure } from "./failure.js";

const LARGEST = 2 ** 30;
const MOST_ARRAYS = 1000;
/** NumPy's savez writes the same in every file, so that equal arrays are equal bytes; zip knows no earlier time. */
const EPOCH = new Date(1980, 0, 1);

/** What an array of a file is in a case: a tensor; or the number or truth value that an array without axes is. */
export type ArrayValue = Tensor | number | boolean;

/** No JSON begins with these bytes: those of a NumPy array, and of a zip. */
export const isNpy = (bytes: Uint8Array): boolean => bytes[0] === 0x93;
export const isNpz = (bytes: Uint8Array): boolean => bytes[0] === 0x50 && bytes[1] === 0x4b;

/** The arrays of a file of numpy.savez or numpy.savez_compressed, by their names. */
export function readNpz(bytes: Uint8Array, from: string): Map<string, ArrayValue> {
  const files = unzip(bytes, from);
  return new Map(
    Object.entries(files).map(([file, contents]) => {
      const name = file.replace(/\.npy$/, "");
      return [name, readNpy(contents, `${from}: the array "${name}"`)];
    }),
  );
}

/** One array; `from` names it in messages. */
export function readNpy(bytes: Uint8Array, from: string): ArrayValue {
  try {
    const array = decodeNpy(bytes);
    if (array.shape.length > 0) return array;
    const header = new TextDecoder().decode(bytes.subarray(0, 256));
    return /'descr'\s*:\s*'\|b1'/.test(header) ? array.data[0] !== 0 : array.data[0];
  } catch (error) {
    if (!(error instanceof SeqlossError)) throw error;
    throw new Failure(EXIT.data, `${from}: ${error.message.replace(/^decodeNpy: /, "")}`);
  }
}

/** A file that numpy.load reads. */
export function writeNpz(arrays: Readonly<Record<string, Tensor>>): Uint8Array {
  const files = Object.entries(arrays).map(([name, array]) => [`${name}.npy`, encodeNpy(array)]);
  return zipSync(Object.fromEntries(files), { mtime: EPOCH });
}

/** The files of an archive, each of the size and with the checksum that it says. */
function unzip(bytes: Uint8Array, from: string): Unzipped {
  const refuse = (what: string): never => {
    throw new Failure(EXIT.data, `${from}: ${what}`);
  };
  const directory = readDirectory(bytes);
  if (directory === undefined) return refuse("a damaged .npz: its list of files, at the end, is not there.");
  const total = directory.reduce((sum, { size }) => sum + size, 0);
  if (directory.length > MOST_ARRAYS) refuse(`${directory.length} arrays; expected at most ${MOST_ARRAYS}.`);
  if (total > LARGEST) refuse(`${total} bytes when unpacked; expected at most ${LARGEST / 2 ** 20} MiB.`);
  const twice = directory.find(({ name }, n) => directory.findIndex((one) => one.name === name) < n);
  if (twice !== undefined) refuse(`two arrays "${twice.name}"; expected each name once.`);
  const other = directory.find(({ name }) => !name.endsWith(".npy"));
  if (other !== undefined)
    refuse(`"${other.name}" is no NumPy array; expected files of numpy.savez, which end in .npy.`);
  let files: Unzipped = {};
  try {
    files = unzipSync(bytes);
  } catch (error) {
    refuse(`a damaged .npz: ${(error as Error).message}.`);
  }
  for (const { name, size, checksum } of directory) {
    const contents = files[name];
    if (contents?.length !== size || crc32(contents) !== checksum)
      refuse(`"${name}" is damaged: its checksum differs.`);
  }
  return files;
}

interface Listed {
  readonly name: string;
  readonly size: number;
  readonly checksum: number;
}

const END = 0x06054b50;
const FILE = 0x02014b50;

/** The central directory of a zip, for what the reader of its files does not check. Source: PKWARE, APPNOTE.TXT, 4.3.12 and 4.3.16. */
function readDirectory(bytes: Uint8Array): Listed[] | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let end = bytes.length - 22;
  while (end >= 0 && view.getUint32(end, true) !== END) end--;
  if (end < 0) return undefined;
  const count = view.getUint16(end + 10, true);
  const found: Listed[] = [];
  let at = view.getUint32(end + 16, true);
  for (let n = 0; n < count; n++) {
    if (at + 46 > end || view.getUint32(at, true) !== FILE) return undefined;
    const length = view.getUint16(at + 28, true);
    found.push({
      name: new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + length)),
      size: view.getUint32(at + 24, true),
      checksum: view.getUint32(at + 16, true),
    });
    at += 46 + length + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return found;
}
