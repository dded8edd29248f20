export type Point = readonly [x: number, y: number];
/** What the pen did between being set down and lifted, or lifted and set down. */
export interface Component {
  readonly down: boolean;
  readonly points: readonly Point[];
}

/** Keywords between which the points of a component go on. */
const WITHIN = ".DT";

/** The components of a file in UNIPEN's format, by the numbers that segments use: those without points have none. */
export function readComponents(text: string): Component[] {
  const components: { down: boolean; points: Point[] }[] = [];
  let points: Point[] | undefined;
  for (const raw of text.split("\n")) {
    const line = raw.trim();
    if (line.startsWith(".")) {
      const [keyword] = line.split(/\s/, 1);
      if (keyword === WITHIN) continue;
      points = keyword === ".PEN_DOWN" || keyword === ".PEN_UP" ? [] : undefined;
      if (points !== undefined) components.push({ down: keyword === ".PEN_DOWN", points });
    } else if (points !== undefined && line !== "") {
      const [x, y] = line.split(/\s+/, 2);
      points.push([Number(x), Number(y)]);
    }
  }
  return components.filter((one) => one.points.length > 0);
}

/**
 * Strokes as [x, y, dx, dy, ...], from the lower left of the ink, of whole units: of each stroke every `nth` point and the last,
 * repeated ones once.
 */
export function thinStrokes(strokes: readonly (readonly Point[])[], nth: number): number[][] {
  const drawn = strokes.filter(({ length }) => length > 0);
  const [left, low] = [0, 1].map((axis) =>
    drawn.flat().reduce((least, point) => Math.min(least, point[axis]), Infinity),
  );
  return drawn.map((stroke) => {
    const kept = stroke.filter((_, i) => i % nth === 0 || i === stroke.length - 1);
    const numbers: number[] = [];
    let before: Point | undefined;
    for (const [x, y] of kept) {
      const point: Point = [roundHalfEven(x - left), roundHalfEven(y - low)];
      if (before === undefined) numbers.push(...point);
      else if (point[0] !== before[0] || point[1] !== before[1])
        numbers.push(point[0] - before[0], point[1] - before[1]);
      before = point;
    }
    return numbers;
  });
}

function roundHalfEven(value: number): number {
  const rounded = Math.round(value);
  return rounded - value === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}
