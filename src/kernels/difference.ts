/**
 * Makes a file of another one that is much like it, and of what scripts/difference.mjs wrote of the two: the size of the file, and
 * run after run, how many bytes are new, how many are then copied, how much further on than expected these begin, and the new bytes.
 */
export function withDifference(from: Uint8Array, difference: Uint8Array): Uint8Array<ArrayBuffer> {
  let at = 0;
  const number = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = difference[at++];
      value |= (byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  const made = new Uint8Array(number());
  let [size, place] = [0, 0];
  while (at < difference.length) {
    const [fresh, copied, further] = [number(), number(), number()];
    made.set(difference.subarray(at, at + fresh), size);
    at += fresh;
    place += fresh + (further % 2 === 0 ? further / 2 : -(further + 1) / 2);
    made.set(from.subarray(place, place + copied), size + fresh);
    place += copied;
    size += fresh + copied;
  }
  return made;
}
