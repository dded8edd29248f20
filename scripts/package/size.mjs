// What a bundler keeps of the package when a program imports one function of it: compressed KB of JavaScript, and of the
// WebAssembly modules in it, each of them twice: the SIMD build and the relaxed one, of which one is instantiated.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { rolldown } from "rolldown";

/** An import, and the most KB of JavaScript and of WebAssembly that it may cost. */
const LIMITS = [
  ["ctcLoss", "seqloss", 10, 8],
  ["ctcLoss", "seqloss/ctc", 10, 8],
  ["crossEntropy", "seqloss", 9.5, 7.5],
  ["meanSquaredError", "seqloss", 7.5, 7.5],
  ["transducerLoss", "seqloss", 9.5, 6.5],
  ["crfLoss", "seqloss", 10.5, 17],
  ["ctcBeamSearch", "seqloss", 6.5, 0],
  ["lstm", "seqloss", 12.5, 8.5],
  ["characterErrorRate", "seqloss", 2, 0],
];
const BASE64 = /["`']([A-Za-z0-9+/=]{400,})["`']/g;

export async function check({ scratch, expect }) {
  for (const [name, entry, script, modules] of LIMITS) {
    const found = await bundled(scratch, `export { ${name} } from "${entry}";`);
    const of = (size, limit) => `${size.toFixed(1)} of at most ${limit} KB`;
    expect(
      `${name} of ${entry} alone: ${of(found.script, script)} of JavaScript, ${of(found.modules, modules)} of WebAssembly`,
      found.script <= script && found.modules <= modules,
    );
  }
}

async function bundled(scratch, program) {
  const input = join(scratch, "bundled.js");
  writeFileSync(input, program);
  const bundle = await rolldown({ input, platform: "browser" });
  const { output } = await bundle.generate({ format: "esm", minify: true });
  await bundle.close();
  const { code } = output[0];
  const compressed = (bytes) => gzipSync(bytes, { level: 9 }).length / 1024;
  const modules = [...code.matchAll(BASE64)].map(([, base64]) => compressed(Buffer.from(base64, "base64")));
  return { script: compressed(code.replaceAll(BASE64, '""')), modules: modules.reduce((sum, size) => sum + size, 0) };
}
