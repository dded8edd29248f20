import { spawnSync } from "node:child_process";

// A Python with PyTorch, where the machine has one.

const python = process.env.SEQLOSS_BENCH_TORCH ?? "python3";

/** Undefined where there is PyTorch; otherwise why the tests of it cannot run. */
export function torchMissing(): string | undefined {
  const { error, status, stderr } = spawnSync(python, ["-c", "import torch"], { encoding: "utf8" });
  if (error !== undefined) return `${python}: ${error.message}`;
  return status === 0 ? undefined : `${python}: ${stderr.trim().split("\n").at(-1)}`;
}

/** What a program prints, as JSON. */
export function runPython(program: string, input: unknown = null): unknown {
  const { status, stdout, stderr } = spawnSync(python, ["-c", program], {
    input: JSON.stringify(input),
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}
