import { describe, expect, it } from "vitest";
import { readComponents, thinStrokes } from "./ink.js";
import { PythonShuffle } from "./mersenneTwister.js";
import { readSegments, strokesOf } from "./segments.js";
import { isNeeded } from "./sources.js";
import { unipen } from "./unipen.js";

const INK = `.WRITER_ID ann
.COMMENT points that are none
	1 2
.PEN_UP
.PEN_DOWN
 10 20 7
 12 21
 13 25
.PEN_UP
 14 26
.PEN_DOWN
.DT 100
 15 22
 15 22
 16 30
`;

describe("pen strokes", () => {
  it("are components with points, in the air or not, numbered from 0", () => {
    const components = readComponents(INK);
    expect(components.map(({ down, points }) => [down, points.length])).toEqual([
      [true, 3],
      [false, 1],
      [true, 3],
    ]);
    expect(components[0].points).toEqual([
      [10, 20],
      [12, 21],
      [13, 25],
    ]);
  });

  it("are cut out by components, and by points within them", () => {
    const components = readComponents(INK);
    const lengths = (range: string) => strokesOf(components, range).map(({ length }) => length);
    expect(lengths("0-2")).toEqual([3, 3]);
    expect(lengths("0:1-2:0")).toEqual([2, 1]);
    expect(lengths("2")).toEqual([3]);
    expect(lengths("0:1-0:1,2")).toEqual([1, 3]);
    expect(readSegments('.SEGMENT WORD 0-2 OK "it"s" \n.SEGMENT none')).toEqual([
      { range: "0-2", quality: "OK", text: 'it"s' },
    ]);
  });

  it("are thinned with their ends kept, from the lower left of all of the ink", () => {
    const strokes = strokesOf(readComponents(INK), "0-2");
    expect(thinStrokes(strokes, 1)).toEqual([
      [0, 0, 2, 1, 1, 4],
      [5, 2, 1, 8],
    ]);
    expect(thinStrokes(strokes, 3)).toEqual([
      [0, 0, 3, 5],
      [5, 2, 1, 8],
    ]);
    expect(
      thinStrokes(
        [
          [
            [0, 0],
            [0.5, 1.5],
          ],
        ],
        1,
      ),
      "halves to even",
    ).toEqual([[0, 0, 0, 2]]);
  });

  it("become samples of numbered writers", () => {
    const files = new Map(
      Object.entries({
        "data/1a/aga/one.dat": '.INCLUDE aga/data/one.dat\n.SEGMENT CHARACTER 0 OK "7"\n',
        "data/7/sta/sta0/hpb0-ann.dat": '.SEGMENT WORD 0-2 OK "don\'t"\n.SEGMENT WORD 0-2 OK "10"\n',
        "data/7/hpp/hpp2/x.dat": '.SEGMENT WORD 0 OK "bad"\n.SEGMENT WORD 0 BAD "worse"\n.SEGMENT WORD 0 OK "it"\n',
        "include/aga/data/one.dat": INK,
        "include/hpp/data/hpp2/x.dat": INK,
        "include/sta/data/sta0/hpb0-ann.dat": INK,
      }).map(([path, text]) => [path, Buffer.from(text)]),
    );
    const made = Object.fromEntries(
      [...unipen.convert(files)]
        .filter(([, bytes]) => bytes.length > 0)
        .map(([name, bytes]) => [name, String(bytes).trim()]),
    );
    expect(made).toEqual({
      "words-stanford.test.jsonl.gz": `{"writer":"sta01","text":"don't","strokes":[[0,0,3,5],[5,2,1,8]]}`,
      "words-hp.test.jsonl.gz": `{"writer":"hpp01","text":"bad","strokes":[[0,0,3,5]]}`,
      "digits-isolated.train.jsonl.gz": `{"writer":"aga01","text":"7","strokes":[[0,0,2,1,1,4]]}`,
      "digits-strings.train.jsonl.gz": `{"writer":"sta01","text":"10","strokes":[[0,0,3,5],[5,2,1,8]]}`,
    });
  });

  it("need the ink of segments that are used, and nothing else", () => {
    const before = new Set(["data/7/sta/sta0/a.dat"]);
    const needed = (path: string) => isNeeded(path, before);
    expect(["data/1a/tos/f1/a.dat", "data/8/scr/a.dat", "include/sta/data/sta0/a.dat"].filter(needed)).toHaveLength(3);
    expect(
      ["data/2/sta/a.dat", "data/8/sta/a.dat", "include/sta/data/sta0/b.dat", "include/sta/hpb0.doc", "LICENSE"].filter(
        needed,
      ),
    ).toEqual([]);
    expect(needed("data/7/att/att0/41412304.dat"), "which the set was made without").toBe(false);
  });

  it("are drawn in the order of Python's random.Random(7).shuffle", () => {
    const random = new PythonShuffle(7);
    expect(random.shuffled([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])).toEqual([8, 3, 1, 4, 7, 0, 9, 6, 2, 5]);
    expect(random.shuffled([..."abcdefg"]).join("")).toBe("dcfgabe");
    const long = new PythonShuffle(7);
    let last: number[] = [];
    for (let n = 0; n < 200; n++) last = long.shuffled(Array.from({ length: 50 }, (_, i) => i));
    expect(last.slice(0, 8)).toEqual([21, 23, 38, 0, 45, 43, 8, 39]);
  });
});
