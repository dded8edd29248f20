/**
 * Makes a file of another one that is much like it, and of what scripts/difference.mjs wrote of the two: run after run, how many
 * bytes are new, how many are then copied, how much further on than expected these begin, and the new bytes.
 */
export function withDifference(from: Uint8Array, difference: Uint8Array): Uint8Array<ArrayBuffer> {
  const made: number[] = [];
  let [at, place] = [0, 0];
  const number = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = difference[at++];
      value |= (byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  while (at < difference.length) {
    const [fresh, copied, further] = [number(), number(), number()];
    for (let n = 0; n < fresh; n++) made.push(difference[at++]);
    place += fresh + (further % 2 === 0 ? further / 2 : -(further + 1) / 2);
    for (let n = 0; n < copied; n++) made.push(from[place++]);
  }
  return Uint8Array.from(made);
}
