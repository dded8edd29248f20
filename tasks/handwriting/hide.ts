import type { Random } from "../../src/index.js";
import { WIDTH } from "../strokes/frames.js";

/** Stretches that are hidden, and how long each is at most: in steps, about a letter's, and as a share of the word. */
const STRETCHES = 2;
const LONGEST = 5;
const SHARE = 1 / 6;

/** Hides stretches of a word, for training: what is to be read there has to be known from the letters around. */
export function hideSteps(frames: Float32Array, random: Random): Float32Array {
  const steps = frames.length / WIDTH;
  const most = Math.min(LONGEST, Math.floor(SHARE * steps));
  const seen = frames.slice();
  for (let n = 0; n < STRETCHES; n++) {
    const length = random.integer(most + 1);
    const start = random.integer(steps - length + 1);
    seen.fill(0, start * WIDTH, (start + length) * WIDTH);
  }
  return seen;
}
