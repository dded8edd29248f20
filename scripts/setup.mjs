// Makes a bare clone ready: installs the packages when they are missing or older than the lock file,
// and builds when a source is newer than the last build. Needs only Node and npm.
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));

const modified = (file) => (existsSync(file) ? statSync(file).mtimeMs : 0);

function newest(folder) {
  let time = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name.endsWith(".generated.ts")) continue;
    const path = join(folder, entry.name);
    time = Math.max(time, entry.isDirectory() ? newest(path) : modified(path));
  }
  return time;
}

function npm(...args) {
  console.log(`> npm ${args.join(" ")}`);
  execFileSync("npm", args, { stdio: "inherit", shell: process.platform === "win32" });
}

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`seqloss needs Node 20.19 or newer; this is Node ${process.versions.node}.`);
  process.exit(1);
}
if (modified("node_modules/.package-lock.json") < modified("package-lock.json")) npm("ci");
const sources = Math.max(newest("assembly"), newest("src"), newest("tasks"), modified("package.json"));
if (Math.min(modified("dist/src/index.js"), modified("src/kernels/modules/ctc.generated.ts")) < sources) {
  npm("run", "--silent", "build");
} else if (modified("dist/lab/sw.js") < Math.max(newest("lab"), modified("scripts/build-lab.mjs"))) {
  npm("run", "--silent", "build:lab");
}
