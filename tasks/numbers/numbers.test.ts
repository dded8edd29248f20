import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encode } from "fast-png";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ctcGreedyDecode, Random } from "../../src/index.js";
import { type DigitSplit, type Digits, loadDigits, SIDE } from "./digits.js";
import { FEATURES, frameLabels, lineFrames, STRIDE, toLabels, toText } from "./features.js";
import { lineToPng, readLineImage } from "./image.js";
import { composeLine, HEIGHT, type Line } from "./line.js";
import { numbers } from "./numbers.js";
import { drawLine } from "./render.js";

let split: DigitSplit;
let folder = "";
beforeAll(() => {
  split = loadDigits();
  folder = mkdtempSync(join(tmpdir(), "seqloss-numbers-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const images = ({ pixels, digits }: Digits) =>
  Array.from(digits, (_, i) => pixels.subarray(i * SIDE * SIDE, (i + 1) * SIDE * SIDE).join());

describe("the digits", () => {
  it("are ten thousand, in three parts that share no image", () => {
    const parts = [split.train, split.validation, split.test].map(images);
    expect(parts.map(({ length }) => length)).toEqual([8500, 500, 1000]);
    const seen = parts.map((part) => new Set(part));
    for (const image of seen[2]) expect(seen[0].has(image) || seen[1].has(image)).toBe(false);
    for (const image of seen[1]) expect(seen[0].has(image)).toBe(false);
  });

  it("are split alike each time, with every digit in every part", () => {
    expect(loadDigits().test.digits).toEqual(split.test.digits);
    for (const { digits } of Object.values(split)) expect(new Set(digits).size).toBe(10);
  });
});

describe("lines", () => {
  it("hold 1 to 5 digits, each number as often, whatever their width", () => {
    const random = new Random(1);
    const counts = new Array(6).fill(0);
    const widths = new Set<number>();
    for (let n = 0; n < 1000; n++) {
      const { text, width, pixels } = composeLine(split.train, random, { distortion: 0 });
      counts[text.length]++;
      widths.add(width);
      expect(pixels.length).toBe(HEIGHT * width);
    }
    expect(counts[0]).toBe(0);
    for (const count of counts.slice(1)) expect(Math.abs(count - 200)).toBeLessThan(5 * Math.sqrt(160));
    expect(widths.size).toBeGreaterThan(60);
  });

  it("are determined by the generator, and say what they are told to", () => {
    const compose = () => composeLine(split.test, new Random(2), { distortion: 1 }, "907");
    expect(compose()).toEqual(compose());
    expect(compose().text).toBe("907");
  });

  it("have room for CTC: always more frames than labels and repeats", () => {
    const random = new Random(3);
    for (let n = 0; n < 300; n++) {
      const { width, text } = composeLine(split.train, random, { distortion: 1 }, "11111");
      expect(Math.ceil(width / STRIDE)).toBeGreaterThanOrEqual(2 * text.length - 1);
    }
  });

  it("become frames, a third as many as columns", () => {
    const line = composeLine(split.test, new Random(4), { distortion: 0 }, "35");
    const frames = lineFrames(line);
    expect(frames.length).toBe(Math.ceil(line.width / STRIDE) * FEATURES);
    expect(frames.every((x) => Number.isFinite(x) && x >= 0)).toBe(true);
    const paper: Line = { pixels: new Float32Array(HEIGHT * 9), width: 9, text: "" };
    expect(lineFrames(paper).every((x) => x === 0)).toBe(true);
  });

  it("show the direction of edges: a wall's lie across, a floor's lie down", () => {
    const pixels = new Float32Array(HEIGHT * 12);
    for (let y = 0; y < HEIGHT; y++) for (let x = 6; x < 12; x++) pixels[y * 12 + x] = 1;
    const wall = lineFrames({ pixels, width: 12, text: "" });
    // directions of the middle cell in the frame at the wall: paper to ink going right is direction 0
    const cell = wall.slice(2 * FEATURES + 3 * 8, 2 * FEATURES + 4 * 8);
    expect(cell[0]).toBeGreaterThan(0.5);
    expect(Math.max(...cell.slice(1))).toBe(0);
  });

  it("have a label for each frame, which the decoder reads as the digits, repeats too", () => {
    const random = new Random(6);
    for (let n = 0; n < 500; n++) {
      const line = composeLine(split.train, random, { distortion: 1 }, n % 2 ? "11111" : undefined);
      const labels = frameLabels(line);
      expect(labels).toHaveLength(lineFrames(line).length / FEATURES);
      const sure = labels.map((label) => Array.from({ length: 11 }, (_, k) => (k === label ? 9 : 0)));
      expect(toText(ctcGreedyDecode([sure])[0].labels)).toBe(line.text);
    }
  });

  it("label the frames whose middle lies in a digit, and the nearest to one too narrow for that", () => {
    const line = (width: number, text: string, ...spans: [number, number][]): Line => ({
      pixels: new Float32Array(HEIGHT * width),
      width,
      text,
      spans: spans.map(([left, right]) => ({ left, right })),
    });
    // frames are columns 0-2, 3-5, 6-8, …; their middles 1, 4, 7, …
    expect(frameLabels(line(15, "7", [4, 8]))).toEqual([0, 8, 8, 0, 0]);
    expect(frameLabels(line(15, "7", [5, 8]))).toEqual([0, 0, 8, 0, 0]);
    expect(frameLabels(line(14, "70", [2, 5], [8, 14]))).toEqual([0, 8, 0, 1, 1]);
    expect(frameLabels(line(9, "7", [5, 7]))).toEqual([0, 0, 8]);
    expect(frameLabels(line(7, "7", [5, 7]))).toEqual([0, 0, 8]);
    const { spans: _, ...picture } = line(9, "7", [0, 3]);
    expect(() => frameLabels(picture)).toThrow("expected one that says where its digits stand");
  });

  it("labels leave class 0 to the blank, and turn back into text", () => {
    expect(toLabels("0917")).toEqual([1, 10, 2, 8]);
    expect(toText(toLabels("0917"))).toBe("0917");
  });
});

describe("pictures", () => {
  const line = () => composeLine(split.test, new Random(5), { distortion: 0 }, "48");
  const read = (name: string, bytes: Uint8Array) => {
    const path = join(folder, name);
    writeFileSync(path, bytes);
    return readLineImage(path);
  };

  it("of a line read back as nearly that line, at any size, dark on light or light on dark", () => {
    const once = read("once.png", lineToPng(line(), 1));
    const large = read("large.png", lineToPng(line(), 5));
    expect(Math.abs(once.width - large.width)).toBeLessThanOrEqual(1);
    const { pixels, width } = line();
    const inverted = encode({
      width,
      height: HEIGHT,
      data: Uint8Array.from(pixels, (x) => Math.round(255 * x)),
      channels: 1,
      depth: 8,
    });
    const light = read("light.png", inverted);
    expect(light.width).toBe(once.width);
    light.pixels.forEach((x, i) => expect(Math.abs(x - once.pixels[i])).toBeLessThan(0.02));
  });

  it("in colour, with transparency, and with sixteen bits", () => {
    const { pixels, width } = line();
    const plain = read("plain.png", lineToPng(line(), 1));
    const paper = { width, height: HEIGHT };
    const colour = Uint8Array.from({ length: 4 * pixels.length }, (_, i) =>
      i % 4 === 3 ? Math.round(255 * pixels[i >> 2]) : 0,
    );
    const deep = Uint16Array.from(pixels, (x) => 65535 - Math.round(65535 * x));
    for (const [name, png] of [
      ["colour.png", encode({ ...paper, data: colour, channels: 4, depth: 8 })],
      ["deep.png", encode({ ...paper, data: deep, channels: 1, depth: 16 })],
    ] as const) {
      const found = read(name, png);
      expect(found.width).toBe(plain.width);
      found.pixels.forEach((x, i) => expect(Math.abs(x - plain.pixels[i])).toBeLessThan(0.02));
    }
  });

  it("without ink, too large, or no pictures at all are refused", () => {
    const empty = encode({ width: 20, height: 20, data: new Uint8Array(400).fill(200), channels: 1, depth: 8 });
    expect(() => read("empty.png", empty)).toThrow("expected ink that stands out from the paper");
    const huge = Buffer.from(lineToPng(line(), 1));
    huge.writeUInt32BE(100_000, 16);
    huge.writeUInt32BE(100_000, 20);
    expect(() => read("huge.png", huge)).toThrow("expected at most");
    expect(() => read("text.png", new TextEncoder().encode("hello"))).toThrow("expected a PNG picture");
    expect(() => read("torn.png", lineToPng(line(), 1).slice(0, 60))).toThrow("expected a sound PNG picture");
  });

  it("are drawn with half blocks", () => {
    const pixels = new Float32Array(HEIGHT * 3);
    pixels[3] = pixels[4] = pixels[7] = 1;
    expect(drawLine({ pixels, width: 3, text: "" })).toEqual(["▄▄", " ▀"]);
  });
});

describe("the task", () => {
  it.each(numbers.losses)("learns with %s: it halves within 60 steps, from the same seed to the same bits", (loss) => {
    const run = () => {
      const task = numbers.open({ ...numbers.configure({ seed: 3, steps: 60, loss }), hidden: 16, learningRate: 0.02 });
      const losses = Array.from({ length: 60 }, (_, step) => task.trainer.step(task.batch(step)).loss);
      return { losses, scores: task.validate() };
    };
    const first = run();
    expect(Math.min(...first.losses.slice(-10))).toBeLessThan(first.losses[0] / 2);
    expect(run()).toEqual(first);
    expect(first.scores.characterErrorRate).toBeGreaterThan(0);
  });

  it("gives every loss the same lines and initial weights", () => {
    const [one, other] = numbers.losses.map((loss) => numbers.open(numbers.configure({ seed: 3, loss })));
    expect(one.batch(5)[0].inputs).toEqual(other.batch(5)[0].inputs);
    expect(one.trainer.state()).toEqual(other.trainer.state());
  });

  it("refuses a loss that it does not know, chosen or in a configuration", () => {
    const message = 'numbers: loss is "hingeLoss"; expected ctcLoss or sequenceCrossEntropy.';
    expect(() => numbers.configure({ seed: 1, loss: "hingeLoss" })).toThrow(message);
    expect(() => numbers.open({ ...numbers.configure({ seed: 1 }), loss: "hingeLoss" })).toThrow(message);
    expect(() => numbers.open({ task: "numbers", seed: 1 })).toThrow("loss is undefined");
  });
});
