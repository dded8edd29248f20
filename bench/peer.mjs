// A peer is a child process that answers one JSON line with one JSON line. Arrays travel through files in a folder
// that both sides know, as raw little-endian numbers.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** glibc hands large tensors back to the system after each step by default; these keep them, which makes PyTorch faster. */
const TUNED_MALLOC = {
  MALLOC_MMAP_THRESHOLD_: "4294967296",
  MALLOC_TRIM_THRESHOLD_: "8589934592",
  MALLOC_TOP_PAD_: "268435456",
};

/** The interpreter that has the libraries. */
const python = process.env.SEQLOSS_BENCH_PYTHON ?? "python3";

export const startTorch = (threads) => startPython("torch_peer.py", "PyTorch", threads);
export const startTensorFlow = (threads) => startPython("tensorflow_peer.py", "TensorFlow", threads);

/** Starts a library in Python; resolves to undefined, with the reason printed, where it is not installed. */
async function startPython(file, library, threads) {
  const folder = mkdtempSync(join(tmpdir(), "seqloss-bench-"));
  const script = fileURLToPath(new URL(file, import.meta.url));
  const child = spawn(python, [script, folder, String(threads)], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, ...TUNED_MALLOC },
  });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const started = await Promise.race([
    answers.next().then(({ value }) => value && JSON.parse(value)),
    new Promise((resolve) => child.once("error", () => resolve(undefined))),
  ]);
  if (started?.version === undefined) {
    console.log(`${library} is absent (${started?.error ?? `${python} does not start`}): ours is measured alone.`);
    rmSync(folder, { recursive: true, force: true });
    return undefined;
  }
  return {
    name: `${library} ${started.version}`,
    async ask(message) {
      child.stdin.write(`${JSON.stringify(message)}\n`);
      const { value } = await answers.next();
      if (value === undefined) throw new Error(`the ${library} process ended; its message is above`);
      return JSON.parse(value);
    },
    write: (name, array) =>
      writeFileSync(join(folder, name), new Uint8Array(array.buffer, array.byteOffset, array.byteLength)),
    // copied: a small file's bytes lie somewhere in a buffer that files share
    read: (name) => new Float32Array(Uint8Array.from(readFileSync(join(folder, name))).buffer),
    stop() {
      child.stdin.end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
