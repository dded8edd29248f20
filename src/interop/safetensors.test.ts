import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Random } from "../core/random.js";
import type { Tensor } from "../core/tensor.js";
import { crc32 } from "./crc32.js";
import { widenHalf } from "./half.js";
import { decodeSafetensors, encodeSafetensors } from "./safetensors.js";

const text = new TextEncoder();

/** A file with this header, as it stands, and this many bytes of zeros. */
function fileOf(header: unknown, body: number): Uint8Array {
  const json = text.encode(typeof header === "string" ? header : JSON.stringify(header));
  const file = new Uint8Array(8 + json.length + body);
  new DataView(file.buffer).setBigUint64(0, BigInt(json.length), true);
  file.set(json, 8);
  return file;
}

const sample = () => {
  const random = new Random(1);
  return encodeSafetensors(
    new Map<string, Tensor>([
      ["rnn.weight", { data: Float32Array.from({ length: 6 }, () => random.normal()), shape: [2, 3] }],
      ["exact", { data: Float64Array.of(Math.PI, -0, 1e-320), shape: [3] }],
      ["none", { data: new Float32Array(0), shape: [0, 4] }],
    ]),
    new Map([["run", "numbers"]]),
  );
};

describe("safetensors", () => {
  it("gives back what went in, bit for bit", () => {
    const { tensors, metadata } = decodeSafetensors(sample());
    expect([...tensors.keys()]).toEqual(["rnn.weight", "exact", "none"]);
    expect(tensors.get("exact")).toEqual({ data: Float64Array.of(Math.PI, -0, 1e-320), shape: [3] });
    expect(tensors.get("none")?.shape).toEqual([0, 4]);
    expect(metadata.get("run")).toBe("numbers");
  });

  it("reads a view into a larger buffer, as Node's files come", () => {
    const file = sample();
    const larger = Buffer.alloc(file.length + 24, 0xff);
    larger.set(file, 13);
    expect(decodeSafetensors(larger.subarray(13, 13 + file.length))).toEqual(decodeSafetensors(file));
  });

  it("begins with the header's length, a multiple of 8, then JSON", () => {
    const file = sample();
    const length = Number(new DataView(file.buffer).getBigUint64(0, true));
    expect(length % 8).toBe(0);
    const header = JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + length)));
    expect(header["rnn.weight"]).toEqual({ dtype: "F32", shape: [2, 3], data_offsets: [0, 24] });
  });

  it("row 81: a file cut at any byte is refused", () => {
    const file = sample();
    for (let size = 0; size < file.length; size++) {
      expect(() => decodeSafetensors(file.slice(0, size)), `${size} bytes`).toThrow(
        expect.objectContaining({ code: "FORMAT" }),
      );
    }
  });

  it("row 81: any flipped bit is noticed", () => {
    const file = sample();
    const original = decodeSafetensors(file);
    for (let at = 0; at < file.length; at++) {
      for (let bit = 0; bit < 8; bit++) {
        const damaged = file.slice();
        damaged[at] ^= 1 << bit;
        let read: ReturnType<typeof decodeSafetensors> | undefined;
        try {
          read = decodeSafetensors(damaged, { allowNaN: true });
        } catch (error) {
          expect(error).toMatchObject({ code: "FORMAT" });
        }
        // what is read all the same must be what was written, but for a tensor's name or the header's white space
        if (read !== undefined) expect([...read.tensors.values()]).toEqual([...original.tensors.values()]);
      }
    }
  });

  const entry = (shape: unknown, offsets: unknown, dtype: unknown = "F32") => ({ dtype, shape, data_offsets: offsets });

  it.each([
    ["a header longer than the file", fileOf("{}", 0).fill(0xff, 0, 3), "the header length at byte 0"],
    ["a header that is no JSON", fileOf("{oops", 0), "expected JSON"],
    ["a header that is a list", fileOf([1], 0), "expected a JSON object"],
    [
      "overlapping tensors",
      fileOf({ a: entry([2], [0, 8]), b: entry([2], [4, 12]) }, 12),
      'the first byte of "b" is 4; expected 8',
    ],
    ["a hole", fileOf({ a: entry([1], [0, 4]), b: entry([1], [8, 12]) }, 12), 'the first byte of "b" is 8; expected 4'],
    ["bytes that no tensor has", fileOf({ a: entry([1], [0, 4]) }, 8), "the end of the last tensor is 4; expected 8"],
    [
      "a duplicate name",
      fileOf(
        '{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}',
        4,
      ),
      "to appear once",
    ],
    ["a size that overflows", fileOf({ a: entry([2 ** 32, 2 ** 32], [0, 4]) }, 4), "the size of"],
    ["a negative extent", fileOf({ a: entry([-1], [0, 4]) }, 4), "the shape of"],
    ["an extent of minus zero", fileOf('{"a":{"dtype":"F32","shape":[-0],"data_offsets":[0,0]}}', 0), "the shape of"],
    [
      "an extent past all numbers",
      fileOf('{"a":{"dtype":"F32","shape":[1e400],"data_offsets":[0,4]}}', 4),
      "the shape of",
    ],
    ["offsets past the end", fileOf({ a: entry([2], [0, 8]) }, 4), "an ascending range within 0..4"],
    ["offsets that go down", fileOf({ a: entry([0], [4, 0]) }, 4), "an ascending range"],
    ["a type it does not know", fileOf({ a: entry([1], [0, 4], "I7") }, 4), "F64 or F32 or F16 or BF16"],
    ["metadata that are no strings", fileOf({ __metadata__: { a: 1 } }, 0), "__metadata__.a"],
    [
      "a name that reaches a prototype",
      fileOf('{"__proto__":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}', 4),
      "__proto__",
    ],
  ])("row 82: refuses %s", (_, file, message) => {
    expect(() => decodeSafetensors(file)).toThrow(message);
  });

  it("row 82: refuses a header of more than a mebibyte before reading it", () => {
    const file = new Uint8Array(16);
    new DataView(file.buffer).setBigUint64(0, 2n ** 62n, true);
    expect(() => decodeSafetensors(file)).toThrow("the header length at byte 0");
  });

  it("row 82: refuses NaN unless asked, and says where it is", () => {
    const file = encodeSafetensors(new Map([["w", { data: Float32Array.of(1, Number.NaN), shape: [2] }]]));
    expect(() => decodeSafetensors(file)).toThrow(/"w"\[1\], at byte \d+ is NaN/);
    expect(decodeSafetensors(file, { allowNaN: true }).tensors.get("w")?.data[1]).toBeNaN();
  });

  it("reads half precision of both kinds", () => {
    const header = { h: entry([4], [0, 8], "F16"), b: entry([2], [8, 12], "BF16") };
    const file = fileOf(header, 12);
    const view = new DataView(file.buffer, file.length - 12);
    [0x3c00, 0xc000, 0x0001, 0x7c00, 0x3f80, 0xc040].forEach((bits, i) => view.setUint16(2 * i, bits, true));
    const { tensors } = decodeSafetensors(file);
    expect(Array.from(tensors.get("h")?.data ?? [])).toEqual([1, -2, 2 ** -24, Number.POSITIVE_INFINITY]);
    expect(Array.from(tensors.get("b")?.data ?? [])).toEqual([1, -3]);
  });

  it("writes half precision: every 16-bit float comes back, others as the nearest one, in a tie the even one", () => {
    const all = Float32Array.from({ length: 2 ** 16 }, (_, bits) => widenHalf(bits)).filter((x) => !Number.isNaN(x));
    const between = Float32Array.of(
      1 + 2 ** -11,
      1 + 3 * 2 ** -11,
      1 + 2 ** -11 + 2 ** -20,
      2 ** -25,
      1.5 * 2 ** -24,
      -65519,
    );
    const file = encodeSafetensors(
      new Map([
        ["all", { data: all, shape: [all.length] }],
        ["between", { data: between, shape: [between.length] }],
      ]),
      new Map(),
      { half: true },
    );
    expect(file.length).toBeLessThan(2 * (all.length + between.length) + 400);
    const { tensors } = decodeSafetensors(file);
    expect(tensors.get("all")?.data).toEqual(all);
    expect(Array.from(tensors.get("between")?.data ?? [])).toEqual([1, 1 + 2 ** -9, 1 + 2 ** -10, 0, 2 ** -23, -65504]);
    const large = new Map([["w", { data: Float32Array.of(0, 65520), shape: [2] }]]);
    expect(() => encodeSafetensors(large, new Map(), { half: true })).toThrow(
      '"w"[1] is 65520; expected less than 65,520, to be written as a 16-bit float',
    );
  });

  it("never throws anything but its own error, whatever the bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.string(), (body, header) => {
        for (const file of [body, fileOf(header, body.length)]) {
          try {
            decodeSafetensors(file);
          } catch (error) {
            expect(error).toMatchObject({ code: "FORMAT" });
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe("crc32", () => {
  it("is the sum of zip and PNG, and can go on from a part", () => {
    expect(crc32(text.encode("123456789"))).toBe(0xcbf43926);
    expect(crc32(text.encode("6789"), crc32(text.encode("12345")))).toBe(0xcbf43926);
  });
});
