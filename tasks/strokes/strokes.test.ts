import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Random, tensor } from "../../src/index.js";
import { handOf, written } from "../../test/pen.js";
import { Alphabet } from "../reading/alphabet.js";
import { distort } from "./distort.js";
import { drawStrokes, spikesUnder } from "./draw.js";
import { strokeFrames, WIDTH } from "./frames.js";
import { boxOf, movedStrokes, readWritings } from "./ink.js";
import { readInkFile } from "./inkFile.js";
import { normalise } from "./normalise.js";

const lists = (strokes: readonly Float32Array[]) => strokes.map((stroke) => Array.from(stroke));
const one = (text: string) => readWritings(written(text, handOf("ada", 3), new Random(1)), "here")[0].strokes;

describe("readWritings", () => {
  it("sums the steps of each stroke", () => {
    const line = '{"writer":"ada","text":"to","strokes":[[1,2,3,4,-1,0],[5,6]]}';
    const [{ writer, text, strokes }] = readWritings(`${line}\n\n`, "file");
    expect([writer, text]).toEqual(["ada", "to"]);
    expect(lists(strokes)).toEqual([[1, 2, 4, 6, 3, 6], [5, 6]]); // biome-ignore format: a stroke each
  });

  it.each([
    ["no JSON", "{"],
    ["no object", "null"],
    ["no strokes", '{"writer":"a","text":"b","strokes":[]}'],
    ["a stroke without a place", '{"writer":"a","text":"b","strokes":[[]]}'],
    ["half a place", '{"writer":"a","text":"b","strokes":[[1,2,3]]}'],
    ["a place that is no number", '{"writer":"a","text":"b","strokes":[[1,null]]}'],
    ["no text", '{"writer":"a","strokes":[[1,2]]}'],
  ])("refuses %s, and says at which line", (_, line) => {
    const good = '{"writer":"a","text":"b","strokes":[[1,2]]}';
    expect(() => readWritings(`${good}\n${line}`, "words")).toThrow(/words, line 2 is .*expected a writer, a text/);
  });
});

describe("normalise", () => {
  it("brings large and small, upright and slanted, level and rising, to much the same", () => {
    const plain = one("lvtozlotvl");
    const other = movedStrokes(plain, (x, y) => [7 + 3 * (x + 0.3 * y), 50 + 3 * (y + 0.1 * (x + 0.3 * y))]);
    const [first, second] = [plain, other].map((strokes) => boxOf(normalise(strokes)));
    expect(first.top).toBeCloseTo(second.top, 0);
    expect(first.bottom).toBeCloseTo(second.bottom, 0);
    expect(Math.abs((second.right - second.left) / (first.right - first.left) - 1)).toBeLessThan(0.1);
    expect(normalise([Float32Array.of(3, 4)]).map((stroke) => Array.from(stroke))).toEqual([[3, 0]]);
  });

  it("makes small letters 1 high, above a line at 0", () => {
    const { bottom, top } = boxOf(normalise(one("ovzovz")));
    expect(Math.abs(bottom)).toBeLessThan(0.3);
    expect(top).toBeGreaterThan(0.8);
    expect(top).toBeLessThan(1.4);
  });
});

describe("strokeFrames", () => {
  it("do not depend on how densely the tablet took places", () => {
    const sparse = [Float32Array.of(0, 2, 0, 0, 1, 0)];
    const dense = [
      Float32Array.from({ length: 62 }, (_, i) => (i % 2 ? Math.max(0, 2 - (i - 1) / 20) : Math.max(0, i / 20 - 2))),
    ];
    const [few, many] = [sparse, dense].map((strokes) => strokeFrames(strokes, 0.2).frames);
    expect(few.length).toBe(many.length);
    few.forEach((x, i) => expect(Math.abs(x - many[i])).toBeLessThan(0.05));
  });

  it("say where a stroke begins and how the pen got there, and see a bar that comes later", () => {
    const [stem, bar] = [Float32Array.of(0, 2, 0, 0), Float32Array.of(-0.5, 1, 0.5, 1)];
    const alone = strokeFrames([stem], 0.25).frames;
    const crossed = strokeFrames([stem, bar], 0.25).frames;
    const begins = Array.from({ length: crossed.length / WIDTH }, (_, t) => t).flatMap((t) =>
      [0, 1, 2].filter((n) => crossed[t * WIDTH + 8 * n + 7] === 1).map((n) => 3 * t + n),
    );
    expect(begins).toHaveLength(2);
    const at = Math.floor(begins[1] / 3) * WIDTH + 8 * (begins[1] % 3);
    expect(Array.from(crossed.subarray(at, at + 2))).toEqual([-0.25, 0.5]); // half as large: the stem is 1 high
    const around = (frames: Float32Array) => frames.subarray(24, WIDTH).reduce((a, b) => a + b, 0);
    expect(around(crossed)).toBeGreaterThan(around(alone));
  });

  it("vary by the generator alone, and place steps from 0 to 1", () => {
    const varied = (seed: number) => strokeFrames(one("tovlz"), 0.3, new Random(seed));
    expect(varied(1)).toEqual(varied(1));
    expect(varied(1).frames).not.toEqual(varied(2).frames);
    for (const place of varied(3).places) expect(place >= 0 && place <= 1).toBe(true);
    expect(distort(one("lo"), new Random(1)).length).toBeGreaterThan(0);
  });
});

