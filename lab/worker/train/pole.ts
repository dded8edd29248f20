import type { Random } from "../../../src/index.js";

/** What a policy sees: where the cart is and how the pole leans, each within ±1 while it stands. Not how fast either moves. */
export const SEEN = 2;
/** Push to the left, push to the right. */
export const PUSHES = 2;
/** Radians to either side; beyond, the pole has fallen. */
export const LEAN = (12 * Math.PI) / 180;
/** Metres from the middle; beyond, the cart has left its track. */
export const TRACK = 2.4;

const SECONDS = 1 / 50;
const GRAVITY = 9.8;
const FORCE = 10; // newtons
const CART = 1; // kilograms
const STICK = 0.1;
const HALF = 0.5; // metres from the joint to the middle of the pole
const START = 0.05; // metres, radians

/**
 * A pole on a cart, to be kept upright by pushes (Barto, Sutton and Anderson 1983), without friction: the equations of motion as
 * Florian (2007, eq. 23 and 24) corrects them, by steps of a fiftieth of a second, speeds before places.
 */
export class Pole {
  /** Metres to the right of the middle. */
  position: number;
  /** Radians to the right. */
  lean: number;
  private speed = 0;
  private turning = 0;

  constructor(random: Random) {
    this.position = START * (2 * random.uniform() - 1);
    this.lean = START * (2 * random.uniform() - 1);
  }

  get fallen(): boolean {
    return Math.abs(this.position) > TRACK || Math.abs(this.lean) > LEAN;
  }

  see(into: Float32Array, at: number): void {
    into[at] = this.position / TRACK;
    into[at + 1] = this.lean / LEAN;
  }

  push(action: number): void {
    const [sin, cos] = [Math.sin(this.lean), Math.cos(this.lean)];
    const whole = CART + STICK;
    const swing = STICK * HALF;
    const force = (action === 0 ? -FORCE : FORCE) + swing * this.turning ** 2 * sin;
    const turns = (GRAVITY * sin - (cos * force) / whole) / (HALF * (4 / 3 - (STICK * cos ** 2) / whole));
    this.turning += SECONDS * turns;
    this.speed += (SECONDS * (force - swing * turns * cos)) / whole;
    this.position += SECONDS * this.speed;
    this.lean += SECONDS * this.turning;
  }
}
