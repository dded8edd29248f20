import { existsSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { EXIT, Failure } from "./failure.js";
import { createLabServer } from "./labServer.js";

export interface LabFlags {
  readonly port?: number;
  readonly runs?: string;
}

/** The port that is tried first; where it is taken, any free one is. */
const PORT = 4173;

/** seqloss lab: serves the web app on loopback until it is interrupted. */
export async function lab({ port, runs = "runs" }: LabFlags): Promise<void> {
  const folder = fileURLToPath(new URL("../../lab", import.meta.url));
  if (!existsSync(folder)) throw new Failure(EXIT.missing, `${folder}: the lab is not built; npm run build does it.`);
  const server = createLabServer({ folder, runs: resolve(runs) });
  const listen = (at: number) =>
    new Promise<void>((done, fail) => {
      server.once("error", fail);
      server.listen(at, "127.0.0.1", () => {
        server.off("error", fail);
        done();
      });
    });
  try {
    await listen(port ?? PORT);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "EADDRINUSE" && code !== "EACCES") throw error;
    if (port !== undefined) throw new Failure(EXIT.usage, `port ${port} is taken; --port has another one.`);
    await listen(0);
  }
  const { port: used } = server.address() as AddressInfo;
  process.stdout.write(`The lab is at http://localhost:${used}/  (Ctrl-C ends it)\n`);
  await new Promise<void>((done) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => done());
  });
  server.closeAllConnections();
  server.close();
}
