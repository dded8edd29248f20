import { createRequire } from "node:module";
import type { Body, World } from "planck";
import { type Random, SeqlossError } from "../../src/index.js";

/** What a policy sees: where the cart is, and how the pole leans. Not how fast either moves. */
export const SEEN = 2;
/** Push to the left, push to the right. */
export const ACTIONS = 2;
/** Steps of an episode at most; a fiftieth of a second each. */
export const LONGEST = 500;

const SECONDS = 1 / 50;
const FORCE = 10; // newtons
const TRACK = 2.4; // metres to either side
const LEAN = (12 * Math.PI) / 180; // radians to either side
const START = 0.05; // metres, and radians

type Planck = typeof import("planck");

const require = createRequire(import.meta.url);

/** Where the package `planck` is installed, if it is. */
export function findPlanck(): string | undefined {
  try {
    return require.resolve("planck");
  } catch {
    return undefined;
  }
}

function loadPlanck(): Planck {
  if (findPlanck() !== undefined) return require("planck") as Planck;
  throw new SeqlossError("play", "FORMAT", {
    argument: "the npm package planck",
    expected: "to be installed; it simulates the pole",
    found: "not installed",
    advice: "Run: npm install planck",
  });
}

/**
 * A pole on a cart, to be kept upright by pushes (Barto, Sutton and Anderson 1983): cart 1 kg, pole 0.1 kg and 1 m long, pushes
 * of 10 N, in a rigid-body simulator. It has fallen when it leans by more than 12° or the cart is 2.4 m from the middle.
 */
export class Pole {
  private readonly world: World;
  private readonly cart: Body;
  private readonly stick: Body;

  /** @param lean radians to the right at the start; drawn where it is left out */
  constructor(random: Random, lean?: number) {
    const { Box, PrismaticJoint, RevoluteJoint, Vec2, World } = loadPlanck();
    this.world = new World({ gravity: new Vec2(0, -9.8) });
    const x = START * (2 * random.uniform() - 1);
    const angle = -(lean ?? START * (2 * random.uniform() - 1));
    const ground = this.world.createBody();
    const untouching = { filterGroupIndex: -1, friction: 0 };
    this.cart = this.world.createDynamicBody(new Vec2(x, 0));
    this.cart.createFixture({ shape: new Box(0.25, 0.125), density: 8, ...untouching });
    const top = new Vec2(x - 0.5 * Math.sin(angle), 0.5 * Math.cos(angle));
    this.stick = this.world.createDynamicBody(top, angle);
    this.stick.createFixture({ shape: new Box(0.02, 0.5), density: 2.5, ...untouching });
    this.world.createJoint(new PrismaticJoint({}, ground, this.cart, this.cart.getPosition(), new Vec2(1, 0)));
    this.world.createJoint(new RevoluteJoint({}, this.cart, this.stick, this.cart.getPosition()));
  }

  /** Metres to the right of the middle. */
  get position(): number {
    return this.cart.getPosition().x;
  }

  /** Radians to the right. */
  get lean(): number {
    return -this.stick.getAngle();
  }

  get fallen(): boolean {
    return Math.abs(this.position) > TRACK || Math.abs(this.lean) > LEAN;
  }

  /** What a policy sees, each within ±1 while the pole stands. */
  see(into: Float32Array, at: number): void {
    into[at] = this.position / TRACK;
    into[at + 1] = this.lean / LEAN;
  }

  push(action: number): void {
    const force = action === 0 ? -FORCE : FORCE;
    this.cart.applyForceToCenter({ x: force, y: 0 });
    this.world.step(SECONDS);
  }
}
