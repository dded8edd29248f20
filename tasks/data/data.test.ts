import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DataError, type DataFault } from "./dataError.js";
import type { DataFile, DataSet } from "./dataSet.js";
import { dataSets } from "./dataSets.js";
import { downloadFile } from "./download.js";
import { dataFolders } from "./folders.js";
import { getData } from "./getData.js";
import type { Original } from "./recipe.js";
import { findData, resolveData } from "./resolve.js";
import { outsideSource } from "./source.js";

const text = "It was the best of times, it was the worst of times.\n".repeat(4000);
const bytes = Buffer.from(text);
const entry = (name: string, content: Uint8Array): DataFile => ({
  name,
  bytes: content.length,
  sha256: createHash("sha256").update(content).digest("hex"),
});
const original = (name: string, content: Uint8Array, download: string): Original => ({
  ...entry(name, content),
  download,
});
const setOf = (...files: DataFile[]): DataSet => ({
  name: "times",
  holds: "two cities",
  licence: "public domain",
  attribution: "C. Dickens",
  home: "a book",
  converted: "one sentence kept",
  files,
});

let folder = "";
let server: Server | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "seqloss-data-"));
});
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
  rmSync(folder, { recursive: true, force: true });
});

/** The address of a server on this machine; requests are noted by their ranges. */
async function serve(listener: RequestListener): Promise<{ address: string; ranges: (string | undefined)[] }> {
  const ranges: (string | undefined)[] = [];
  const made = createServer((request, response) => {
    ranges.push(request.headers.range);
    listener(request, response);
  });
  server = made;
  await new Promise<void>((resolve) => made.listen(0, "127.0.0.1", resolve));
  return { address: `http://127.0.0.1:${(made.address() as AddressInfo).port}/times.txt`, ranges };
}

/** Answers ranges, as the hosts of the real sets do. */
const byRange: RequestListener = ({ headers: { range } }, response) => {
  const start = range === undefined ? 0 : Number(/^bytes=(\d+)-$/.exec(range)?.[1]);
  response.writeHead(range === undefined ? 200 : 206).end(bytes.subarray(start));
};

const put = (path: string, content: string | Uint8Array): string => {
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, content);
  return path;
};

const faultOf = async (work: () => unknown): Promise<DataError> => {
  const error = await Promise.resolve()
    .then(work)
    .then(
      () => undefined,
      (reason) => reason,
    );
  expect(error).toBeInstanceOf(DataError);
  return error as DataError;
};

const expectFault = (error: DataError, fault: DataFault, message: RegExp) => {
  expect(error.fault).toBe(fault);
  expect(error.message).toMatch(message);
};

describe("dataFolders", () => {
  const base = { env: {}, platform: "linux", home: "/home/ada", project: "/projects/seqloss" };

  it.each([
    ["the user's cache", {}, ["/projects/shared/data"], "/home/ada/.cache/seqloss"],
    ["XDG_CACHE_HOME", { env: { XDG_CACHE_HOME: "/c" } }, ["/projects/shared/data"], "/c/seqloss"],
    [
      "an empty variable",
      { env: { XDG_CACHE_HOME: "", SEQLOSS_DATA: "" } },
      ["/projects/shared/data"],
      "/home/ada/.cache/seqloss",
    ],
    ["Windows", { platform: "win32", env: { LOCALAPPDATA: "/l" } }, ["/projects/shared/data"], "/l/seqloss"],
    ["LOCALAPPDATA elsewhere", { env: { LOCALAPPDATA: "/l" } }, ["/projects/shared/data"], "/home/ada/.cache/seqloss"],
  ])("%s", (_, changed, local, cache) => {
    expect(dataFolders({ ...base, ...changed })).toEqual({ local, cache });
  });

  it("looks into SEQLOSS_DATA first, and refuses one that is no folder", () => {
    const env = { SEQLOSS_DATA: folder };
    expect(dataFolders({ ...base, env }).local).toEqual([folder, "/projects/shared/data"]);
    const wrong = { SEQLOSS_DATA: join(folder, "none") };
    expect(() => dataFolders({ ...base, env: wrong })).toThrow("expected a folder of data sets");
  });

  it("finds the project's own folder", () => {
    expect(dataFolders().local.at(-1)).toBe(fileURLToPath(new URL("../../../shared/data", import.meta.url)));
  });
});

