// A Chromium for tests and benchmarks: the one that CHROME_PATH names, the system's, or the one of @sparticuz/chromium, which
// unpacks itself and what it needs.
import { existsSync } from "node:fs";
import { chromium } from "playwright-core";

const SYSTEM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
];

/** WebGL and WebGPU computed by the processor, for machines without a graphics card. */
export const SOFTWARE_GRAPHICS = [
  "--use-gl=angle",
  "--use-angle=swiftshader",
  "--enable-unsafe-swiftshader",
  "--ignore-gpu-blocklist",
  "--enable-unsafe-webgpu",
  "--use-webgpu-adapter=swiftshader",
];

/** Starts it headless, with further arguments. @throws Error that says what was tried */
export async function launchChromium(further = []) {
  const args = [...ARGUMENTS, ...further].filter((argument) => further.length === 0 || argument !== "--disable-gpu");
  const found = process.env.CHROME_PATH ?? SYSTEM.find(existsSync);
  if (found !== undefined) return chromium.launch({ executablePath: found, args });
  process.env.AWS_EXECUTION_ENV ??= "AWS_Lambda_nodejs22.x"; // makes the package bring its own libraries and fonts
  const { default: packaged } = await import("@sparticuz/chromium");
  const executablePath = await packaged.executablePath();
  return chromium.launch({ executablePath, args });
}
