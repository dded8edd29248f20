// Builds the documentation into dist/site, static pages that need no network: TypeDoc writes the API's from the doc comments and
// the others from docs/; formulas become MathML here. A doc comment or a page that leads nowhere fails the build.
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join, posix } from "node:path";
import temml from "temml";
import { Application, Comment, CommentTag, Converter, PageEvent, ReflectionKind } from "typedoc";
import { sectionsOf } from "./docs/sections.mjs";
import { brokenLinks } from "./docs/siteLinks.mjs";
import { stage } from "./docs/stage.mjs";
import { subsetMathFont } from "./math-font.mjs";

const OUT = "dist/site";
const ENTRIES = { "src/index.ts": "seqloss", "src/tfjs/entry.ts": "seqloss/tfjs", "src/runs/entry.ts": "seqloss/runs" };
const FONTS = [
  "@fontsource-variable/atkinson-hyperlegible-next/files/atkinson-hyperlegible-next-latin-wght-normal.woff2",
  "@fontsource-variable/source-serif-4/files/source-serif-4-latin-wght-normal.woff2",
];

const { pages, top } = stage();
/** The part that programs compute with, and the lessons. */
const sections = new Map(["src/train.ts", "src/index.ts"].flatMap((entry) => [...sectionsOf(entry)]));
const app = await Application.bootstrapWithPlugins({
  name: "seqloss",
  entryPoints: Object.keys(ENTRIES),
  tsconfig: "tsconfig.build.json",
  skipErrorChecking: true,
  projectDocuments: top,
  readme: "docs/index.md",
  out: OUT,
  router: "structure",
  customCss: "scripts/docs/site.css",
  favicon: "lab/public/icon.svg",
  disableSources: true,
  hideGenerator: true,
  visibilityFilters: {},
  searchInComments: true,
  searchInDocuments: true,
  sort: ["documents-first", "kind"],
  kindSortOrder: ["Document", "Module", "Function", "Class", "Variable", "Interface", "TypeAlias"],
  categorizeByGroup: false,
  categoryOrder: [...new Set(sections.values())],
  navigation: { includeCategories: true, includeGroups: false, includeFolders: false },
  includeHierarchySummary: false,
  useFirstParagraphOfCommentAsSummary: true,
  validation: { notExported: false, invalidLink: true, invalidPath: true, rewrittenLink: true, notDocumented: false },
  lightHighlightTheme: "github-light-high-contrast",
  darkHighlightTheme: "github-dark-high-contrast",
  highlightLanguages: ["bash", "javascript", "python", "typescript"],
  markdownItLoader: withFormulas,
});
app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
  for (const module of project.children) {
    module.name = ENTRIES[`src/${module.name}.ts`] ?? module.name;
    if (module.name !== "seqloss") continue;
    for (const child of module.children) {
      const comment = child.signatures?.[0].comment ?? child.comment ?? new Comment();
      if (child.signatures === undefined) child.comment = comment;
      else child.signatures[0].comment = comment;
      const text = sections.get(child.name);
      if (text === undefined) throw new Error(`seqloss exports ${child.name} under no heading`);
      comment.blockTags.push(new CommentTag("@category", [{ kind: "text", text }]));
      // a function's page lists its options
      if (child.name.endsWith("Options")) comment.modifierTags.add("@expand");
    }
  }
});

/** Where each reflection that has a page of its own has got to. */
const written = new Map();
app.renderer.on(PageEvent.BEGIN, ({ model, url }) => written.set(model, url));

const project = await app.convert();
if (project === undefined) process.exit(1);
app.validate(project);
rmSync(OUT, { recursive: true, force: true });
await app.generateOutputs(project);
if (app.logger.hasErrors() || app.logger.hasWarnings()) process.exit(1);

finish();
await fonts();
const { broken, checked } = brokenLinks(OUT);
for (const line of broken) console.error(line);
if (broken.length > 0) process.exit(1);
console.log(`${OUT}: ${htmlFiles().length} pages, ${checked} links, none of them broken`);

