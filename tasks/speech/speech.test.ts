import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import wavefile from "wavefile";
import { tokenErrorRate } from "../../src/index.js";
import { readingScores } from "../reading/report.js";
import type { OpenTask } from "../task.js";
import { readAn4 } from "./an4.js";
import { fromCepstra, toSteps, widthOf } from "./features.js";
import { readFsdd } from "./fsdd.js";
import { decodeMfc } from "./input.js";
import { logMel } from "./logMel.js";
import { speech } from "./speech.js";
import { speakDigits } from "./spoken.js";
import { decodeWav } from "./wav.js";

describe("loaders", () => {
  it("reads AN4's index and int16 features, and refuses features that are cut off", () => {
    const scale = [0.5, 0.25];
    const bytes = new Uint8Array(Int16Array.of(2, 0, 4, 0, 6, 0).buffer);
    const row = { split: "train", speaker: "a", text: "GO", start: 1, frames: 2 } as const;
    const { validation, test } = readAn4({ scale, utterances: [row, { ...row, split: "test" }] }, bytes, 1);
    expect(validation.map(({ text }) => text)).toEqual(["GO"]);
    expect(test[0].spectrum.data[0]).toBe(2); // 4 · 0.5 in each band, for the second coefficient is 0
    expect(() => readAn4({ scale, utterances: [{ ...row, frames: 3 }] }, bytes, 0)).toThrow("expected 4 frames");
  });

  it("cuts FSDD's samples, and refuses samples that end early", () => {
    const index = { sampleRateHz: 8000, recordings: [["0_a_0.wav", 0, "a", 0, "test", 1, 2]] } as const;
    const { test } = readFsdd(index, new Uint8Array(Int16Array.of(1, 16384, -16384).buffer));
    expect(Array.from(test[0].samples)).toEqual([0.5, -0.5]);
    expect(() => readFsdd(index, new Uint8Array(4))).toThrow("the end of 0_a_0.wav");
  });

  it("refuses what is no recording and no file of cepstra", () => {
    expect(() => decodeWav(new Uint8Array(20), 8000, "x.wav")).toThrow("expected a WAV file");
    expect(() => decodeMfc(new Uint8Array(9), 13, "x.mfc")).toThrow("expected a file of cepstra");
  });
});

describe("features", () => {
  it("find a tone in the band of its frequency", () => {
    const tone = (hertz: number) =>
      logMel(
        Float32Array.from({ length: 4000 }, (_, i) => Math.sin((2 * Math.PI * hertz * i) / 8000)),
        8000,
        24,
      );
    const loudest = ({ data }: { data: Float32Array }) =>
      data.subarray(0, 24).indexOf(Math.max(...data.subarray(0, 24)));
    expect(loudest(tone(300))).toBeLessThan(loudest(tone(1000)));
    expect(loudest(tone(1000))).toBeLessThan(loudest(tone(3000)));
  });

  it("turn three frames into a step, without what is the same in all frames", () => {
    const cepstra = Float32Array.from({ length: 7 * 13 }, (_, i) => Math.sin(i));
    const spectrum = fromCepstra(cepstra, 13, 24);
    const features = { bands: 24, cepstra: 13 };
    const steps = toSteps(spectrum, features);
    expect(steps.length).toBe(3 * widthOf(features));
    const louder = toSteps({ bands: 24, data: spectrum.data.map((x) => x + 3) }, features);
    louder.forEach((x, i) => expect(x).toBeCloseTo(steps[i], 3));
  });
});

describe("scores", () => {
  it("count characters, words and whole utterances", () => {
    const names = { symbols: "c", words: "w", texts: "t" };
    expect(readingScores(names, ["GO ON", "NO"], ["GO IN", "NO"])).toEqual({ c: 1 / 7, w: 1 / 3, t: 0.5 });
  });
});

/** Digits as a test voice says them, in WAV files of several kinds, and a lexicon that leaves only a few numbers. */
function readRecordings(task: OpenTask): void {
  const folder = mkdtempSync(join(tmpdir(), "seqloss-speech-"));
  try {
    const pause = new Float32Array(1500);
    const digits = speakDigits().test.filter(({ speaker }) => speaker === "test 0");
    const write = (name: string, text: string, rate: number, depth: string): string => {
      const wav = new wavefile.WaveFile();
      const spokenText = Array.from(text, (digit) => [...digits[Number(digit)].samples, ...pause]).flat();
      wav.fromScratch(1, 8000, "32f", Float32Array.from(spokenText));
      if (rate !== 8000) wav.toSampleRate(rate);
      wav.toBitDepth(depth);
      const path = join(folder, name);
      writeFileSync(path, wav.toBuffer());
      return path;
    };
    const texts = ["314", "2718", "590", "66"];
    const files = texts.map((text, n) => write(`${n}.wav`, text, [8000, 16000][n % 2], ["16", "32f"][n >> 1]));
    const heard = files.map((path) => task.predict(path));
    expect(heard.map(({ truth }) => truth)).toEqual(texts.map(() => ""));
    expect(
      tokenErrorRate(
        texts,
        heard.map(({ reading }) => reading),
      ).rate,
    ).toBeLessThan(0.6);
    const lm = join(folder, "digits.arpa");
    writeFileSync(lm, "\\data\\\nngram 1=2\n\\1-grams:\n-0.5 </s>\n-0.5 <unk>\n\\end\\\n");
    const lexicon = join(folder, "numbers.txt");
    writeFileSync(lexicon, "314\n9999\n");
    expect(["", "314", "9999"]).toContain(task.predict(files[0], { language: { lm, lexicon } }).reading);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe("the task", () => {
  it("learns to write down digits that a synthesiser says, far better than always the same ones, in seconds", () => {
    const config = speech.configure({ seed: 1, steps: 200, data: "spoken" });
    const task = speech.open({ ...config, hidden: 40, layers: 1, learningRate: 1e-2, averaging: 0.95 });
    while (task.trainer.taken < task.steps) task.trainer.step(task.batch(task.trainer.taken));
    // the naive reader of `evaluate`, always the likeliest string, has 88 % of the characters wrong
    expect(task.validate().characterErrorRate).toBeLessThan(0.5);
    const { truth, reading, drawing } = task.predict("7");
    expect(truth).toMatch(/^\d+$/);
    expect(reading).toMatch(/^\d*$/);
    expect(drawing.length).toBeGreaterThan(2);
    readRecordings(task);
  }, 180_000);
});
