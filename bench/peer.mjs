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

/** Starts PyTorch in Python; resolves to undefined, with the reason printed, where it is not installed. */
export async function startTorch(threads) {
  const folder = mkdtempSync(join(tmpdir(), "seqloss-bench-"));
  const script = fileURLToPath(new URL("torch_peer.py", import.meta.url));
  const child = spawn("python3", [script, folder, String(threads)], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, ...TUNED_MALLOC },
  });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const started = await Promise.race([
    answers.next().then(({ value }) => value && JSON.parse(value)),
    new Promise((resolve) => child.once("error", () => resolve(undefined))),
  ]);
  if (started?.torch === undefined) {
    console.log(`PyTorch is absent (${started?.error ?? "python3 does not start"}): ours is measured alone.`);
    rmSync(folder, { recursive: true, force: true });
    return undefined;
  }
  return {
    name: `PyTorch ${started.torch}`,
    async ask(message) {
      child.stdin.write(`${JSON.stringify(message)}\n`);
      const { value } = await answers.next();
      if (value === undefined) throw new Error("the PyTorch process ended; its message is above");
      return JSON.parse(value);
    },
    write: (name, array) =>
      writeFileSync(join(folder, name), new Uint8Array(array.buffer, array.byteOffset, array.byteLength)),
    read: (name) => new Float32Array(readFileSync(join(folder, name)).buffer.slice(0)),
    stop() {
      child.stdin.end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
