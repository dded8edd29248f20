// Compiles each file of assembly/modules/ to two WebAssembly modules from one source, for SIMD and for relaxed SIMD, and inlines
// them as src/kernels/modules/<name>.generated.ts: a user of the package hosts no file, a bundler needs no plugin, and who uses
// one loss carries the module of that loss alone. Of the relaxed build it carries what is otherwise than in the other.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import asc from "assemblyscript/asc";
import { difference } from "./difference.mjs";
import "./generate-tiles.mjs";

// All modules work on one memory, whose first page holds their constants, each in a place of its own.
const PAGE = 65536;
const CONSTANTS = 2048;

const builds = { simd: "simd,bulk-memory", relaxed: "simd,bulk-memory,relaxed-simd" };
mkdirSync("build", { recursive: true });
mkdirSync("src/kernels/modules", { recursive: true });

async function compile(name, build, memoryBase) {
  const file = `build/${name}.${build}.wasm`;
  const text = `build/${name}.${build}.wat`;
  const { error, stderr } = await asc.main([
    `assembly/modules/${name}.ts`,
    ...["--outFile", file, "--textFile", text],
    ...["-O3", "--noAssert", "--runtime", "stub", "--use", "abort="],
    ...["--importMemory", "--initialMemory", "1", "--maximumMemory", String(PAGE), "--memoryBase", String(memoryBase)],
    ...["--enable", builds[build]],
  ]);
  if (error) {
    console.error(stderr.toString());
    throw error;
  }
  for (const [, at, data] of readFileSync(text, "utf8").matchAll(/^ \(data \S+ \(i32\.const (\d+)\) "(.*)"\)$/gm)) {
    const end = Number(at) + data.replaceAll(/\\([0-9a-f]{2}|.)/g, "x").length;
    if (end > memoryBase + CONSTANTS) throw new Error(`${name}: its constants end at ${end}, past ${CONSTANTS} bytes`);
  }
  return readFileSync(file);
}

const sources = readdirSync("assembly/modules").toSorted();
if (sources.length * CONSTANTS + 1024 > PAGE) throw new Error("the constants of all modules outgrow their page");
for (const [index, source] of sources.entries()) {
  const name = source.replace(".ts", "");
  const memoryBase = 1024 + index * CONSTANTS;
  const simd = await compile(name, "simd", memoryBase);
  const relaxed = difference(simd, await compile(name, "relaxed", memoryBase));
  const lines = [
    `// Written by scripts/build-wasm.mjs from assembly/modules/${source}. Not committed.`,
    "export const builds = {",
    `  simd:\n    "${simd.toString("base64")}",`,
    `  relaxed:\n    "${relaxed.toString("base64")}",`,
    "};",
    "",
  ];
  writeFileSync(`src/kernels/modules/${name}.generated.ts`, lines.join("\n"));
  const compressed = (bytes) => `${bytes.length} bytes, ${gzipSync(bytes, { level: 9 }).length} compressed`;
  console.log(`${name}: ${compressed(simd)}; what relaxed SIMD has otherwise: ${compressed(relaxed)}`);
}
