import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { packTar } from "modern-tar";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { sha256Of } from "./checksum.js";
import { DataError } from "./dataError.js";
import type { DataFile, DataSet } from "./dataSet.js";
import { getData } from "./getData.js";
import type { Archive, Original, Recipe } from "./recipe.js";
import { findData } from "./resolve.js";

const contents = { "a/one.txt": "one\n", "b/two.txt": "two\n", "c/three.txt": "three\n" };
const cities = "London\nParis\n";
const joined = "one\ntwo\nLondon\nParis\n";

/** An archive as the host of repositories makes it: all in a folder named after the commit. */
const pack = async (files: Readonly<Record<string, string>>): Promise<Buffer> => {
  const entries = Object.entries(files).map(([name, body]) => ({
    header: { name: `times-0123abc/${name}`, size: body.length, type: "file" as const },
    body,
  }));
  return gzipSync(await packTar([{ header: { name: "times-0123abc/", size: 0, type: "directory" } }, ...entries]));
};

let folder = "";
let server: Server;
let address = "";
/** What the server has, and the paths that it was asked for. */
let published: Record<string, Uint8Array> = {};
let asked: string[] = [];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "seqloss-make-"));
  published = { "/cities.txt": Buffer.from(cities), "/times.tar.gz": await pack(contents) };
  asked = [];
  server = createServer(({ url = "" }, response) => {
    asked.push(url);
    response.writeHead(url in published ? 200 : 404);
    response.end(published[url]);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

const listing = Object.entries(contents)
  .slice(0, 2)
  .map(([name, body]) => `${sha256Of(body)}  ${name}\n`)
  .join("");
const original = (): Original => ({
  name: "cities.txt",
  bytes: cities.length,
  sha256: sha256Of(cities),
  download: `${address}/cities.txt`,
});
const archive = (changed: Partial<Archive> = {}): Archive => ({
  name: "times.tar.gz",
  download: `${address}/times.tar.gz`,
  bytes: 300,
  inflated: 10_000,
  needs: (path, before) => path === "a/one.txt" || (path === "b/two.txt" && before.has("a/one.txt")),
  sha256: sha256Of(listing),
  ...changed,
});
const file: DataFile = { name: "all.txt.gz", bytes: joined.length, sha256: sha256Of(joined) };
const setOf = (recipe: Partial<Recipe> = {}): DataSet => ({
  name: "times",
  holds: "two cities",
  licence: "public domain",
  attribution: "C. Dickens",
  home: "a book",
  converted: "joined",
  files: [file],
  recipe: {
    originals: [original(), archive()],
    convert: (files) =>
      new Map([
        ["all.txt.gz", Buffer.concat(["a/one.txt", "b/two.txt", "cities.txt"].map((n) => files.get(n) as Buffer))],
      ]),
    ...recipe,
  },
});
const folders = () => ({ local: [], cache: folder });
const get = (set: DataSet, options = {}) => getData(set, { folders: folders(), ...options });
const faultOf = (set: DataSet, options = {}): Promise<DataError> =>
  get(set, options).then(
    () => expect.unreachable(),
    (error) => {
      expect(error).toBeInstanceOf(DataError);
      return error;
    },
  );

describe("a set that is made of originals", () => {
  it("is downloaded, converted, found again, and leaves nothing of them behind", async () => {
    const told: string[] = [];
    const onProgress = ({ name }: { name: string }) => told.push(name);
    expect(await get(setOf(), { onProgress, onConvert: () => told.push("converted") })).toEqual([file]);
    expect([...new Set(told)]).toEqual(["cities.txt", "times.tar.gz", "converted"]);
    const path = findData(setOf(), file.name, folders()) as string;
    expect(gunzipSync(readFileSync(path)).toString()).toBe(joined);
    expect(readdirSync(join(folder, "times"))).toEqual([file.name]);
    expect(await get(setOf())).toEqual([]);
    expect(asked).toEqual(["/cities.txt", "/times.tar.gz"]);
  });

  it("goes on after an original that did not come, with those that had come", async () => {
    const { "/times.tar.gz": kept, ...others } = published;
    published = others;
    const failed = await faultOf(setOf());
    expect(failed.fault).toBe("network");
    expect(failed.message).toMatch(/times\.tar\.gz is "the answer 404"/);
    published["/times.tar.gz"] = kept;
    await get(setOf());
    expect(asked).toEqual(["/cities.txt", "/times.tar.gz", "/times.tar.gz"]);
  });

  it("goes on after an interruption", async () => {
    const controller = new AbortController();
    const onConvert = () => controller.abort();
    expect((await faultOf(setOf(), { signal: controller.signal, onConvert })).fault).toBe("interrupted");
    expect(existsSync(join(folder, "times", file.name))).toBe(false);
    await get(setOf());
    expect(asked).toEqual(["/cities.txt", "/times.tar.gz"]);
  });

  it.each([
    ["has other files", async () => pack({ ...contents, "b/two.txt": "TWO\n" }), {}, /expected files whose listing/],
    ["lacks a file", async () => pack({ "a/one.txt": "one\n" }), {}, /is "1 files whose listing/],
    ["is none", async () => Buffer.from("a page"), {}, /incorrect header check/],
    ["ends early", async () => (await pack(contents)).subarray(0, 120), {}, /unexpected end of file/],
    ["is larger than it can be", async () => Buffer.alloc(700), {}, /is "more than 0\.0 MB"; expected about 0\.0 MB/],
    ["inflates to too much", async () => pack({ "z.txt": "0".repeat(20_000) }), {}, /at most 10000 bytes/],
  ])("refuses an archive that %s, and downloads it anew", async (_, make, changed, message) => {
    const { "/times.tar.gz": sound } = published;
    published["/times.tar.gz"] = await make();
    const set = setOf({ originals: [original(), archive(changed)] });
    const refused = await faultOf(set);
    expect(refused.fault).toBe("damaged");
    expect(refused.message).toMatch(message);
    expect(readdirSync(join(folder, "times", "originals"))).toEqual(["cities.txt"]);
    published["/times.tar.gz"] = sound;
    await get(set);
    expect(findData(set, file.name, folders())).toBeDefined();
  });

  it("is not written where its conversion made something else", async () => {
    const set = setOf({ convert: () => new Map([["all.txt.gz", Buffer.from(joined.toUpperCase())]]) });
    expect((await faultOf(set)).message).toMatch(/all\.txt\.gz, as it was made.*report it/);
    expect(existsSync(join(folder, "times", file.name))).toBe(false);
  });
});
