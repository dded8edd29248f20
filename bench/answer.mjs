// What a peer that runs in Node has in common: reads a JSON line, computes, answers with a JSON line.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

const folder = process.argv[2];

// a small file is read into a buffer that it shares with others
const bytes = (name) => Uint8Array.from(readFileSync(join(folder, name))).buffer;
export const load = (name) => new Float32Array(bytes(name));
export const loadIds = (name) => new Int32Array(bytes(name));

const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1];
const say = (answer) => process.stdout.write(`${JSON.stringify(answer)}\n`);

/** Answers until the input ends. `subjects[name](...sizes)` gives a step, which returns its loss. */
export async function answerAll(version, subjects) {
  say({ version });
  let step;
  for await (const line of createInterface({ input: process.stdin })) {
    const message = JSON.parse(line);
    if (message.do === "prepare") {
      step = await subjects[message.subject](...message.sizes);
      const values = [];
      for (let n = 0; n < message.steps; n++) values.push(await step());
      say({ values });
      continue;
    }
    const times = [];
    const end = performance.now() + 1000 * message.seconds;
    while (performance.now() < end || times.length < 3) {
      const start = performance.now();
      await step();
      times.push(performance.now() - start);
    }
    say({ milliseconds: median(times) });
  }
}
