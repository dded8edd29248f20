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

/** The peers: what each is called, what starts it, and the variable that names another Python for it. */
const PEERS = {
  torch: { title: "PyTorch", script: "torch_peer.py", python: "SEQLOSS_BENCH_TORCH" },
  torchaudio: { title: "torchaudio", script: "torchaudio_peer.py", python: "SEQLOSS_BENCH_TORCHAUDIO" },
  tensorflow: { title: "TensorFlow", script: "tensorflow_peer.py", python: "SEQLOSS_BENCH_TENSORFLOW" },
  reference: { title: "our reference,", script: "reference_peer.mjs" },
  optax: { title: "optax", script: "optax_peer.py", python: "SEQLOSS_BENCH_OPTAX" },
  tfjs: { title: "TensorFlow.js wasm", script: "tfjs_peer.mjs", backend: "wasm" },
  "tfjs-cpu": { title: "TensorFlow.js cpu", script: "tfjs_peer.mjs", backend: "cpu" },
  jax: { title: "jax-js wasm", script: "jax_peer.mjs" },
};

export const peerNames = Object.keys(PEERS);

/** Starts a peer; resolves to undefined, with the reason printed, where it is not installed. */
export async function startPeer(name, threads) {
  const { title, script, python, backend } = PEERS[name];
  const folder = mkdtempSync(join(tmpdir(), "seqloss-bench-"));
  const path = fileURLToPath(new URL(script, import.meta.url));
  const command = python === undefined ? process.execPath : (process.env[python] ?? "python3");
  const child = spawn(command, [path, folder, String(threads), ...(backend ? [backend] : [])], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, ...TUNED_MALLOC },
  });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const started = await Promise.race([
    answers.next().then(({ value }) => value && JSON.parse(value)),
    new Promise((resolve) => child.once("error", () => resolve(undefined))),
  ]);
  if (started?.version === undefined) {
    console.log(`${title} is absent (${started?.error ?? `${command} does not start`}): ours is measured alone.`);
    rmSync(folder, { recursive: true, force: true });
    return undefined;
  }
  return {
    name: `${title} ${started.version}`,
    /** Whether it writes its gradient to a file, to be compared. */
    givesGradient: python !== undefined,
    async ask(message) {
      child.stdin.write(`${JSON.stringify(message)}\n`);
      const { value } = await answers.next();
      if (value === undefined) throw new Error(`the ${title} process ended; its message is above`);
      return JSON.parse(value);
    },
    write: (name, array) =>
      writeFileSync(join(folder, name), new Uint8Array(array.buffer, array.byteOffset, array.byteLength)),
    read: (name) => new Float32Array(Uint8Array.from(readFileSync(join(folder, name))).buffer),
    stop() {
      child.stdin.end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
