import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { zipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { encodeNpy, type Tensor } from "../index.js";
import { findLoss, readCase } from "./case.js";
import { readArray } from "./csv.js";
import { readNpz, writeNpz } from "./npz.js";

// Cases in NumPy's files and in tables, and results written as such.

const program = fileURLToPath(new URL("../../dist/src/cli/main.js", import.meta.url));
const python = process.env.SEQLOSS_PYTHON ?? "python3";
const numpy = spawnSync(python, ["-c", "import numpy"]).status === 0;
if (!numpy)
  console.warn(`SKIPPED: ${python} has no NumPy; set SEQLOSS_PYTHON to one that has, to compare files with it.`);

let folder = "";
const inFolder = (name: string, contents: string | Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, contents);
  return path;
};
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "seqloss-arrays-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (...args: readonly string[]) =>
  spawnSync(process.execPath, [program, ...args], { cwd: folder, encoding: "utf8" });

/** NumPy 2: logits=np.zeros((1, 3, 4), "<f2"), labels=np.array([[1, 2]], "u1"), blank=np.int8(0) */
const SAVED = {
  savez:
    "UEsDBC0AAAAAAAAAIQDIM0BK//////////8KABQAbG9naXRzLm5weQEAEACYAAAAAAAAAJgAAAAAAAAAk05VTVBZAQB2AHsnZGVzY3InOiAnPGYyJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDEsIDMsIDQpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAABQSwMELQAAAAAAAAAhAJwC5Bv//////////woAFABsYWJlbHMubnB5AQAQAIIAAAAAAAAAggAAAAAAAACTTlVNUFkBAHYAeydkZXNjcic6ICd8dTEnLCAnZm9ydHJhbl9vcmRlcic6IEZhbHNlLCAnc2hhcGUnOiAoMSwgMiksIH0gICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgCgECUEsDBC0AAAAAAAAAIQBJWI8z//////////8JABQAYmxhbmsubnB5AQAQAIEAAAAAAAAAgQAAAAAAAACTTlVNUFkBAHYAeydkZXNjcic6ICd8aTEnLCAnZm9ydHJhbl9vcmRlcic6IEZhbHNlLCAnc2hhcGUnOiAoKSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgCgBQSwECLQMtAAAAAAAAACEAyDNASpgAAACYAAAACgAAAAAAAAAAAAAAgAEAAAAAbG9naXRzLm5weVBLAQItAy0AAAAAAAAAIQCcAuQbggAAAIIAAAAKAAAAAAAAAAAAAACAAdQAAABsYWJlbHMubnB5UEsBAi0DLQAAAAAAAAAhAElYjzOBAAAAgQAAAAkAAAAAAAAAAAAAAIABkgEAAGJsYW5rLm5weVBLBQYAAAAAAwADAKcAAABOAgAAAAA=",
  savez_compressed:
    "UEsDBC0AAAAIAAAAIQDIM0BK//////////8KABQAbG9naXRzLm5weQEAEACYAAAAAAAAAEwAAAAAAAAAm+wX6hsQychQxlCtnpJanFykbqWgbpNmpK6joJ6WX1RSlJgXn1+UkgoSd0vMKU4FihdnJBakAvkahjoKxjoKJpo6CrUK5AEuBhwAAFBLAwQtAAAACAAAACEAnALkG///////////CgAUAGxhYmVscy5ucHkBABAAggAAAAAAAABIAAAAAAAAAJvsF+obEMnIUMZQrZ6SWpxcpG6loF5Taqiuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GoY6CkaaOgq1CmQDLkYmAFBLAwQtAAAACAAAACEASViPM///////////CQAUAGJsYW5rLm5weQEAEACBAAAAAAAAAEMAAAAAAAAAm+wX6hsQychQxlCtnpJanFykbqWgXpNpqK6joJ6WX1RSlJgXn1+UkgoSd0vMKU4FihdnJBakAvkamjoKtQoUAS4GAFBLAQItAy0AAAAIAAAAIQDIM0BKTAAAAJgAAAAKAAAAAAAAAAAAAACAAQAAAABsb2dpdHMubnB5UEsBAi0DLQAAAAgAAAAhAJwC5BtIAAAAggAAAAoAAAAAAAAAAAAAAIABiAAAAGxhYmVscy5ucHlQSwECLQMtAAAACAAAACEASViPM0MAAACBAAAACQAAAAAAAAAAAAAAgAEMAQAAYmxhbmsubnB5UEsFBgAAAAADAAMApwAAAIoBAAAAAA==",
};
const bytesOf = (base64: string) => new Uint8Array(Buffer.from(base64, "base64"));

