import type { KeptRun } from "./state.js";

export interface ListedRun {
  readonly name: string;
  readonly lines: number;
}

async function json(address: string): Promise<unknown> {
  try {
    const answer = await fetch(address);
    return answer.ok ? await answer.json() : undefined;
  } catch {
    return undefined; // offline, or a server of files alone
  }
}

/** The runs that `seqloss lab` serves; undefined where the lab is served otherwise. */
export async function listRuns(root: string): Promise<readonly ListedRun[] | undefined> {
  const found = await json(`${root}api/runs`);
  return Array.isArray(found) ? (found as ListedRun[]) : undefined;
}

/** One of them, as a run to draw. */
export async function readRun(root: string, name: string): Promise<KeptRun | undefined> {
  const found = (await json(`${root}api/runs/${name}`)) as { metrics?: readonly Record<string, unknown>[] } | undefined;
  const steps = found?.metrics?.filter(({ loss }) => loss !== undefined) ?? [];
  if (steps.length === 0) return undefined;
  const column = (key: string) =>
    steps.map((line) => (typeof line[key] === "number" ? (line[key] as number) : Number.NaN));
  return { name, losses: column("loss"), gradientNorms: column("gradientNorm") };
}
