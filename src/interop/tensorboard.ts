import { crc32c } from "./crc32.js";

/** Named numbers of one step, as TensorBoard draws them. */
export interface ScalarEvent {
  readonly step: number;
  /** Seconds since 1970. */
  readonly wallTime: number;
  /** By tag; what stands before a "/" groups them: "train/loss". Kept in float32. */
  readonly scalars: Readonly<Record<string, number>>;
}

/**
 * Scalars as the bytes of a TensorBoard event file, whose name must hold "tfevents": records of TFRecord, each an Event of
 * event.proto.
 *
 * Source: TensorFlow, core/lib/io/record_writer.h, core/util/event.proto and core/framework/summary.proto.
 *
 * @param continued whether the events go at the end of such a file; default false: they begin one
 * @example
 * encodeTensorboard([{ step: 1, wallTime: 0, scalars: { loss: 0.5 } }]).length // 82
 */
export function encodeTensorboard(events: readonly ScalarEvent[], { continued = false } = {}): Uint8Array {
  const records = events.map(encodeEvent);
  if (!continued) {
    const begun = [double(1, events[0]?.wallTime ?? 0), bytes(3, text("brain.Event:2"))];
    records.unshift(joined(begun));
  }
  return joined(records.map(framed));
}

/**
 * Where each record of an event file ends, of those that are whole. A crash may leave a part of one at the end.
 */
export function recordEnds(file: Uint8Array): number[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const ends: number[] = [];
  for (let at = 0; at + 16 <= file.length; ) {
    const length = Number(view.getBigUint64(at, true));
    const end = at + 16 + length;
    if (end > file.length || view.getUint32(at + 8, true) !== masked(file.subarray(at, at + 8))) break;
    if (view.getUint32(end - 4, true) !== masked(file.subarray(at + 12, end - 4))) break;
    ends.push(end);
    at = end;
  }
  return ends;
}

function encodeEvent({ step, wallTime, scalars }: ScalarEvent): Uint8Array {
  const values = Object.entries(scalars).map(([tag, value]) =>
    bytes(1, joined([bytes(1, text(tag)), float(2, value)])),
  );
  return joined([double(1, wallTime), whole(2, step), bytes(5, joined(values))]);
}

/** A record: its length, the sum of that, itself, the sum of that. */
function framed(record: Uint8Array): Uint8Array {
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(record.length), true);
  return joined([length, uint32(masked(length)), record, uint32(masked(record))]);
}

/** A sum that stays one of sums of sums: turned and shifted. */
function masked(data: Uint8Array): number {
  const crc = crc32c(data);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

// Fields of protocol buffers: a number and a kind, then the value.

const text = (value: string): Uint8Array => new TextEncoder().encode(value);

function whole(field: number, value: number): Uint8Array {
  return joined([varint(field << 3), varint(value)]);
}

function double(field: number, value: number): Uint8Array {
  const data = new Uint8Array(8);
  new DataView(data.buffer).setFloat64(0, value, true);
  return joined([varint((field << 3) | 1), data]);
}

function bytes(field: number, value: Uint8Array): Uint8Array {
  return joined([varint((field << 3) | 2), varint(value.length), value]);
}

function float(field: number, value: number): Uint8Array {
  const data = new Uint8Array(4);
  new DataView(data.buffer).setFloat32(0, value, true);
  return joined([varint((field << 3) | 5), data]);
}

function varint(value: number): Uint8Array {
  const digits: number[] = [];
  for (; value > 127; value = Math.floor(value / 128)) digits.push((value % 128) | 128);
  return Uint8Array.of(...digits, value);
}

function uint32(value: number): Uint8Array {
  const data = new Uint8Array(4);
  new DataView(data.buffer).setUint32(0, value, true);
  return data;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