function htmlFiles() {
  return readdirSync(OUT, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".html"))
    .map((name) => name.replaceAll("\\", "/"));
}

/** A formula of a page becomes MathML; the lines of a page of code can be led to. */
function withFormulas(parser) {
  const { fence } = parser.renderer.rules;
  parser.renderer.rules.fence = (tokens, index, ...rest) => {
    const { info, content } = tokens[index];
    if (info === "math") {
      const formula = temml.renderToString(content, { displayMode: true, throwOnError: true });
      return `<div class="formula" tabindex="0">${formula}</div>`;
    }
    const html = fence(tokens, index, ...rest);
    if (info !== "ts lines") return html;
    return html.replace(/(<code[^>]*>)(.*?)(<\/code>)/s, (_, open, code, close) => {
      const lines = code.trimEnd().split(/<br\s*\/?>|\n/);
      return `${open}${lines.map((line, i) => `<span class="line" id="L${i + 1}">${line || " "}</span>`).join("\n")}${close}`;
    });
  };
}

/** What only the finished pages know: where code, equations and functions have got to. */
function finish() {
  const urls = new Map();
  const documents = new Map();
  for (const document of project.getReflectionsByKind(ReflectionKind.Document)) {
    const page = pages.find(({ title }) => title === document.name);
    if (page !== undefined) documents.set(page.file, written.get(document));
  }
  for (const module of project.children.toReversed()) {
    for (const child of module.children) if (written.has(child)) urls.set(child.name, written.get(child));
  }
  for (const file of htmlFiles()) {
    const to = (target) => posix.relative(posix.dirname(file), target);
    const html = readFileSync(join(OUT, file), "utf8")
      .replace('<div class="col-content">', '<div class="col-content" role="main">')
      .replace('<div class="page-menu">', '<div class="page-menu" role="complementary" aria-label="This page">')
      .replaceAll("<table>", '<table tabindex="0">')
      .replaceAll("<pre>", '<pre tabindex="0">')
      .replaceAll(/href="#code:([^"#]+)(#[^"]*)?"/g, (_, path, line = "") => `href="${to(documents.get(path))}${line}"`)
      .replaceAll(/([a-z-]+\.md) \((\d+)\)(?=[^<]*<\/span>)/g, (text, page, number) => {
        const target = documents.get(`docs/derivations/${page}`);
        return target === undefined ? text : `<a href="${to(target)}#equation-${number}">${text}</a>`;
      })
      .replaceAll(/(<a\b[^>]*>)?<code>(\w+)<\/code>/g, (text, link, name) => {
        const target = urls.get(name);
        if (link !== undefined || target === undefined || target === file) return text;
        return `<a href="${to(target)}"><code>${name}</code></a>`;
      })
      .replaceAll(/<td\b.*?<\/td>/gs, breakable);
    writeFileSync(join(OUT, file), html);
  }
}

/** Long names in the cell of a table may break between their words. */
function breakable(cell) {
  const words = /[_.](?=\w)|[a-z](?=[A-Z])/g;
  return cell.replaceAll(/(?<=<code>)[^<]+(?=<\/code>)/g, (name) => name.replaceAll(words, "$&<wbr>"));
}

async function fonts() {
  const formulas = htmlFiles().flatMap(
    (file) => readFileSync(join(OUT, file), "utf8").match(/<math.*?<\/math>/gs) ?? [],
  );
  const characters = formulas
    .join("")
    .replaceAll(/<[^>]*>/g, "")
    .replaceAll(/&#x([0-9a-f]+);/gi, (_, hex) => String.fromCodePoint(Number.parseInt(hex, 16)));
  writeFileSync(join(OUT, "assets", "math.woff2"), await subsetMathFont(characters));
  for (const font of FONTS) cpSync(join("node_modules", font), join(OUT, "assets", basename(font)));
}
