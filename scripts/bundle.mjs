// The library's entries as a few files in dist/bundle, which start several times as fast as the hundreds that they are made of,
// and which a page without a bundler can load. Bundlers take the modules of dist/src instead (the condition "module" of
// package.json), of which they leave out what a program does not use.
//
// An engine reads all of a file before its first line runs. So what entries share lies in two files, as each more takes a third of
// a millisecond; comments are left out, code is simplified, and variables inside of functions have short names, which takes a
// sixth less. Functions, classes and their members keep their names, lines their breaks: readers, debuggers and stack traces
// need them.
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { rolldown } from "rolldown";

const FOLDER = "dist/bundle";

/** A group of modules that becomes one file: the entry and what it imports, unless it is in a group before. */
const shared = (name, priority) => ({ name, test: new RegExp(`dist/src/${name}\\.js$`), priority });

async function bundle(input, groups) {
  const build = await rolldown({ input, platform: "neutral", external: [/^node:/, "@tensorflow/tfjs-core"] });
  const { output } = await build.write({
    dir: FOLDER,
    format: "esm",
    chunkFileNames: "[name]-[hash].js",
    comments: false,
    minify: { compress: true, mangle: { toplevel: false, keepNames: true }, codegen: { removeWhitespace: false } },
    codeSplitting: { groups },
  });
  await build.close();
  return output.map(({ fileName }) => fileName);
}

/** With a single character outside of ASCII in it, an engine keeps and reads all of a file at two bytes a character. */
function toAscii(file) {
  const escaped = readFileSync(file, "utf8").replaceAll(
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
console.log(`${FOLDER}: ${files.map((file) => `${file} ${toAscii(join(FOLDER, file))}`).join(", ")}`);
