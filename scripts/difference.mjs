// @ts-check
// What has to be known of a file beside another one that is much like it; src/kernels/difference.ts makes the file of the two.

/** Runs of so many bytes are looked for everywhere, shorter ones near the place where the last one ended. */
const RARE = 8;
const NEAR = 16;
/** A run costs about three bytes itself. */
const LEAST = 4;

/**
 * Bytes that make `to` of `from`: the size of `to`, and run after run, how many bytes are new, how many are then copied, and how much further on than
 * expected these begin (2 n; or −2 n − 1 where that is before), as LEB128 numbers; then the new bytes.
 *
 * @param {Buffer} from
 * @param {Buffer} to
 * @returns {Buffer}
 */
export function difference(from, to) {
  const places = placesOfRuns(from);
  const written = leb128(to.length);
  let [start, expected] = [0, 0]; // of what is not written yet; where `from` would go on
  for (let at = 0; at <= to.length; at++) {
    const beside = expected + at - start;
    const near = Array.from({ length: 2 * NEAR }, (_, i) => beside + (i % 2 === 0 ? -i / 2 : (i + 1) / 2));
    const far = places.get(to.toString("latin1", at, at + RARE)) ?? [];
    let [place, length] = [beside, 0];
    for (const candidate of [...near, ...far]) {
      const alike = commonLength(from, candidate, to, at);
      if (alike > length) [place, length] = [candidate, alike];
    }
    if (length < LEAST && at + length < to.length) continue;
    const further = place - beside;
    written.push(...leb128(at - start), ...leb128(length), ...leb128(further < 0 ? -2 * further - 1 : 2 * further));
    written.push(...to.subarray(start, at));
    start = at + length;
    expected = place + length;
    at = start - 1;
    if (start === to.length) break;
  }
  return Buffer.from(written);
}

/** @param {Buffer} bytes */
function placesOfRuns(bytes) {
  /** @type {Map<string, number[]>} */
  const places = new Map();
  for (let at = 0; at + RARE <= bytes.length; at++) {
    const run = bytes.toString("latin1", at, at + RARE);
    places.set(run, [...(places.get(run) ?? []), at]);
  }
  return places;
}

/**
 * @param {Buffer} a
 * @param {number} i
 * @param {Buffer} b
 * @param {number} j
 */
function commonLength(a, i, b, j) {
  let length = 0;
  while (i >= 0 && i + length < a.length && j + length < b.length && a[i + length] === b[j + length]) length++;
  return length;
}

/** @param {number} number */
function leb128(number) {
  const bytes = [];
  let rest = number;
  for (; rest >= 128; rest >>>= 7) bytes.push((rest & 127) | 128);
  return [...bytes, rest];
}
