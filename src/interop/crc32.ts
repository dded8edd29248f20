/** Sums of 32 bits: remainders of a reflected polynomial; `before` goes on from the sum of what came before. */
function remainderBy(polynomial: number): (bytes: Uint8Array, before?: number) => number {
  const table = Uint32Array.from({ length: 256 }, (_, byte) => {
    let remainder = byte;
    for (let bit = 0; bit < 8; bit++) remainder = remainder & 1 ? (remainder >>> 1) ^ polynomial : remainder >>> 1;
    return remainder;
  });
  return (bytes, before = 0) => {
    let crc = ~before;
    for (const byte of bytes) crc = (crc >>> 8) ^ table[(crc ^ byte) & 255];
    return ~crc >>> 0;
  };
}

/** CRC-32 (ISO 3309, as in zip and PNG). */
export const crc32 = /* @__PURE__ */ remainderBy(0xedb88320);

/** CRC-32C (Castagnoli, Brauer, Herrmann 1993; RFC 3720). */
export const crc32c = /* @__PURE__ */ remainderBy(0x82f63b78);
