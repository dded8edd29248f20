// Compiles assembly/ to two WebAssembly modules from one source, for SIMD and for relaxed SIMD, and inlines them as
// src/kernels/module.generated.ts, so that a user of the package hosts no file and a bundler needs no plugin.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import asc from "assemblyscript/asc";
import "./generate-tiles.mjs";

mkdirSync("build", { recursive: true });

async function compile(name, features) {
  const file = `build/${name}.wasm`;
  const { error, stderr } = await asc.main([
    "assembly/index.ts",
    ...["--outFile", file, "--textFile", `build/${name}.wat`],
    ...["-O3", "--noAssert", "--runtime", "stub", "--initialMemory", "16", "--use", "abort="],
    ...["--enable", features],
  ]);
  if (error) {
    console.error(stderr.toString());
    throw error;
  }
  return readFileSync(file);
}

const base = await compile("seqloss", "simd,bulk-memory");
const relaxed = await compile("seqloss-relaxed", "simd,bulk-memory,relaxed-simd");
const target = "src/kernels/module.generated.ts";
const text = [
  "// Written by scripts/build-wasm.mjs from assembly/. Not committed.",
  `export const moduleBase64 =\n  "${base.toString("base64")}";`,
  "",
  `export const relaxedModuleBase64 =\n  "${relaxed.toString("base64")}";`,
  "",
].join("\n");
writeFileSync(target, text);
console.log(`${target}: ${base.length} and, relaxed, ${relaxed.length} bytes of WebAssembly`);
