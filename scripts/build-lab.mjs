// Builds the web app into dist/lab: scripts and styles by Vite, every page prerendered, and a service worker that knows them all.
// Any web server can host the folder, at any path; `seqloss lab` does so on loopback.
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "vite";
import { writeMathFont } from "./math-font.mjs";

const OUT = "dist/lab";
const SERVER = "build/lab";
const NOT_PAGES = ["routes.ts", "prerender.tsx"];
const entries = readdirSync("lab/pages")
  .filter((file) => /\.tsx?$/.test(file) && !file.includes(".test.") && !NOT_PAGES.includes(file))
  .map((file) => file.replace(/\.tsx?$/, ""));

const shared = { root: "lab", base: "./", logLevel: "warn", configFile: false };
const scripts = Object.fromEntries(entries.map((name) => [name, `lab/pages/${name}.ts`]));

await writeMathFont();
await Promise.all([
  build({
    ...shared,
    worker: { format: "es" },
    build: {
      outDir: `../${OUT}`,
      emptyOutDir: true,
      manifest: "manifest.json",
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      rolldownOptions: { input: { ...scripts, lab: "lab/styles/lab.css" } },
    },
  }),
  build({
    ...shared,
    publicDir: false,
    build: {
      outDir: `../${SERVER}`,
      emptyOutDir: true,
      ssr: true,
      minify: false,
      rolldownOptions: { input: { prerender: "lab/pages/prerender.tsx" } },
    },
  }),
]);

const manifest = JSON.parse(readFileSync(join(OUT, "manifest.json"), "utf8"));
rmSync(join(OUT, "manifest.json"));
const style = manifest["styles/lab.css"].file;
const fonts = readdirSync(join(OUT, "assets")).filter((file) => file.endsWith(".woff2"));
const preloaded = fonts.filter((file) => !file.startsWith("math"));

/** The files that a script needs before it runs, itself first. */
function needed(key, seen = new Set()) {
  if (seen.has(key)) return [];
  seen.add(key);
  const { file, imports = [] } = manifest[key];
  return [file, ...imports.flatMap((other) => needed(other, seen))];
}

const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");

function html({ path, entry, title, about, root, body, rest }) {
  const [script, ...others] = needed(`pages/${entry}.ts`);
  const head = [
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    `<title>${escaped(path === "" ? title : `${title} · Loss Lab`)}</title>`,
    `<meta name="description" content="${escaped(about)}">`,
    `<link rel="icon" href="${root}icon.svg">`,
    `<script src="${root}theme.js"></script>`,
    ...preloaded.map(
      (file) => `<link rel="preload" as="font" type="font/woff2" crossorigin href="${root}assets/${file}">`,
    ),
    `<link rel="stylesheet" href="${root}${style}">`,
    `<script type="module" src="${root}${script}"></script>`,
    ...others.map((file) => `<link rel="modulepreload" href="${root}${file}">`),
  ];
  return `<!doctype html>\n<html lang="en">\n<head>\n${head.join("\n")}\n</head>\n<body>\n<div id="app" data-root="${root}">${body}</div>\n<script type="application/json" id="rest">${rest}</script>\n</body>\n</html>\n`;
}

const { prerender } = await import(pathToFileURL(`${SERVER}/prerender.js`).href);
const pages = await prerender();
for (const page of pages) {
  mkdirSync(join(OUT, page.path), { recursive: true });
  writeFileSync(join(OUT, page.path, "index.html"), html(page));
}

const files = readdirSync(OUT, { recursive: true, encoding: "utf8" })
  .filter((file) => statSync(join(OUT, file)).isFile())
  .map((file) => file.replaceAll("\\", "/"))
  .toSorted();
const version = createHash("sha256");
for (const file of files) version.update(file).update(readFileSync(join(OUT, file)));
const precached = files.map((file) => file.replace(/(^|\/)index\.html$/, "$1") || "./");
const worker = readFileSync("lab/serviceWorker.js", "utf8")
  .replace('"VERSION"', JSON.stringify(version.digest("hex").slice(0, 16)))
  .replace('["FILES"]', JSON.stringify(precached));
writeFileSync(join(OUT, "sw.js"), worker);

const compressed = (file) => gzipSync(readFileSync(join(OUT, file)), { level: 9 }).length;
const sizes = entries.map((name) => {
  const bytes = needed(`pages/${name}.ts`).reduce((sum, file) => sum + compressed(file), 0);
  return `${name} ${(bytes / 1024).toFixed(1)}`;
});
const fontBytes = fonts.reduce((sum, file) => sum + statSync(join(OUT, "assets", file)).size, 0);
console.log(
  `${OUT}: ${pages.length} pages; KB of script, compressed: ${sizes.join(", ")}; fonts ${(fontBytes / 1024).toFixed(0)}`,
);
