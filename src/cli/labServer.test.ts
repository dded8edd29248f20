import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createLabServer, HEADERS } from "./labServer.js";

let folder: string;
let server: Server;
let port: number;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "seqloss-lab-"));
  mkdirSync(join(folder, "lab/ctc"), { recursive: true });
  mkdirSync(join(folder, "lab/assets"));
  mkdirSync(join(folder, "runs/echo-1"), { recursive: true });
  mkdirSync(join(folder, "runs/other"));
  writeFileSync(join(folder, "secret.html"), "secret");
  writeFileSync(join(folder, "lab/index.html"), "home");
  writeFileSync(join(folder, "lab/ctc/index.html"), "ctc");
  writeFileSync(join(folder, "lab/assets/a.js"), "1");
  writeFileSync(join(folder, "lab/assets/a.woff2"), "font");
  writeFileSync(join(folder, "lab/notes.txt"), "of no served type");
  symlinkSync(join(folder, "secret.html"), join(folder, "lab/link.html"));
  symlinkSync(join(folder, "runs/echo-1"), join(folder, "runs/linked"));
  writeFileSync(join(folder, "runs/echo-1/config.json"), JSON.stringify({ task: "echo", seed: 1 }));
  writeFileSync(join(folder, "runs/echo-1/metrics.jsonl"), '{"step":1,"loss":2.5}\n{"step":2,"lo');
  server = createLabServer({ folder: join(folder, "lab"), runs: join(folder, "runs") });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

interface Answer {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** A request as it is written, without a client that tidies the path. */
function ask(path: string, headers: Record<string, string> = {}, method = "GET"): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: "127.0.0.1", port, path, method, headers }, (response) => {
      let body = "";
      response.on("data", (part) => (body += part));
      response.on("end", () => resolve({ status: response.statusCode, headers: response.headers, body }));
    });
    sent.on("error", reject);
    sent.end();
  });
}

describe("the lab's server", () => {
  it("serves pages and scripts, and sends its headers with every answer", async () => {
    expect((await ask("/")).body).toBe("home");
    expect((await ask("/ctc/")).body).toBe("ctc");
    expect((await ask("/ctc/?x=1")).body).toBe("ctc");
    const redirect = await ask("/ctc");
    expect([redirect.status, redirect.headers.location]).toEqual([301, "/ctc/"]);
    for (const path of ["/", "/assets/a.js", "/api/runs", "/nothing"]) {
      const { headers } = await ask(path);
      for (const [name, value] of Object.entries(HEADERS)) expect(headers[name.toLowerCase()]).toBe(value);
    }
    expect((await ask("/assets/a.js")).headers["content-type"]).toContain("javascript");
    expect(String((await ask("/")).headers["content-security-policy"])).not.toContain("unsafe-inline");
  });

  it("packs text for who takes gzip, and says so to caches", async () => {
    const packing = async (accepted: string, path = "/") => {
      const { headers } = await ask(path, { "Accept-Encoding": accepted });
      return [headers["content-encoding"], headers.vary];
    };
    for (const accepted of ["gzip", "br, gzip", "gzip;q=0.5, br", "deflate, gzip;q=1.0"]) {
      expect(await packing(accepted)).toEqual(["gzip", "Accept-Encoding"]);
    }
    for (const accepted of ["", "br", "identity", "gzip;q=0", "br, gzip;q=0.0", "x-gzipped"]) {
      expect(await packing(accepted)).toEqual([undefined, "Accept-Encoding"]);
    }
    expect(await packing("gzip", "/assets/a.woff2")).toEqual([undefined, undefined]);
    const page = await fetch(`http://127.0.0.1:${port}/ctc/`); // unpacks by itself
    expect([page.headers.get("content-encoding"), await page.text()]).toEqual(["gzip", "ctc"]);
  });

  it.each([
    "/../secret.html",
    "/%2e%2e/secret.html",
    "/..%2fsecret.html",
    "/..\\secret.html",
    "/ctc/../../secret.html",
    "//secret.html",
    "/ctc//",
    "/secret.html%00.html",
    "/link.html",
    "/notes.txt",
    "/index.html/",
    "/assets/",
    "/ctc/?.svg/../x",
    "/assets/a.js?.html#/..",
  ])("gives nothing of what is not its own at %s", async (path) => {
    const { status, body } = await ask(path);
    expect(body).not.toContain("secret");
    expect(path.startsWith("/assets/a.js") || path.startsWith("/ctc/?") ? 200 : 404).toBe(status);
  });

  it("answers to loopback names alone, and to no other site", async () => {
    const hosts = async (host: string) => (await ask("/", { Host: host })).status;
    expect(await hosts(`localhost:${port}`)).toBe(200);
    expect(await hosts(`127.0.0.1:${port}`)).toBe(200);
    for (const host of [
      "evil.example",
      `evil.example:${port}`,
      "localhost",
      `localhost:${port + 1}`,
      `localhost.evil.example:${port}`,
    ]) {
      expect(await hosts(host)).toBe(403);
    }
    const origins = async (origin: string) => (await ask("/api/runs", { Origin: origin })).status;
    expect(await origins(`http://localhost:${port}`)).toBe(200);
    for (const origin of [
      "http://evil.example",
      "null",
      `https://localhost:${port}`,
      `http://localhost:${port}.evil.example`,
    ]) {
      expect(await origins(origin)).toBe(403);
    }
  });

  it("reads only", async () => {
    for (const method of ["POST", "PUT", "DELETE", "OPTIONS"]) expect((await ask("/", {}, method)).status).toBe(405);
    const head = await ask("/", {}, "HEAD");
    expect([head.status, head.body, head.headers["content-length"]]).toEqual([200, "", "4"]);
  });

  it("shows runs, whole lines of their logs, and nothing else of the disk", async () => {
    const listed = JSON.parse((await ask("/api/runs")).body);
    expect(listed).toEqual([{ name: "echo-1", task: "echo", seed: 1, lines: 1, last: { step: 1, loss: 2.5 } }]);
    expect(JSON.parse((await ask("/api/runs/echo-1")).body).metrics).toEqual([{ step: 1, loss: 2.5 }]);
    for (const name of ["other", "linked", "nothing", "..", "../lab", "%2e%2e", "echo-1/config.json", ""]) {
      expect((await ask(`/api/runs/${name}`)).status).toBe(404);
    }
  });
});
