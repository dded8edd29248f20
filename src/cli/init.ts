import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { EXIT, Failure } from "./failure.js";
import { toJson } from "./json.js";
import { suggest } from "./suggest.js";
import { classify } from "./templates/classify.js";
import { ctc } from "./templates/ctc.js";
import { page } from "./templates/page.js";
import type { Template } from "./templates/template.js";

const TEMPLATES: Readonly<Record<string, Template>> = { ctc, classify, page };

export interface InitFlags {
  readonly template?: string;
  readonly json?: boolean;
}

/** seqloss init [folder]: a small project that trains at once, to put one's own data into. */
export function init(folder = ".", { template: name = "ctc", json = false }: InitFlags): void {
  if (!Object.hasOwn(TEMPLATES, name)) {
    throw new Failure(EXIT.usage, `there is no template "${name}".${suggest(name, Object.keys(TEMPLATES))}`);
  }
  checkEmpty(folder);
  const files = { ...commonFiles(folder, TEMPLATES[name]), ...TEMPLATES[name].files };
  for (const [file, contents] of Object.entries(files)) {
    const path = join(folder, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, contents, { flag: "wx" });
  }
  if (json) {
    process.stdout.write(`${toJson({ folder, template: name, files: Object.keys(files) })}\n`);
    return;
  }
  const enter = folder === "." ? "" : `  cd ${folder}\n`;
  process.stdout.write(
    `${Object.keys(files).join("\n")}\n\nGo on with:\n${enter}  npm install\n  npm start\n  npm test\n`,
  );
}

function checkEmpty(folder: string): void {
  if (!existsSync(folder)) return;
  if (!statSync(folder).isDirectory()) throw new Failure(EXIT.usage, `${folder}: this is a file; expected a folder.`);
  const [first] = readdirSync(folder).filter((name) => name !== ".git");
  if (first === undefined) return;
  throw new Failure(EXIT.usage, `${folder}: there is ${first} in it already; expected a new or empty folder.`);
}

interface Package {
  readonly version: string;
  readonly devDependencies: Readonly<Record<string, string>>;
}

function commonFiles(folder: string, template: Template): Record<string, string> {
  const { summary, scripts, devDependencies = [], ignored = ["model.safetensors"] } = template;
  const { does = "trains, shows the errors on data that training never saw, writes model.safetensors" } = template;
  const { more = ["`src/main.ts`: how long it trains, and what is printed."] } = template;
  const own: Package = JSON.parse(readFileSync(new URL("../../../package.json", import.meta.url), "utf8"));
  const name = nameOf(folder);
  const pretty = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
  return {
    "package.json": pretty({
      name,
      private: true,
      type: "module",
      scripts: {
        start: "tsc && node dist/src/main.js",
        test: "tsc && node --test dist/test/model.test.js",
        ...scripts,
      },
      dependencies: { seqloss: `^${own.version}` },
      devDependencies: Object.fromEntries(
        ["@types/node", "typescript", ...devDependencies].map((used) => [used, own.devDependencies[used]]),
      ),
    }),
    "tsconfig.json": pretty({
      compilerOptions: {
        target: "ES2022",
        lib: ["ES2023", "DOM"],
        module: "NodeNext",
        types: ["node"],
        strict: true,
        skipLibCheck: true,
        incremental: true,
        rootDir: ".",
        outDir: "dist",
      },
      include: ["src", "test"],
    }),
    ".gitignore": ["node_modules/", "dist/", ...ignored, ""].join("\n"),
    "README.md": `# ${name}

${summary[0].toUpperCase()}${summary.slice(1)}.

    npm install
    npm start     ${does}
    npm test

- \`src/data.ts\`: put your own data here; what is there is made up.
- \`src/model.ts\`: the network, the loss, and how its outputs are read.
${more.map((line) => `- ${line}\n`).join("")}`,
  };
}

/** The folder's name as npm allows it. */
function nameOf(folder: string): string {
  const name = basename(resolve(folder))
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, "-")
    .replace(/^[._-]+|-+$/g, "");
  return name === "" || name === "seqloss" || name === "node_modules" ? "sequence-model" : name;
}
