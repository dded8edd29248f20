import { describe, expect, it } from "vitest";
import type { Files } from "../recipe.js";
import { joinUtterances } from "./an4.js";
import { wordsAndTags } from "./englishEwt.js";
import { joinSessions } from "./entree.js";
import { fsdd } from "./fsdd.js";
import { smsSpam } from "./smsSpam.js";
import { splitPairs } from "./tatoeba.js";

const filesOf = (files: Readonly<Record<string, string | Uint8Array>>): Files =>
  new Map(Object.entries(files).map(([name, content]) => [name, Buffer.from(content as string)]));

describe("what is made of the originals", () => {
  it("is SMS Spam without a header", () => {
    const made = smsSpam.convert(filesOf({ "SMSSpamCollection.csv": "Label\tSMS\nham\tGo until\nspam\tFree £\n" }));
    expect(String(made.get("SMSSpamCollection"))).toBe("ham\tGo until\nspam\tFree £\n");
  });

  it("is words and tags, of words that are written one by one", () => {
    const lines = ["# text = don't go", "1-2\tdon't\t_\t_", "1\tdo\tdo\tAUX", "2\tn't\tnot\tPART", "2.1\tto\tto\tPART"];
    expect(wordsAndTags([...lines, "3\tgo\tgo\tVERB\tVB", "", "1\tYes\tyes\tINTJ", "", ""].join("\n"))).toBe(
      "do\tAUX\nn't\tPART\ngo\tVERB\n\nYes\tINTJ\n\n",
    );
  });

  it("is short pairs, all of an English sentence in one part", () => {
    const pairs = ["Go.\tVa !", "Run!\tCours !", "Run!\tCourez !", "Stop!\tÇa suffit !"];
    const nine = "One two three four five six seven eight nine.\tUn deux.";
    const text = [...pairs, nine, "Hi\tSalut !", ""].join("\n");
    expect(splitPairs(text)).toEqual({ train: [pairs[1], pairs[2]], dev: [pairs[0]], test: [pairs[3]] });
  });

  it("counts an apostrophe with the word before it, and a hyphen within a word", () => {
    const eight = "It's a well-known first-rate man-of-war, no?";
    const dix = "C'est un deux trois quatre cinq six sept.";
    expect(Object.values(splitPairs(`${eight}\t${dix}`)).flat()).toHaveLength(0);
    expect(Object.values(splitPairs(`It's a well-known man-of-war, no?\t${dix}`)).flat()).toHaveLength(1);
    expect(Object.values(splitPairs(`It is so.\t${dix.replace("sept", "sept huit")}`)).flat()).toHaveLength(0);
  });

  it("is sessions in the order of time, hosts as numbers, a step logged twice once", () => {
    const late = "08/Sep/1996:12:21:57 \tfoley.ripco.com\t0\t633N\t633N\t159P\t633N\t475";
    const early = "07/Sep/1996:12:17:05 \twww-c09\t12A\t560L\t-1";
    expect(joinSessions([`${late}\n${early}\n`, "01/Jan/1997:00:00:00 \tfoley.ripco.com\t0\t  7L\t7\n"])).toBe(
      "1996-09-07T12:17:05\t2\t12A\t560L\t-1\n" +
        "1996-09-08T12:21:57\t1\t0\t633N 159P 633N\t475\n" +
        "1997-01-01T00:00:00\t1\t0\t7L\t7\n",
    );
  });

  it("is the samples of recordings and where each lies among them", () => {
    const speakers = ["george", "jackson", "lucas", "nicolas", "theo", "yweweler"];
    const files: Record<string, Uint8Array> = {};
    for (const speaker of speakers) {
      for (let digit = 0; digit < 10; digit++) {
        for (let n = 0; n < 25; n++) {
          const wav = new Uint8Array(44 + 2 * (1 + digit)).fill(255, 0, 44).fill(digit, 44);
          files[`recordings/${digit}_${speaker}_${n}.wav`] = wav;
        }
      }
    }
    const made = fsdd.convert(filesOf(files));
    const index = JSON.parse(String(made.get("index.json")));
    expect(index.samples).toBe(25 * 6 * 55);
    expect(index.recordings[6]).toEqual(["1_george_0.wav", 1, "george", 0, "test", 6, 2]);
    expect(index.recordings[299][4] + index.recordings[300][4]).toBe("testtrain");
    const samples = made.get("fsdd-pcm16le-8k.bin.gz") as Uint8Array;
    expect(samples).toHaveLength(2 * index.samples);
    expect([...samples.subarray(12, 16)]).toEqual([1, 1, 1, 1]);
  });

  it("is features as int16 of a scale for each coefficient, with texts, speakers and parts", () => {
    const feature = (values: readonly number[]) => {
      const bytes = Buffer.alloc(4 + 4 * values.length);
      bytes.writeInt32BE(values.length);
      for (const [i, value] of values.entries()) bytes.writeFloatBE(value, 4 + 4 * i);
      return bytes;
    };
    const frame = (value: number) => new Array<number>(13).fill(value);
    const made = joinUtterances(
      filesOf({
        "an4/etc/an4_train.fileids": "clstk/ann/one-ann-b\n",
        "an4/etc/an4_train.transcription": "YES (one-ann-b)\n",
        "an4/etc/an4_test.fileids": "test/bob/two-bob-b\n",
        "an4/etc/an4_test.transcription": "GO ON (two-bob-b)\n",
        "an4/feat/clstk/ann/one-ann-b.mfc": feature([...frame(0.5), ...frame(-1)]),
        "an4/feat/test/bob/two-bob-b.mfc": feature(frame(0.25)),
      }),
    );
    const bytes = made.get("an4-mfcc13-int16le.bin.gz") as Buffer;
    expect([0, 13, 26].map((n) => bytes.readInt16LE(2 * n))).toEqual([16384, -32767, 8192]);
    const index = JSON.parse(String(made.get("index.json")));
    expect(index.scale).toEqual(new Array(13).fill(3.05185095e-5));
    expect(index.utterances).toEqual([
      { id: "one-ann-b", split: "train", speaker: "ann", text: "YES", start: 0, frames: 2 },
      { id: "two-bob-b", split: "test", speaker: "bob", text: "GO ON", start: 2, frames: 1 },
    ]);
  });
});
