// Copies docs/ to build/docs as TypeDoc wants it: each page with a front matter that says its title and its children, links to
// files of the repository turned into links to pages of code, and beside each numbered equation a link to its line.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, normalize } from "node:path";
import { equationLines } from "./equations.mjs";

export const STAGE = "build/docs";
const SECTIONS = [
  ["Guides", "guides"],
  ["Derivations", "derivations"],
  ["Decisions", "decisions"],
];
const MEASURED = ["performance.md", "scale.md", "results.md"];
const CODE = /^(?:src|assembly|examples)\/.+\.(?:ts|js)$/;

/** Writes the pages, and returns what they are: their title, what they were made from, and those at the top of the site's menu. */
export function stage() {
  rmSync(STAGE, { recursive: true, force: true });
  const lines = equationLines();
  const code = new Set([...lines.values()].map(({ file }) => file));
  const pages = [];
  const page = (file, children = []) => {
    const text = readFileSync(join("docs", file), "utf8");
    const [, title] = /^# (.+)$/m.exec(text);
    const linked = withCode(withLinks(text, join("docs", file), code), basename(file), lines);
    const body = dirname(file) === "derivations" ? withIndices(linked) : linked;
    write(file, title, children, body);
    pages.push({ title, file: `docs/${file}` });
    return { title, file };
  };
  const list = (entries) => entries.map(({ title, file }) => `- [${title}](./${basename(file)})`).join("\n");

  const top = SECTIONS.map(([title, folder]) => {
    const own = existsSync(join("docs", folder, "README.md"));
    const text = own ? readFileSync(join("docs", folder, "README.md"), "utf8") : "";
    const named = [...text.matchAll(/\]\(([\w-]+\.md)\)/g)].map(([, name]) => name);
    const files = readdirSync(join("docs", folder)).filter((name) => name.endsWith(".md") && name !== "README.md");
    const missing = own ? files.filter((name) => !named.includes(name)) : [];
    if (missing.length > 0) throw new Error(`docs/${folder}/README.md does not name ${missing}`);
    const entries = (own ? named : files).map((name) => page(join(folder, name)));
    const children = entries.map(({ file }) => `./${basename(file)}`);
    if (own) page(join(folder, "README.md"), children);
    else write(join(folder, "README.md"), title, children, list(entries));
    return join(STAGE, folder, "README.md");
  });
  const measured = MEASURED.map((file) => page(file));
  write(
    "measured.md",
    "Measured",
    measured.map(({ file }) => `./${file}`),
    list(measured),
  );
  const sources = [...code].toSorted().map((file) => {
    write(`code/${file}.md`, file, [], `\`\`\`\`ts lines\n${readFileSync(file, "utf8").trimEnd()}\n\`\`\`\``);
    pages.push({ title: file, file });
    return file;
  });
  write(
    "code/README.md",
    "Code",
    sources.map((file) => `./${file}.md`),
    `The lines of code that the [derivations](../derivations/README.md) lead to, and what stands around them.\n\n${sources
      .map((file) => `- [${file}](./${file}.md)`)
      .join("\n")}`,
  );
  for (const name of readdirSync("docs")) if (name.endsWith(".svg")) cpSync(join("docs", name), join(STAGE, name));
  return { pages, top: [...top, join(STAGE, "measured.md"), join(STAGE, "code/README.md")] };
}

function write(file, title, children, body) {
  const target = join(STAGE, file);
  mkdirSync(dirname(target), { recursive: true });
  const nested = children.length === 0 ? "" : `children:\n${children.map((child) => `  - ${child}\n`).join("")}`;
  const heading = body.startsWith("# ") ? "" : `# ${title}\n\n`;
  writeFileSync(target, `---\ntitle: ${JSON.stringify(title)}\n${nested}---\n\n${heading}${body}\n`);
}

/** Links to code become `#code:<file>`, which the finished pages replace; what the site does not hold becomes plain text. */
function withLinks(text, file, code) {
  return text.replace(/(?<!!)\[([^\]]+)\]\(([^)#\s]+)(#[^)\s]*)?\)/g, (link, label, target) => {
    if (/^[a-z]+:/.test(target)) return link;
    const path = normalize(join(dirname(file), target)).replaceAll("\\", "/");
    if (!existsSync(path)) throw new Error(`${file} leads to ${target}, which does not exist`);
    if (CODE.test(path)) {
      code.add(path);
      return `[${label}](#code:${path})`;
    }
    if (path.startsWith("docs/") && path.endsWith(".md")) return link;
    if (SECTIONS.some(([, folder]) => path.replace(/\/$/, "") === `docs/${folder}`))
      return `[${label}](${target}/README.md)`;
    return label;
  });
}

/** Beside each numbered equation, the line that computes it. */
function withCode(text, name, lines) {
  const link = (number, label) => {
    const { file, line } = lines.get(`${name} (${number})`);
    return `<a href="#code:${file}#L${line}">${label ?? `${basename(file)}, line ${line}`}</a>`;
  };
  return text
    .replace(/^```math\n([^`]*?\\tag\{(\d+)\}[^`]*?)```$/gm, (fence, _, number) => {
      return `<div class="equation" id="equation-${number}">\n\n${fence}\n\n<p>${link(number)}</p>\n</div>`;
    })
    .replace(
      /^\| \((\d+)\) /gm,
      (_, number) => `| <span id="equation-${number}">${link(number, `(${number})`)}</span> `,
    );
}

/** Indices and exponents in the running text: α_t, e^−x, r_{t+1}. */
function withIndices(text) {
  const CODE_OR_ADDRESS = /(```[\s\S]*?```|`[^`\n]*`|\]\([^)\n]*\)|<[^>\n]*>)/;
  const shifted = (tag) => (_, index) => `<${tag}>${index.replace(/^\{(.*)\}$/, "$1")}</${tag}>`;
  return text
    .split(CODE_OR_ADDRESS)
    .map((part, i) =>
      i % 2 === 1
        ? part
        : part
            .replace(/(?<=[\p{L}\p{Nd}′)])_(\{[^}]*\}|[\p{L}\p{Nd}∅]+)/gu, shifted("sub"))
            .replace(/(?<=[\p{L}\p{Nd}′)])\^(\{[^}]*\}|[−-]?(?:\([^)]*\)|\|[^|]*\||[\p{L}\p{Nd}]+))/gu, shifted("sup")),
    )
    .join("");
}
