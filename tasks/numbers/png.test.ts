import { crc32, deflateSync } from "node:zlib";
import { decode, encode } from "fast-png";
import { describe, expect, it } from "vitest";
import { checkPng, type Refuse } from "./png.js";

const refuse: Refuse = (expected, found) => {
  throw new Error(`expected ${expected}; found ${found}`);
};

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}

/** A grey picture of width × height from the bytes that its IDAT chunk holds, with other chunks before that. */
function png(width: number, height: number, packed: Uint8Array, ...others: Buffer[]): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 0, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk("IHDR", header),
    ...others,
    chunk("IDAT", packed),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

describe("checkPng", () => {
  it("row 84: refuses a small file that unpacks to much more than its pixels", () => {
    const bomb = png(4, 4, deflateSync(Buffer.alloc(2 ** 24)));
    expect(bomb.length).toBeLessThan(20_000);
    expect(() => checkPng(bomb, refuse)).toThrow("more, packed into a small file");
  });

  it("row 84: leaves out what the pixels do not need, before anything unpacks it", () => {
    const profile = Buffer.concat([Buffer.from("x\0\0", "latin1"), deflateSync(Buffer.alloc(2 ** 20))]);
    const plain = png(1, 2, deflateSync(Buffer.from([0, 7, 0, 9])));
    const loaded = png(1, 2, deflateSync(Buffer.from([0, 7, 0, 9])), chunk("iCCP", profile), chunk("tEXt", profile));
    expect(Buffer.from(checkPng(loaded, refuse))).toEqual(plain);
    expect(Array.from(decode(checkPng(loaded, refuse)).data)).toEqual([7, 9]);
  });

  it("row 84: refuses more pixels than are read, by the header alone", () => {
    expect(() => checkPng(png(2 ** 20, 2 ** 20, Buffer.alloc(0)), refuse)).toThrow("expected at most 16777216 pixels");
  });

  it("keeps pictures of every kind whole", () => {
    const kinds = [
      { channels: 1, depth: 8 as const },
      { channels: 2, depth: 8 as const },
      { channels: 3, depth: 16 as const },
      { channels: 4, depth: 16 as const },
    ];
    for (const interlace of ["null", "Adam7"] as const) {
      for (const { channels, depth } of kinds) {
        const Data = depth === 16 ? Uint16Array : Uint8Array;
        const data = new Data(5 * 7 * channels).map((_: number, i: number) => (i * 37) % 251);
        const bytes = Buffer.from(encode({ width: 5, height: 7, data, channels, depth }, { interlace }));
        expect(decode(checkPng(bytes, refuse)).data).toEqual(data);
      }
    }
  });

  it("refuses what is no picture, torn or damaged", () => {
    const sound = png(1, 2, deflateSync(Buffer.from([0, 7, 0, 9])));
    expect(() => checkPng(Buffer.from("hello"), refuse)).toThrow("expected a PNG picture");
    expect(() => checkPng(sound.subarray(0, 45), refuse)).toThrow("expected a sound PNG picture");
    expect(() => checkPng(png(1, 2, Buffer.from([1, 2, 3])), refuse)).toThrow("expected a sound PNG picture");
  });
});
