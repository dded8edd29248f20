// The library's entries as a few files in dist/bundle, which start several times as fast as the hundreds that they are made of,
// and which a page without a bundler can load. Bundlers take the modules of dist/src instead (the condition "module" of
// package.json), of which they leave out what a program does not use.
//
// An engine reads all of a file before its first line runs. So what entries share lies in two files, as each more takes a quarter
// of a millisecond; code is simplified, without blanks, and variables inside of functions have short names, which takes a fifth
// less. Functions, classes and their members keep their names, and each declaration a line of its own: for stack traces and
// debuggers.
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { rolldown } from "rolldown";
import { parseAst } from "rolldown/parseAst";

const FOLDER = "dist/bundle";

/** A group of modules that becomes one file: the entry and what it imports, unless it is in a group before. */
const shared = (name, priority) => ({ name, test: new RegExp(`dist/src/${name}\\.js$`), priority });

async function bundle(input, groups) {
  const build = await rolldown({ input, platform: "neutral", external: [/^node:/, "@tensorflow/tfjs-core"] });
  const { output } = await build.write({
    dir: FOLDER,
    format: "esm",
    chunkFileNames: "[name]-[hash].js",
    minify: { compress: true, mangle: { toplevel: false, keepNames: true }, codegen: { removeWhitespace: true } },
    codeSplitting: { groups },
  });
  await build.close();
  return output.map(({ fileName }) => fileName);
}

/** Each declaration on a line of its own; and ASCII, as a single other character makes an engine take two bytes for each. */
function finish(file) {
  const code = readFileSync(file, "utf8");
  const lines = parseAst(code).body.map(({ start, end }) => code.slice(start, end));
  const escaped = `${lines.join("\n")}\n`.replaceAll(
    /[^\0-\x7f]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  writeFileSync(file, escaped);
  return escaped.length;
}

rmSync(FOLDER, { recursive: true, force: true });
const entries = {
  index: "dist/src/index.js",
  ctc: "dist/src/ctc.js",
  train: "dist/src/train.js",
  runs: "dist/src/runs/entry.js",
  tfjs: "dist/src/tfjs/entry.js",
};
const files = await bundle(entries, [shared("ctc", 2), shared("train", 1)]);
// alone, so that a thread reads nothing but what it runs
files.push(...(await bundle({ threadWorker: "dist/src/kernels/threadWorker.js" }, [])));
console.log(`${FOLDER}: ${files.map((file) => `${file} ${finish(join(FOLDER, file))}`).join(", ")}`);