describe("drawings", () => {
  it("have eight dots in each sign", () => {
    expect(drawStrokes([Float32Array.of(0, 0)])).toEqual(["⠁"]);
    expect(drawStrokes([Float32Array.of(0, 0, 0, 31)])).toEqual(new Array(8).fill("⡇"));
    expect(drawStrokes([Float32Array.of(0, 0, 199, 0)])).toEqual(["⠉".repeat(100)]);
    const rising = drawStrokes([Float32Array.of(0, 0, 31, 31)]);
    expect(rising.map((row) => row.trimStart())).toEqual(new Array(8).fill("⡠⠊"));
    expect(rising[7].length).toBe(2);
  });

  it("have the symbols under the ink where the network writes them, and none twice for one writing of it", () => {
    const alphabet = new Alphabet("ab");
    const rows = [1, 1, 0, 1, 2, 0].map((best) => [0, 1, 2].map((k) => (k === best ? 5 : 0)));
    const outputs = { ...tensor([rows]), lengths: Int32Array.of(rows.length) };
    const drawing = ["x".repeat(11)];
    expect(spikesUnder(drawing, outputs, [0, 0.1, 0.3, 0.5, 1, 1], alphabet)).toBe("a    a    b");
    expect(spikesUnder(drawing, outputs, [0, 0, 0, 0, 0, 0], alphabet)).toBe("aab");
  });
});

describe("files of strokes", () => {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "seqloss-strokes-"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const read = (text: string) => {
    const path = join(folder, "ink");
    writeFileSync(path, text);
    return lists(readInkFile(path));
  };

  it.each([
    ["JSON", '{"strokes": [[0, 0, 1, 2], [3, 4]]}', [[0, -0, 1, -2], [3, -4]]],
    ["JSON of pairs, y upwards", '{"y": "up", "strokes": [[[0, 0], [1, 2]]]}', [[0, 0, 1, 2]]],
    ["a list alone", "[[5, 6, 7, 8]]", [[5, -6, 7, -8]]],
    ["InkML", "<ink><trace>1 2, 3 4 0.5</trace><trace id='b'> 5 6 </trace></ink>", [[1, -2, 3, -4], [5, -6]]],
    ["SVG's polylines", '<svg><polyline points="1,2 3,4"/></svg>', [[1, -2, 3, -4]]],
    ["SVG's lines", '<svg><path d="M1 2l1,1 2-1H0v3Z"/></svg>', [[1, -2, 2, -3, 4, -2, 0, -2, 0, -5, 1, -2]]],
    ["strokes within an SVG path", "<svg><path fill='none' d='M 0 0 L 1 0 m 1 1 l 1 0'/></svg>", [[0, -0, 1, -0], [2, -1, 3, -1]]],
  ])("are read as %s", (_, text, strokes) => {
    expect(read(text)).toEqual(strokes);
  }); // biome-ignore format: a case a line

  it("have curves drawn with straight pieces", () => {
    const [curve] = read('<svg><path d="M0 0C0 1 1 1 1 0q1-1 2 0"/></svg>');
    expect(curve.slice(24, 26)).toEqual([1, -0]);
    expect(curve[13]).toBeCloseTo(-0.75, 6); // the middle of the first curve
    expect(curve.slice(-2)).toEqual([3, -0]);
  });

  it.each([
    ["neither", "hello", "expected JSON, InkML or SVG"],
    ["no strokes", "[]", "expected strokes"],
    ["no list", '{"ink": 3}', "expected a list of strokes"],
    ["half a place", "[[1, 2], [3]]", "expected strokes[1] to be places"],
    ["another direction", '{"y": "left", "strokes": [[1, 2]]}', 'expected "y" to be "down" or "up"'],
    ["arcs", '<svg><path d="M0 0A1 1 0 0 0 2 2"/></svg>', "expected a path of M, L, H, V, C, Q, Z"],
    ["too few numbers", '<svg><path d="M0 0C1 1"/></svg>', "expected numbers for C, 6 at a time"],
    ["too much", `[[${"1,".repeat(2 ** 20)}1]]`, "expected at most 1024 KB"],
  ])("are refused with %s, with what to write", (_, text, message) => {
    expect(() => read(text)).toThrow(message);
    expect(() => read(text)).toThrow('Write {"strokes"');
  });
});
