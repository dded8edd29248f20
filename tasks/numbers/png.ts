import { inflateSync } from "node:zlib";

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Chunks that a picture cannot be read without; all others are left out, whatever they hold. */
const NEEDED = ["IHDR", "PLTE", "tRNS", "IDAT", "IEND"];
/** Samples of a pixel, by PNG's colour type. */
const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
/** Larger pictures are refused before they are unpacked. */
const LARGEST = 16 * 2 ** 20;

/** What is wrong with a picture: what was expected, and what was found. */
export type Refuse = (expected: string, found: unknown, advice?: string) => never;

/**
 * The parts of a PNG picture that its pixels need, after checks that cost little: that it is one, of no more than 16 million
 * pixels, and that it does not unpack to more than these pixels take.
 */
export function checkPng(bytes: Buffer, refuse: Refuse): Uint8Array {
  if (bytes.length < 33 || !SIGNATURE.every((byte, i) => bytes[i] === byte)) {
    refuse("a PNG picture", `${bytes.length} bytes of something else`, "Save the picture as PNG.");
  }
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  if (width * height > LARGEST) {
    refuse(`at most ${LARGEST} pixels`, `${width} × ${height}`, "Make the picture smaller.");
  }
  const kept: Buffer[] = [bytes.subarray(0, 8)];
  const packed: Buffer[] = [];
  for (let at = 8; at + 12 <= bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    const type = bytes.toString("latin1", at + 4, at + 8);
    const end = at + 12 + length;
    if (NEEDED.includes(type)) kept.push(bytes.subarray(at, end));
    if (type === "IDAT") packed.push(bytes.subarray(at + 8, end - 4));
    at = end;
  }
  const bitsOfPixel = bytes[24] * (CHANNELS[bytes[25]] ?? 4);
  const rows = height * (1 + Math.ceil((width * bitsOfPixel) / 8));
  checkUnpacked(Buffer.concat(packed), 2 * rows + 1024, refuse); // interlacing pads a few rows more
  return Buffer.concat(kept);
}

function checkUnpacked(packed: Buffer, most: number, refuse: Refuse): void {
  try {
    inflateSync(packed, { maxOutputLength: most });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ERR_BUFFER_TOO_LARGE") refuse(`at most ${most} bytes of pixels`, "more, packed into a small file");
    refuse("a sound PNG picture", message);
  }
}