describe("readNpz", () => {
  it.each(Object.entries(SAVED))("reads a file of numpy.%s", (_, base64) => {
    expect(Object.fromEntries(readNpz(bytesOf(base64), "x.npz"))).toEqual({
      logits: { data: new Float32Array(12), shape: [1, 3, 4] },
      labels: { data: Float64Array.of(1, 2), shape: [1, 2] },
      blank: 0,
    });
  });

  it("refuses a file with any byte of its arrays changed, or cut anywhere", () => {
    const whole = bytesOf(SAVED.savez);
    for (const at of [100, 200, 300, 390, 480, 585]) {
      const damaged = whole.slice();
      damaged[at] ^= 4;
      expect(() => readNpz(damaged, "x.npz"), `byte ${at}`).toThrow(/x\.npz: .*damaged/);
    }
    for (const size of [4, 200, whole.length - 30, whole.length - 1]) {
      expect(() => readNpz(whole.subarray(0, size), "x.npz"), `${size} bytes`).toThrow(/x\.npz: /);
    }
  });

  it("refuses what is no array, by its name", () => {
    const array = encodeNpy({ data: Float64Array.of(1), shape: [1] });
    expect(() => readNpz(zipSync({ "a.txt": array }), "x.npz")).toThrow('x.npz: "a.txt" is no NumPy array');
    const objects = array.slice();
    objects.set(new TextEncoder().encode("'|O' "), new TextDecoder("latin1").decode(objects).indexOf("'<f8'"));
    expect(() => readNpz(zipSync({ "a.npy": objects }), "x.npz")).toThrow('x.npz: the array "a": descr is "|O"');
    expect(() => readNpz(zipSync({}), "x.npz")).not.toThrow();
  });

  it("reads what writeNpz writes", () => {
    const arrays: Record<string, Tensor> = {
      value: { data: Float64Array.of(0.1), shape: [] },
      grad: { data: Float32Array.of(1, 2, 3, 4, 5, 6), shape: [2, 3] },
    };
    expect(Object.fromEntries(readNpz(writeNpz(arrays), "x.npz"))).toEqual({ value: 0.1, grad: arrays.grad });
    expect(writeNpz(arrays)).toEqual(writeNpz(arrays));
  });
});

describe("tables", () => {
  const table = (text: string, axes: number) => readArray(new TextEncoder().encode(text), "x.csv", ",", axes);

  it("reads lines as sequences, or as steps of one or of those that a column names", () => {
    expect(table("1,2\n3\n", 2)).toEqual([[1, 2], [3]]);
    expect(table("1,2\r\n-inf, 4e1\n", 3)).toEqual([[[1, 2], [Number.NEGATIVE_INFINITY, 40]]]); // biome-ignore format: rows
    expect(table("sequence,step,a,b\nx,0,1,2\ny,0,3,4\nx,1,5,NaN\n", 3)).toEqual([[[1, 2], [5, Number.NaN]], [[3, 4]]]); // biome-ignore format: rows
    expect(table("label,sequence\n1,x\n2,x\n3,y\n", 2)).toEqual([[1, 2], [3]]);
  });

  it.each([
    ["1,2\n3,x\n", 3, 'x.csv: line 2 has "x" in cell 2; expected a number.'],
    ["a,b\n1,\n", 3, 'x.csv: line 2 has "" in column "b"'],
    ["a,b\n1\n", 3, "x.csv: line 2 has 1 cells; expected 2"],
    ["a,b\n", 3, "x.csv: expected lines of numbers; found none."],
    ["sequence,step,a\nx,1,0\nx,1,0\n", 3, 'x.csv: line 3: step 1 of sequence "x" comes after step 1'],
    ["sequence,a,b\nx,1,0\n", 2, 'expected one column of numbers beside "sequence"; found 2.'],
    ["1\n", 4, "x.csv: an array of 4 axes cannot be a table"],
  ])("refuses %j", (text, axes, message) => {
    expect(() => table(text, axes)).toThrow(message);
  });
});

describe("readCase", () => {
  it("takes outputs as they are, ids and options as lists, numbers and truth values", async () => {
    const input = inFolder(
      "case.npz",
      writeNpz({
        logits: { data: new Float32Array(24), shape: [2, 3, 4] },
        labels: { data: Float64Array.of(1, 2, 3, 0), shape: [2, 2] },
        labelLengths: { data: Float64Array.of(2, 1), shape: [2] },
        blank: { data: Float64Array.of(0), shape: [] },
      }),
    );
    const { outputs, targets, options } = await readCase({ input }, findLoss("ctcLoss"));
    expect((outputs as Tensor).data).toBeInstanceOf(Float32Array);
    expect({ targets, options: { ...options } }).toEqual({
      targets: [[1, 2], [3, 0]], // biome-ignore format: labels
      options: { labelLengths: [2, 1], blank: 0 },
    });
  });

  it("names the file and the array at fault", async () => {
    const array: Tensor = { data: Float64Array.of(1), shape: [1] };
    const input = inFolder("wrong.npz", writeNpz({ logits: array, lables: array }));
    await expect(readCase({ input }, findLoss("ctcLoss"))).rejects.toThrow(
      /wrong\.npz: ctcLoss takes its targets under one key, "labels" or "targets"; found .*"lables"\. Did you mean labels\?/,
    );
  });
});