describe("resolveData", () => {
  const set = setOf(entry("times.txt", bytes));
  const folders = () => ({ local: [join(folder, "one"), join(folder, "two")], cache: join(folder, "cache") });
  const at = (place: string) => join(folder, place, "times", "times.txt");

  it("takes the first place that has the file", () => {
    put(at("cache"), bytes);
    expect(resolveData(set, "times.txt", folders())).toBe(at("cache"));
    put(at("two"), bytes);
    expect(resolveData(set, "times.txt", folders())).toBe(at("two"));
    put(at("one"), bytes);
    expect(resolveData(set, "times.txt", folders())).toBe(at("one"));
  });

  it("says where it looked, and what to do", async () => {
    const missing = await faultOf(() => resolveData(set, "times.txt", folders()));
    expectFault(
      missing,
      "missing",
      /times\.txt of the data set times .*expected a file in .*one.times or .*cache.times/,
    );
    expect(missing.message).toContain("Run: seqloss data get times (0.0 MB from a book; licence public domain)");
    expectFault(await faultOf(() => findData(set, "other.txt", folders())), "missing", /expected times\.txt/);
  });

  it("refuses a file that is cut off, too long or changed, wherever it lies", async () => {
    put(at("two"), bytes);
    put(at("one"), bytes.subarray(0, 100));
    expectFault(await faultOf(() => resolveData(set, "times.txt", folders())), "damaged", /cut off after 100 bytes/);
    put(at("one"), Buffer.concat([bytes, bytes]));
    expectFault(
      await faultOf(() => resolveData(set, "times.txt", folders())),
      "damaged",
      /is "424000 bytes"; expected 212000 bytes/,
    );
    put(at("one"), text.replace("worst", "wurst"));
    expectFault(
      await faultOf(() => resolveData(set, "times.txt", folders())),
      "damaged",
      /expected the SHA-256 checksum [0-9a-f]{64}/,
    );
  });

  it("knows a compressed file by what it inflates to, and inflates no more than that", async () => {
    const packed = setOf(entry("times.gz", bytes));
    const path = join(folder, "one", "times", "times.gz");
    for (const level of [1, 9]) {
      put(path, gzipSync(bytes, { level }));
      expect(resolveData(packed, "times.gz", folders())).toBe(path);
    }
    const damaged = async (content: Uint8Array, message: RegExp) => {
      put(path, content);
      expectFault(await faultOf(() => resolveData(packed, "times.gz", folders())), "damaged", message);
    };
    await damaged(gzipSync(text.replace("worst", "wurst")), /expected the SHA-256 checksum/);
    await damaged(gzipSync(bytes.subarray(0, 100)), /cut off after 100 bytes/);
    await damaged(gzipSync(text + text), /is "more"; expected 212000 bytes in gzip/);
    await damaged(gzipSync(bytes).subarray(0, 100), /unexpected end of file/);
    await damaged(bytes, /incorrect header check/);
  });

  it("finds what an npm package carries", () => {
    const { "co2-maunaloa": co2 } = dataSets;
    const path = resolveData(co2, "co2-concentration.csv", folders());
    expect(path).toMatch(/vega-datasets.data.co2-concentration\.csv$/);
  });
});

