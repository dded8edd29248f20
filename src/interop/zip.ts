import { crc32 } from "./crc32.js";

// A zip archive without compression: each file behind a header of its own, then the list of all of them.

const FILE = 0x04034b50;
const LISTED = 0x02014b50;
const END = 0x06054b50;
/** What a reader must know: nothing but plain files. The date of all of them is the first that the format has, 1 January 1980. */
const VERSION = 20;
const DATE = (1 << 5) | 1;
/** Contents begin at multiples of this, so that they can be mapped into memory. */
const ALIGNMENT = 64;

/** Names and contents, in this order; less than 4 GiB in all. */
export function encodeZip(files: readonly (readonly [name: string, contents: Uint8Array])[]): Uint8Array {
  const parts: Uint8Array[] = [];
  const listed: Uint8Array[] = [];
  let at = 0;
  for (const [name, contents] of files) {
    const text = new TextEncoder().encode(name);
    // an extra field of an unknown kind, 4 bytes and padding, moves the contents to their place
    const padding = ALIGNMENT - ((at + 30 + text.length + 4) % ALIGNMENT);
    const about = [VERSION, 0, 0, 0, DATE];
    const sizes = [crc32(contents), contents.length, contents.length];
    const header = fields([4, FILE], ...about.map(half), ...sizes.map(whole), half(text.length), half(4 + padding));
    const extra = concat([fields(half(0x4246), half(padding)), new Uint8Array(padding)]);
    listed.push(
      fields([4, LISTED], half(VERSION), ...about.map(half), ...sizes.map(whole), half(text.length)),
      fields(half(0), half(0), half(0), half(0), whole(0), whole(at)),
      text,
    );
    parts.push(header, text, extra, contents);
    at += header.length + text.length + extra.length + contents.length;
  }
  const list = concat(listed);
  const end = fields(
    [4, END],
    half(0),
    half(0),
    half(files.length),
    half(files.length),
    whole(list.length),
    whole(at),
    half(0),
  );
  return concat([...parts, list, end]);
}

type Field = readonly [width: 2 | 4, value: number];
const half = (value: number): Field => [2, value];
const whole = (value: number): Field => [4, value];

function fields(...values: readonly Field[]): Uint8Array {
  const bytes = new Uint8Array(values.reduce((size, [width]) => size + width, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const [width, value] of values) {
    if (width === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += width;
  }
  return bytes;
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((size, { length }) => size + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
