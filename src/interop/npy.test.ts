import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SeqlossError } from "../core/errors.js";
import { decodeNpy, encodeNpy } from "./npy.js";

/** A file as NumPy writes it, with any header and any bytes. */
function file(header: string, body: Uint8Array = new Uint8Array(0), version = 1): Uint8Array {
  const lengthBytes = version === 1 ? 2 : 4;
  const bytes = new Uint8Array(8 + lengthBytes + header.length + body.length);
  bytes.set([0x93, ...new TextEncoder().encode("NUMPY"), version, 0]);
  const view = new DataView(bytes.buffer);
  if (version === 1) view.setUint16(8, header.length, true);
  else view.setUint32(8, header.length, true);
  bytes.set(new TextEncoder().encode(header), 8 + lengthBytes);
  bytes.set(body, 8 + lengthBytes + header.length);
  return bytes;
}

const header = (descr: string, shape: string, order = "False") =>
  `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': ${shape}, }\n`;
const body = (array: ArrayBufferView) => new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

describe("decodeNpy", () => {
  it("reads a file that NumPy wrote", () => {
    // numpy.save(file, numpy.array([[1.5, -2], [0, numpy.inf]], "<f4")), of NumPy 2
    const written =
      "k05VTVBZAQB2AHsnZGVzY3InOiAnPGY0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDIpLCB9ICAgICAgICAgICAgIC" +
      "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAMA/AAAAwAAAAAAAAIB/";
    const array = decodeNpy(Buffer.from(written, "base64"));
    expect(array).toEqual({ data: Float32Array.of(1.5, -2, 0, Number.POSITIVE_INFINITY), shape: [2, 2] });
  });

  it.each([
    ["<f8", Float64Array.of(1.5, -2)],
    ["|i1", Int8Array.of(-128, 127)],
    ["|u1", Uint8Array.of(0, 255)],
    ["|b1", Uint8Array.of(0, 1)],
    ["<i2", Int16Array.of(-32768, 32767)],
    ["<u2", Uint16Array.of(0, 65535)],
    ["<i4", Int32Array.of(-(2 ** 31), 2 ** 31 - 1)],
    ["<u4", Uint32Array.of(0, 2 ** 32 - 1)],
    ["<i8", BigInt64Array.of(-(2n ** 53n) + 1n, 5n)],
    ["<u8", BigUint64Array.of(0n, 2n ** 53n - 1n)],
  ])("reads %s exactly", (descr, array) => {
    const { data, shape } = decodeNpy(file(header(descr, "(2,)"), body(array)));
    expect({ numbers: Array.from(data), shape }).toEqual({
      numbers: Array.from(array as ArrayLike<number>, Number),
      shape: [2],
    });
    expect(data).toBeInstanceOf(Float64Array);
  });

  it("reads float16 as float32, in either byte order", () => {
    const expected = [1.5, -2, 2 ** -24, 65504, Number.POSITIVE_INFINITY, Number.NaN];
    const bits = Uint16Array.of(0x3e00, 0xc000, 1, 0x7bff, 0x7c00, 0x7e00);
    const swapped = bits.map((x) => (x >> 8) | (x << 8));
    for (const [descr, array] of [
      ["<f2", bits],
      [">f2", swapped],
    ] as const) {
      const { data } = decodeNpy(file(header(descr, "(6,)"), body(array)));
      expect(data).toEqual(Float32Array.from(expected));
    }
  });

  it("reads big-endian numbers, columns first, later versions, and no axes at all", () => {
    const big = new DataView(new ArrayBuffer(48));
    for (let i = 0; i < 6; i++) big.setFloat64(8 * i, i);
    const columns = decodeNpy(file(header(">f8", "(2, 3)", "True"), body(big), 2));
    expect(columns).toEqual({ data: Float64Array.of(0, 2, 4, 1, 3, 5), shape: [2, 3] });
    expect(decodeNpy(file(header("<f8", "()"), body(Float64Array.of(7)), 3))).toEqual({
      data: Float64Array.of(7),
      shape: [],
    });
    expect(decodeNpy(file(header("<f4", "(0, 5)")))).toEqual({ data: new Float32Array(0), shape: [0, 5] });
  });

  it.each([
    ["something else", new TextEncoder().encode("{} and more of it"), /the mark of a NumPy array/],
    ["a later version", file(header("<f4", "(0,)"), undefined, 9), /version at byte 6 is 9/],
    ["Python objects", file(header("|O", "(1,)"), new Uint8Array(8)), /descr is "\|O"/],
    ["a record", file("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }"), /one plain type/],
    ["a type without its byte order", file(header("|f4", "(1,)"), new Uint8Array(4)), /with its byte order/],
    ["complex numbers", file(header("<c8", "(1,)"), new Uint8Array(8)), /descr is "<c8"/],
    ["a negative axis", file(header("<f4", "(-1,)"), new Uint8Array(4)), /the header is/],
    ["axes beyond counting", file(header("<f4", "(4294967296, 4294967296)")), /the size of the file/],
    ["an axis beyond counting", file(header("<f4", "(9007199254740993,)")), /axes of whole numbers/],
    ["too many axes", file(header("<f4", `(${"1,".repeat(33)})`), new Uint8Array(4)), /at most 32 axes/],
    ["too few bytes", file(header("<f4", "(2,)"), new Uint8Array(7)), /the size of the file/],
    ["too many bytes", file(header("<f4", "(2,)"), new Uint8Array(9)), /the size of the file/],
    [
      "whole numbers that float64 rounds",
      file(header("<i8", "(1,)"), body(BigInt64Array.of(2n ** 53n))),
      /number 0 is/,
    ],
  ])("row 82: refuses %s", (_, bytes, message) => {
    expect(() => decodeNpy(bytes)).toThrow(message);
    expect(() => decodeNpy(bytes)).toThrow(SeqlossError);
  });

  it("row 82: refuses a header longer than the file, before it makes room for it", () => {
    const bytes = file(header("<f4", "(1,)"), new Uint8Array(4), 2);
    new DataView(bytes.buffer).setUint32(8, 0xffffffff, true);
    expect(() => decodeNpy(bytes)).toThrow(/the length of the header at byte 8 is 4294967295/);
  });

  it("reads what encodeNpy wrote, and refuses it cut anywhere", () => {
    const shapes = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(shapes, fc.boolean(), fc.nat(), (shape, single, cut) => {
        const size = shape.reduce((a, b) => a * b, 1);
        const data = new (single ? Float32Array : Float64Array)(size).map((_: number, i: number) => i / 3 - 1);
        const bytes = encodeNpy({ data, shape });
        expect(decodeNpy(bytes)).toEqual({ data, shape });
        expect(() => decodeNpy(bytes.subarray(0, cut % bytes.length))).toThrow(SeqlossError);
      }),
      { numRuns: 200 },
    );
  });
});