describe("seqloss loss", () => {
  const outputs = "sequence,step,a,b,c\n0,0,0.5,1,2\n0,1,1,0,-1\n1,0,2,2,0.25\n";

  it("reads tables and writes a gradient table that it can read again", () => {
    inFolder("outputs.csv", outputs);
    inFolder("labels.csv", "1,2\n2\n");
    const args = ["loss", "crossEntropy", "--input", "outputs.csv", "--labels", "labels.csv"];
    const { status, stderr, stdout } = run(...args, "--output", "grad.csv", "--json");
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    const { grad } = JSON.parse(stdout);
    const written = readArray(readFileSync(join(folder, "grad.csv")), "grad.csv", ",", 3);
    expect(written).toEqual(grad);
    expect(readFileSync(join(folder, "grad.csv"), "utf8").split("\n")[0]).toBe("sequence,step,0,1,2");
  });

  it("writes JSON, and .npy, each what --json prints", () => {
    inFolder("one.json", JSON.stringify({ logits: [[[0, 0, 0]]], labels: [[1]] }));
    const { stdout } = run("loss", "ctcLoss", "--input", "one.json", "--output", "result.json", "--json");
    expect(readFileSync(join(folder, "result.json"), "utf8")).toBe(stdout);
  });

  it("refuses an end that it does not know, before it reads the case, and a gradient that is no table", () => {
    const unknown = run("loss", "ctcLoss", "--input", "none.json", "--output", "result.txt");
    expect({ status: unknown.status, err: unknown.stderr }).toEqual({
      status: 64,
      err: expect.stringContaining("--output result.txt: expected a name that ends in .json, .npz, .npy, .csv, .tsv."),
    });
    inFolder("none.json", JSON.stringify({ logits: [[[0, 0]]], labels: [[1]], gradient: false }));
    const none = run("loss", "ctcLoss", "--input", "none.json", "--output", "grad.npy");
    expect({ status: none.status, err: none.stderr }).toEqual({
      status: 65,
      err: expect.stringContaining("without a gradient there is nothing to write"),
    });
  });

  it.skipIf(!numpy)("reads what NumPy writes, of every type, order and compression, and writes what it reads", () => {
    const script = `
import itertools, numpy as np
base = np.arange(24).reshape(2, 4, 3) % 7
kinds = ["<f2", ">f2", "<f4", ">f4", "<f8", ">f8", "i1", "<i2", ">i4", "<i8", "u1", ">u2", "<u4", ">u8"]
for n, (kind, order) in enumerate(itertools.product(kinds, "CF")):
    save = np.savez if n % 2 else np.savez_compressed
    save(f"case{n}.npz", logits=np.array(base, kind, order=order), labels=np.array([[1, 2], [2, 0]], kind[-2:]), labelLengths=np.array([2, 1]), zeroInfinity=np.bool_(n % 2))
print(2 * len(kinds))
`;
    const count = Number(execFileSync(python, ["-c", script], { cwd: folder, encoding: "utf8" }));
    const logits = Array.from({ length: 2 }, (_, b) =>
      Array.from({ length: 4 }, (_, t) => Array.from({ length: 3 }, (_, k) => (12 * b + 3 * t + k) % 7)),
    );
    inFolder("plain.json", JSON.stringify({ logits, labels: [[1, 2], [2]] }));
    const expected = JSON.parse(run("loss", "ctcLoss", "--input", "plain.json", "--json").stdout);
    const loss = findLoss("ctcLoss");
    const computeAll = Array.from({ length: count }, async (_, n) => {
      const { outputs, targets, options } = await readCase({ input: join(folder, `case${n}.npz`) }, loss);
      expect(options.zeroInfinity).toBe(n % 2 === 1);
      expect(loss.compute(outputs, targets, options).value, `case ${n}`).toBeCloseTo(expected.value, 5);
    });
    return Promise.all(computeAll).then(() => {
      const { status } = run("loss", "ctcLoss", "--input", "case0.npz", "--output", "result.npz");
      expect(run("loss", "ctcLoss", "--input", "case0.npz", "--output", "grad.npy").status).toBe(status);
      const read = `
import json, numpy as np
r = np.load("result.npz")
assert r["grad"].dtype == np.float32 and r["value"].shape == (), r["grad"].dtype
assert (np.load("grad.npy") == r["grad"]).all()
print(json.dumps({name: r[name].tolist() for name in r.files}))
`;
      const { value, losses, grad } = JSON.parse(execFileSync(python, ["-c", read], { cwd: folder, encoding: "utf8" }));
      expect(value).toBeCloseTo(expected.value, 5);
      expect(losses.map((x: number) => x.toFixed(4))).toEqual(expected.losses.map((x: number) => x.toFixed(4)));
      expect(grad.flat(2).map((x: number) => x.toFixed(4))).toEqual(
        expected.grad.flat(2).map((x: number) => x.toFixed(4)),
      );
    });
  });
});
