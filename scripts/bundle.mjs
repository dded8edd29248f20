// The library's entries as a few files in dist/bundle, which start several times as fast as the hundreds that they are made of,
// and which a page without a bundler can load. Bundlers take the modules of dist/src instead (the condition "module" of
// package.json), of which they leave out what a program does not use. Not minified: readers and debuggers see names.
import { rmSync } from "node:fs";
import { rolldown } from "rolldown";

rmSync("dist/bundle", { recursive: true, force: true });
const bundle = await rolldown({
  input: {
    index: "dist/src/index.js",
    ctc: "dist/src/ctc.js",
    train: "dist/src/train.js",
    runs: "dist/src/runs/entry.js",
    tfjs: "dist/src/tfjs/entry.js",
    threadWorker: "dist/src/kernels/threadWorker.js",
  },
  platform: "neutral",
  external: [/^node:/, "@tensorflow/tfjs-core"],
});
const { output } = await bundle.write({ dir: "dist/bundle", format: "esm", chunkFileNames: "[name]-[hash].js" });
console.log(`dist/bundle: ${output.map(({ fileName, code }) => `${fileName} ${code.length}`).join(", ")}`);
