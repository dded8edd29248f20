/** The sum of 32 bits of some bytes; `before` goes on from the sum of what came before. */
type Sum = (bytes: Uint8Array, before?: number) => number;

/** Remainders of a reflected polynomial. */
function remainderBy(polynomial: number): Sum {
  let table: Uint32Array | undefined; // made at the first use: a program starts without it
  return (bytes, before = 0) => {
    table ??= remaindersOfBytes(polynomial);
    let crc = ~before;
    for (const byte of bytes) crc = (crc >>> 8) ^ table[(crc ^ byte) & 255];
    return ~crc >>> 0;
  };
}

function remaindersOfBytes(polynomial: number): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, byte) => {
    let remainder = byte;
    for (let bit = 0; bit < 8; bit++) remainder = remainder & 1 ? (remainder >>> 1) ^ polynomial : remainder >>> 1;
    return remainder;
  });
}

/** CRC-32 (ISO 3309, as in zip and PNG). */
export const crc32 = /* @__PURE__ */ remainderBy(0xedb88320);

/** CRC-32C (Castagnoli, Brauer, Herrmann 1993; RFC 3720). */
export const crc32c = /* @__PURE__ */ remainderBy(0x82f63b78);
