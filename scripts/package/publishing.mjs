// What a registry and an editor need of the package: publint and attw have nothing to say, declaration maps lead to packed
// sources, and `npm publish --dry-run` takes it.
import { readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { formatMessage } from "publint/utils";

/** How TypeScript resolves imports where ECMAScript modules are known; the others cannot load any module of this package. */
const RESOLUTIONS = new Set(["node16-esm", "bundler"]);

export async function check({ root, tarball, files, run, expect }) {
  const bytes = readFileSync(tarball);
  const packed = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);

  const { messages, pkg } = await publint({ pkgDir: "package", pack: { tarball: packed }, strict: true });
  for (const message of messages) console.log(`publint: ${formatMessage(message, pkg)}`);
  expect("publint finds nothing", messages.length === 0);

  const { entrypoints, problems } = await checkPackage(createPackageFromTarballData(new Uint8Array(packed)));
  const found = problems.filter(({ resolutionKind = "bundler" }) => RESOLUTIONS.has(resolutionKind));
  for (const problem of found) console.log("attw:", JSON.stringify(problem));
  const names = Object.keys(entrypoints).filter((name) => name !== "./package.json");
  expect(`attw finds nothing in ${names.join(", ")} (profile: ECMAScript modules only)`, found.length === 0);

  const maps = files.filter((file) => file.endsWith(".d.ts.map"));
  const lost = maps.filter((file) => {
    const { sources } = JSON.parse(readFileSync(join(root, file), "utf8"));
    return !sources.every((source) => files.includes(normalize(join(dirname(file), source)).replaceAll("\\", "/")));
  });
  expect(`${maps.length} declaration maps lead to packed sources`, maps.length > 200 && lost.length === 0);

  const published = JSON.parse(
    run("npm", ["publish", "--dry-run", "--ignore-scripts", "--json"], { cwd: root, stdio: "pipe" }),
  );
  expect("npm publish --dry-run takes it", (published.id ?? published.seqloss?.id) === `${pkg.name}@${pkg.version}`);
  expect("asks for provenance", pkg.publishConfig.provenance === true);
  if (pkg.repository === undefined) {
    console.warn("package: NOT YET READY FOR PROVENANCE: package.json names no repository");
  }
}
