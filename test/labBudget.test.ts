import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";

const FOLDER = "dist/lab";
const built = existsSync(`${FOLDER}/index.html`);
if (!built) console.warn("NO BUDGET OF THE LAB HAS BEEN CHECKED: dist/lab is not built");

const pages = built
  ? readdirSync(FOLDER, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith("index.html"))
  : [];

/** The files of a page by the attribute that names them. */
function named(page: string, pattern: RegExp): string[] {
  const html = readFileSync(join(FOLDER, page), "utf8");
  return [...html.matchAll(pattern)].map(([, file]) => normalize(join(dirname(page), file)));
}

const compressed = (file: string) => gzipSync(readFileSync(join(FOLDER, file)), { level: 9 }).length;
const total = (sizes: readonly number[]) => sizes.reduce((sum, size) => sum + size, 0) / 1024;

describe.skipIf(!built)("the lab's pages", () => {
  it.each(pages)("%s carries at most its budget of script", (page) => {
    const scripts = named(page, /(?:src|modulepreload" href)="([^"]+\.js)"/g);
    expect(scripts.length).toBeGreaterThan(1);
    expect(total(scripts.map(compressed))).toBeLessThanOrEqual(page === "index.html" ? 35 : 40); // any screen can stand in a frame
  });

  it("ask for two fonts beforehand, and show text before they are there", () => {
    for (const page of pages) expect(named(page, /rel="preload" as="font"[^>]* href="([^"]+)"/g)).toHaveLength(2);
    const [style] = readdirSync(join(FOLDER, "assets")).filter((file) => file.endsWith(".css"));
    const css = readFileSync(join(FOLDER, "assets", style), "utf8");
    const loaded = css.match(/@font-face\{[^}]*url\([^}]*\}/g) ?? [];
    expect(loaded.length).toBeGreaterThan(2);
    for (const face of loaded) expect(face).toContain("font-display:swap");
  });

  it("carry at most 60 KB of WebAssembly for any engine", () => {
    const scripts = readdirSync(join(FOLDER, "assets")).filter((file) => file.endsWith(".js"));
    let found = 0;
    for (const file of scripts) {
      const text = readFileSync(join(FOLDER, "assets", file), "utf8");
      const modules = [...text.matchAll(/["'`](AGFzbQ[A-Za-z0-9+/=]+)["'`]/g)].map(([, base64]) =>
        Buffer.from(base64, "base64"),
      );
      const bytes = modules.map((module) => brotliCompressSync(module).length);
      found += modules.length;
      expect([file, total(bytes) <= 60]).toEqual([file, true]);
    }
    expect(found).toBeGreaterThan(4);
  });

  it("need at most 140 KB of fonts", () => {
    const fonts = readdirSync(join(FOLDER, "assets")).filter((file) => file.endsWith(".woff2"));
    expect(total(fonts.map((file) => statSync(join(FOLDER, "assets", file)).size))).toBeLessThanOrEqual(140);
  });

  it("name nothing on another host, and hold no script or style of their own", () => {
    for (const page of pages) {
      const html = readFileSync(join(FOLDER, page), "utf8");
      expect(html).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
      expect(html).not.toMatch(/<script(?![^>]*(?:src=|type="application\/json"))/);
      expect(html).not.toMatch(/<[^>]+ (?:style|on[a-z]+)="/);
    }
  });

  it("are all in the list that is kept for offline", () => {
    const worker = readFileSync(join(FOLDER, "sw.js"), "utf8");
    for (const page of pages)
      expect(worker).toContain(JSON.stringify(page.replace(/index\.html$/, "").replaceAll("\\", "/") || "./"));
  });
});
