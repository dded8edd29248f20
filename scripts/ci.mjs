// Runs the project's checks one after another and closes with "N passed, N failed": the tests that Vitest counts,
// and one for each further check. A failing check does not stop the others.
import { spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";

const results = "build/test-results.json";
rmSync(results, { force: true });
let passed = 0;
let failed = 0;

function check(name, command, ...args) {
  const start = Date.now();
  console.log(`\n=== ${name}: ${command} ${args.join(" ")}`);
  const { status } = spawnSync(command, args, { stdio: "inherit", shell: process.platform === "win32" });
  const seconds = ((Date.now() - start) / 1000).toFixed(1);
  console.log(`=== ${name}: ${status === 0 ? "passed" : "FAILED"} in ${seconds} s`);
  return status === 0;
}

function count(ok) {
  if (ok) passed++;
  else failed++;
}

const testsPassed = check(
  "tests",
  "npm",
  "test",
  "--",
  "--reporter=default",
  "--reporter=json",
  `--outputFile.json=${results}`,
);
try {
  const { numPassedTests, numFailedTests, numFailedTestSuites } = JSON.parse(readFileSync(results, "utf8"));
  passed += numPassedTests;
  failed += numFailedTests;
  if (!testsPassed && numFailedTests === 0) failed += Math.max(numFailedTestSuites, 1);
} catch {
  console.log("the test runner left no results");
  failed++;
}
count(check("lint and format", "npm", "run", "--silent", "lint"));
count(check("types", "npm", "run", "--silent", "types"));
count(check("package", "node", "scripts/check-package.mjs"));
count(check("documentation", "npm", "run", "--silent", "docs"));
count(check("documentation in Chromium", "node", "scripts/check-docs.mjs"));

console.log(`\n${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
