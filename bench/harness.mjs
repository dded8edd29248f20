// Runs ours and the peer in turn, in short blocks in one process pair, so that whatever else the machine does falls on both;
// checks that the answers agree before it times.
export const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1];

export class Disagreement extends Error {}

/** Throws unless every pair is within `relative` of the larger, or within `absolute`. */
export function agree(what, ours, theirs, { relative, absolute }) {
  if (ours.length !== theirs.length) throw new Disagreement(`${what}: ${ours.length} numbers against ${theirs.length}`);
  for (let i = 0; i < ours.length; i++) {
    const allowed = Math.max(absolute, relative * Math.max(Math.abs(ours[i]), Math.abs(theirs[i])));
    if (!(Math.abs(ours[i] - theirs[i]) <= allowed)) {
      throw new Disagreement(`${what}[${i}]: ours ${ours[i]}, theirs ${theirs[i]}, allowed difference ${allowed}`);
    }
  }
}

/** Median milliseconds of one call, over calls that fill `seconds`. */
export function time(step, seconds) {
  const times = [];
  const end = performance.now() + seconds * 1000;
  while (performance.now() < end || times.length < 3) {
    const start = performance.now();
    step();
    times.push(performance.now() - start);
  }
  return median(times);
}

/** A peer whose calls take longer than this is measured in two rounds: they take minutes, and do not vary. */
const SLOW_MILLISECONDS = 1000;

/** Interleaved rounds; each gives a ratio, and the median ratio is the result. */
export async function compare(step, peer, { rounds: most, seconds }) {
  time(step, seconds);
  const warm = await peer?.ask({ do: "time", seconds });
  const rounds = warm?.milliseconds > SLOW_MILLISECONDS ? Math.min(2, most) : most;
  const ours = [];
  const theirs = [];
  for (let round = 0; round < rounds; round++) {
    ours.push(time(step, seconds));
    if (peer) theirs.push((await peer.ask({ do: "time", seconds })).milliseconds);
  }
  const ratios = theirs.map((milliseconds, i) => milliseconds / ours[i]);
  return {
    ours: median(ours),
    theirs: peer && median(theirs),
    ratio: peer && median(ratios),
    spread: peer && [Math.min(...ratios), Math.max(...ratios)],
  };
}
