const COMMANDS = /([a-zA-Z])([^a-zA-Z]*(?:[eE][+-]?\d+[^a-zA-Z]*)*)/g;
const NUMBER = /[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/g;
/** Straight pieces that a curve is drawn with. */
const PIECES = 12;
/** Numbers that each command takes at a time. */
const TAKES: Readonly<Record<string, number>> = { M: 2, L: 2, H: 1, V: 1, C: 6, Q: 4, Z: 0 };

export const numbersIn = (text: string): number[] => (text.match(NUMBER) ?? []).map(Number);

/** Strokes of an SVG path of lines and Bézier curves, absolute or relative; x0, y0, x1, y1, … each. */
export function readPath(path: string, refuse: (expected: string, found: unknown) => never): number[][] {
  const strokes: number[][] = [];
  let [x, y] = [0, 0];
  const goTo = (nextX: number, nextY: number) => {
    [x, y] = [nextX, nextY];
    strokes.at(-1)?.push(x, y);
  };
  for (const [, letter, rest] of path.matchAll(COMMANDS)) {
    const command = letter.toUpperCase();
    const numbers = numbersIn(rest);
    const takes = TAKES[command];
    if (takes === undefined) refuse(`a path of ${Object.keys(TAKES).join(", ")}`, letter);
    if (takes === 0 ? numbers.length > 0 : numbers.length === 0 || numbers.length % takes !== 0) {
      refuse(`numbers for ${letter}, ${takes} at a time`, rest);
    }
    if (command === "Z") {
      const [firstX, firstY] = strokes.at(-1) ?? [x, y];
      goTo(firstX, firstY);
    }
    for (let i = 0; i < numbers.length; i += takes) {
      const [left, top] = letter === command ? [0, 0] : [x, y];
      const given = numbers.slice(i, i + takes);
      if (command === "M" && i === 0) strokes.push([]);
      if (command === "H") goTo(left + given[0], y);
      else if (command === "V") goTo(x, top + given[0]);
      else curve([x, y, ...given.map((number, k) => number + (k % 2 === 0 ? left : top))], goTo);
    }
  }
  return strokes;
}

/** A Bézier curve of any order by its control points, the first of them where the pen is: one point on is a line. */
function curve(controls: readonly number[], goTo: (x: number, y: number) => void): void {
  const pieces = controls.length === 4 ? 1 : PIECES;
  for (let n = 1; n <= pieces; n++) {
    let points = controls;
    while (points.length > 2) points = points.slice(2).map((end, k) => points[k] + (n / pieces) * (end - points[k]));
    goTo(points[0], points[1]);
  }
}
