// Serves one folder on loopback with the headers that make a page cross-origin isolated, and one page that loads the library.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join, normalize, sep } from "node:path";

const TYPES = {
  ".css": "text/css",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
  ".woff2": "font/woff2",
};
const ISOLATED = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};
const PAGE = `<!doctype html><title>seqloss</title>
<script type="module">import * as seqloss from "/index.js"; globalThis.seqloss = seqloss;</script>`;

/** Resolves to the address and a way to stop. */
export async function serve(folder, { isolated = true } = {}) {
  const server = createServer(async ({ url = "/" }, response) => {
    const headers = isolated ? ISOLATED : {};
    const { pathname } = new URL(url, "http://localhost");
    if (pathname === "/") return response.writeHead(200, { ...headers, "Content-Type": TYPES[".html"] }).end(PAGE);
    const file = normalize(join(folder, pathname));
    const type = TYPES[/\.\w+$/.exec(file)?.[0] ?? ""];
    try {
      if (type === undefined || !file.startsWith(normalize(folder) + sep)) throw new Error("not served");
      const body = await readFile(file);
      response.writeHead(200, { ...headers, "Content-Type": type }).end(body);
    } catch {
      response.writeHead(404, headers).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { address: `http://127.0.0.1:${server.address().port}/`, stop: () => server.close() };
}
