import type { Random } from "../../core/random.js";
import { whole } from "../draw.js";

/** A probability in 0.05..0.95. */
export const twentieths = (random: Random): number => whole(random, 1, 19) / 20;

/** −ln p */
export const surprise = (p: number): number => -Math.log(p);

/** The logit whose sigmoid is p. */
export const logitOf = (p: number): number => Math.log(p / (1 - p));

/** For each step the log-probabilities of two classes, the first of which has the given probability. */
export const twoClasses = (probabilities: readonly number[]): number[][] =>
  probabilities.map((p) => [Math.log(p), Math.log1p(-p)]);
