import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { extname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { listRuns, readRun } from "./labRuns.js";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".woff2": "font/woff2",
  ".json": "application/json",
};

const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "connect-src 'self'",
  "style-src 'self'",
  "font-src 'self'",
  "img-src 'self' data:",
  "manifest-src 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "form-action 'none'",
].join("; ");

/** Sent with every answer: nothing from elsewhere, nobody else's frame, and a page of its own process, so that threads can start. */
export const HEADERS: Readonly<Record<string, string>> = {
  "Content-Security-Policy": POLICY,
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "same-origin",
};

export interface LabServerOptions {
  /** The built lab. */
  readonly folder: string;
  /** Where the runs of the command line are. */
  readonly runs: string;
}

interface Served {
  readonly file: string;
  readonly type: string;
}

/** Pictures and fonts are compressed as they are. */
const packable = (type: string): boolean => /^text|javascript|json|svg/.test(type);

/** Whether a request takes gzip; `gzip;q=0` is a refusal. */
const takesGzip = (accepted: string | string[] | undefined): boolean =>
  /(?:^|,)\s*gzip\s*(?:,|$|;(?!\s*q=0(?:\.0*)?\s*(?:,|$)))/.test(String(accepted ?? ""));

/** Every file that is served, by its address: a list made once, so that no address reaches the file system. Links are left out. */
function servedFiles(folder: string, at = "/"): Map<string, Served> {
  const files = new Map<string, Served>();
  for (const name of readdirSync(folder)) {
    const file = join(folder, name);
    const kind = lstatSync(file);
    if (kind.isDirectory()) for (const [path, served] of servedFiles(file, `${at}${name}/`)) files.set(path, served);
    else if (kind.isFile()) {
      const type = TYPES[extname(name)];
      if (type !== undefined) files.set(name === "index.html" ? at : at + name, { file, type });
    }
  }
  return files;
}

/** Whether a header names this server: loopback, by number or by name, and the port it listens on. */
function isOurs(host: string | undefined, port: number): boolean {
  return host !== undefined && [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`].includes(host.toLowerCase());
}

/**
 * The lab and the runs of the command line over HTTP, for loopback: reads only, fixed addresses, and nobody whose page is elsewhere
 * (DNS rebinding is refused by `Host`, other sites by `Origin`).
 */
export function createLabServer({ folder, runs }: LabServerOptions): Server {
  const files = servedFiles(folder);
  const packed = new Map<string, Buffer>();
  const packedFile = (file: string): Buffer => {
    const body = packed.get(file) ?? gzipSync(readFileSync(file));
    packed.set(file, body);
    return body;
  };

  function answer(request: IncomingMessage, response: ServerResponse): unknown {
    const { method = "", url = "/", headers, socket } = request;
    const send = (status: number, type: string, body: string | Buffer, more: Record<string, string> = {}) => {
      response.writeHead(status, {
        ...HEADERS,
        "Content-Type": type,
        "Content-Length": Buffer.byteLength(body),
        ...more,
      });
      response.end(method === "HEAD" ? undefined : body);
    };
    const refuse = (status: number, word: string) => send(status, "text/plain; charset=utf-8", `${word}\n`);
    const port = socket.localPort ?? 0;
    if (!isOurs(headers.host, port)) return refuse(403, "This server answers to localhost alone.");
    const { origin } = headers;
    if (origin !== undefined && !(origin.startsWith("http://") && isOurs(origin.slice(7), port))) {
      return refuse(403, "Other sites may not ask.");
    }
    if (method !== "GET" && method !== "HEAD") return refuse(405, "Only GET and HEAD.");
    const path = url.split(/[?#]/, 1)[0];
    const fresh = { "Cache-Control": "no-store" };
    if (path === "/api/runs") return send(200, TYPES[".json"], JSON.stringify(listRuns(runs)), fresh);
    if (path.startsWith("/api/runs/")) {
      const run = readRun(runs, path.slice("/api/runs/".length));
      return run === undefined ? refuse(404, "No such run.") : send(200, TYPES[".json"], JSON.stringify(run), fresh);
    }
    const served = files.get(path);
    if (served !== undefined) {
      const lasting = path.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "no-cache";
      const kept = { "Cache-Control": lasting };
      if (!packable(served.type)) return send(200, served.type, readFileSync(served.file), kept);
      const varies = { ...kept, Vary: "Accept-Encoding" };
      return takesGzip(headers["accept-encoding"])
        ? send(200, served.type, packedFile(served.file), { ...varies, "Content-Encoding": "gzip" })
        : send(200, served.type, readFileSync(served.file), varies);
    }
    if (files.has(`${path}/`)) return send(301, "text/plain", "", { Location: `${path}/` });
    return refuse(404, "Nothing is here.");
  }

  return createServer((request, response) => {
    try {
      answer(request, response);
    } catch {
      if (!response.headersSent) response.writeHead(500, HEADERS);
      response.end();
    }
  });
}
