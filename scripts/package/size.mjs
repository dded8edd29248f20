// What a bundler keeps of the package when a program imports one function of it, or all of an entry: compressed KB of JavaScript,
// and of the WebAssembly modules in it, for SIMD and what relaxed SIMD has otherwise. And what an engine has to read before the
// first line of a program without a bundler runs.
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { rolldown } from "rolldown";

/** What is exported of an entry, and the most KB of JavaScript and of WebAssembly that it may cost. */
const LIMITS = [
  ["{ ctcLoss }", "seqloss", 11.2, 4.2],
  ["{ ctcLoss }", "seqloss/ctc", 11.2, 4.2],
  ["{ crossEntropy }", "seqloss", 11, 4.1],
  ["{ meanSquaredError }", "seqloss", 8.4, 4.1],
  ["{ transducerLoss }", "seqloss", 10.8, 3.2],
  ["{ crfLoss }", "seqloss", 12.3, 10.8],
  ["{ ctcBeamSearch }", "seqloss", 6, 0],
  ["{ lstm }", "seqloss", 11.2, 5.8],
  ["{ characterErrorRate }", "seqloss", 1.5, 0],
  ["*", "seqloss/train", 78, 28],
  ["*", "seqloss", 156, 28],
];
const BASE64 = /["`']([A-Za-z0-9+/=]{400,})["`']/g;

/** Of an entry as it is packed: the most files, and the most KB in all. */
const STARTS = { ctc: [2, 80], train: [3, 340], index: [3, 605] };

export async function check({ scratch, expect }) {
  const of = (size, limit) => `${size.toFixed(1)} of at most ${limit} KB`;
  for (const [names, entry, script, modules] of LIMITS) {
    const found = await bundled(scratch, `export ${names} from "${entry}";`);
    expect(
      `${names} of ${entry}: ${of(found.script, script)} of JavaScript, ${of(found.modules, modules)} of WebAssembly`,
      found.script <= script && found.modules <= modules,
    );
  }
  for (const [name, [most, limit]] of Object.entries(STARTS)) {
    const files = filesOf(join(scratch, "node_modules", "seqloss", "dist", "bundle", `${name}.js`));
    const texts = [...files].map((file) => readFileSync(file, "utf8"));
    const size = texts.reduce((sum, text) => sum + text.length / 1024, 0);
    expect(
      `${name}.js starts from ${files.size} files of at most ${most}, ${of(size, limit)}, a byte a character`,
      files.size <= most && size <= limit && texts.every((text) => !/[^\0-\x7f]/.test(text)),
    );
  }
}

/** A packed file and those that it imports. */
function filesOf(file, seen = new Set()) {
  if (seen.has(file)) return seen;
  seen.add(file);
  for (const [, specifier] of readFileSync(file, "utf8").matchAll(/^(?:import|export)[^;"]*"(\.[^"]+)";/gm)) {
    filesOf(join(dirname(file), specifier), seen);
  }
  return seen;
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
