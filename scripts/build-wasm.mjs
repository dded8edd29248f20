// Compiles assembly/ to one WebAssembly module and inlines it as src/kernels/module.generated.ts,
// so that a user of the package hosts no file and a bundler needs no plugin.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import asc from "assemblyscript/asc";

const wasmFile = "build/seqloss.wasm";
mkdirSync("build", { recursive: true });
const { error, stderr } = await asc.main([
  "assembly/index.ts",
  "--outFile",
  wasmFile,
  "--textFile",
  "build/seqloss.wat",
  "-O3",
  "--noAssert",
  "--runtime",
  "stub",
  "--enable",
  "simd,bulk-memory",
  "--initialMemory",
  "16",
  "--use",
  "abort=",
]);
if (error) {
  console.error(stderr.toString());
  throw error;
}
const bytes = readFileSync(wasmFile);
const target = "src/kernels/module.generated.ts";
const text = [
  "// Written by scripts/build-wasm.mjs from assembly/. Not committed.",
  `export const moduleBase64 =\n  "${bytes.toString("base64")}";`,
  "",
].join("\n");
writeFileSync(target, text);
console.log(`${target}: ${bytes.length} bytes of WebAssembly`);