describe("downloads", () => {
  const target = () => join(folder, "cache", "times", "times.txt");
  const folders = () => ({ local: [join(folder, "local")], cache: join(folder, "cache") });

  it("are verified, told of piece by piece, and leave nothing else behind", async () => {
    const { address } = await serve(byRange);
    const told: number[] = [];
    await downloadFile(original("times.txt", bytes, address), target(), {
      onProgress: (received) => told.push(received),
    });
    expect(readFileSync(target(), "utf8")).toBe(text);
    expect(readdirSync(join(target(), ".."))).toEqual(["times.txt"]);
    expect(told.at(-1)).toBe(bytes.length);
    expect(told).toEqual(told.toSorted((a, b) => a - b));
  });

  it("go on from where they were interrupted", async () => {
    const { address, ranges } = await serve(byRange);
    const file = original("times.txt", bytes, address);
    const controller = new AbortController();
    const onProgress = (received: number) => received > 0 && controller.abort();
    const stopped = await faultOf(() => downloadFile(file, target(), { signal: controller.signal, onProgress }));
    expectFault(stopped, "interrupted", /stopped after \d.*The same command goes on from there/);
    expect(existsSync(target())).toBe(false);
    const kept = readFileSync(`${target()}.unfinished`).length;
    expect(kept).toBeGreaterThan(0);
    await downloadFile(file, target());
    expect(readFileSync(target()).equals(bytes)).toBe(true);
    expect(ranges).toEqual([undefined, kept < bytes.length ? `bytes=${kept}-` : undefined]);
  });

  it.each([
    ["sends all from the beginning", ((_, response) => response.end(bytes)) as RequestListener],
    ["is what it was", byRange],
  ])("go on from half a file where the server %s", async (_, listener) => {
    const { address, ranges } = await serve(listener);
    put(`${target()}.unfinished`, bytes.subarray(0, 5000));
    await downloadFile(original("times.txt", bytes, address), target());
    expect(readFileSync(target()).equals(bytes)).toBe(true);
    expect(ranges).toEqual(["bytes=5000-"]);
  });

  it("begin anew after half a file of something else, once it is found out", async () => {
    const { address } = await serve(byRange);
    const file = original("times.txt", bytes, address);
    put(`${target()}.unfinished`, Buffer.alloc(5000, 7));
    expectFault(await faultOf(() => downloadFile(file, target())), "damaged", /expected the SHA-256 checksum/);
    expect(readdirSync(join(target(), ".."))).toEqual([]);
    await downloadFile(file, target());
    expect(readFileSync(target()).equals(bytes)).toBe(true);
  });

  it.each([
    [
      "an answer that says no",
      (_: unknown, response) => response.writeHead(404).end("no"),
      "network",
      /the answer 404/,
    ],
    ["a range that it refuses", (_: unknown, response) => response.writeHead(416).end(), "network", /the answer 416/],
    ["other bytes", (_: unknown, response) => response.end(text.replace("best", "rest")), "damaged", /SHA-256/],
    ["more bytes", (_: unknown, response) => response.end(text + text), "damaged", /expected 212000 bytes/],
    ["fewer bytes", (_: unknown, response) => response.end("It was"), "damaged", /cut off after 6 bytes/],
    [
      "half an answer",
      (_: unknown, response) => {
        response.writeHead(200, { "content-length": bytes.length });
        response.write(bytes.subarray(0, 1000), () => response.destroy());
      },
      "network",
      /goes on from where it stopped/,
    ],
    ["silence", () => {}, "network", /silent for 0\.2 seconds/],
  ] satisfies [string, RequestListener, DataFault, RegExp][])("refuse %s", async (_, listener, fault, message) => {
    const { address } = await serve(listener);
    const file = original("times.txt", bytes, address);
    const patience = message.source.includes("silent") ? 200 : 30_000;
    expectFault(await faultOf(() => downloadFile(file, target(), { patience })), fault, message);
    expect(existsSync(target())).toBe(false);
  });

  it("say that there is no network", async () => {
    const { address } = await serve(byRange);
    await new Promise((resolve) => server?.close(resolve));
    const refused = await faultOf(() => downloadFile(original("times.txt", bytes, address), target()));
    expectFault(refused, "network", /ECONNREFUSED.*Is there a network\?/);
    expect(readdirSync(join(target(), "..")), "nothing to go on from").toEqual([]);
  });

  it("getData downloads what is missing, and what is damaged in the cache, but nothing twice", async () => {
    const { address, ranges } = await serve(byRange);
    const small = Buffer.from("small");
    const set = setOf(original("times.txt", bytes, address), original("small.txt", small, `${address}/none`));
    put(join(folder, "local", "times", "small.txt"), small);
    put(target(), "damaged");
    const names = (files: readonly DataFile[]) => files.map(({ name }) => name);
    expect(names(await getData(set, { folders: folders() }))).toEqual(["times.txt"]);
    expect(names(await getData(set, { folders: folders() }))).toEqual([]);
    expect(ranges).toHaveLength(1);
    put(join(folder, "local", "times", "small.txt"), "other");
    expectFault(await faultOf(() => getData(set, { folders: folders() })), "damaged", /Put the original there/);
  });

  it("getData asks no server where a file has no address", async () => {
    const { address, ranges } = await serve(byRange);
    const set = setOf(original("times.txt", bytes, address), entry("small.txt", Buffer.from("small")));
    expectFault(await faultOf(() => getData(set, { folders: folders() })), "missing", /small\.txt .*from a book/);
    expect(ranges).toEqual([]);
  });
});

describe("the registry", () => {
  const sets: readonly DataSet[] = Object.values(dataSets);

  it("names every set by its own name, with licence, attribution, home, and how to have it", () => {
    expect(sets).toHaveLength(12);
    for (const [name, set] of Object.entries(dataSets)) {
      expect(set.name).toBe(name);
      for (const word of [set.holds, set.licence, set.attribution, set.home]) expect(word).not.toBe("");
    }
    for (const set of sets) {
      const made = set.files.some(({ download }) => download === undefined) && set.npm === undefined;
      expect([set.recipe !== undefined, set.converted !== undefined]).toEqual([made, made]);
    }
  });

  it("pins every address to a commit", () => {
    const addresses = sets.flatMap(({ files, recipe }) =>
      [...files, ...(recipe?.originals ?? [])].flatMap(({ download = [] }) => download),
    );
    expect(addresses).toHaveLength(46);
    for (const address of addresses)
      expect(address).toMatch(/^https:\/\/[^/]+\/[^/]+\/[^/]+\/(tar\.gz\/)?[0-9a-f]{40}(\/|$)/);
    expect(new Set(addresses).size).toBe(46);
  });

  it("knows the bytes of every set that is here", () => {
    for (const set of sets) {
      const { found, where } = outsideSource(set);
      expect(found || /^Run/.test(where), where).toBe(true);
    }
  });
});
