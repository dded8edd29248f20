import { existsSync, readFileSync } from "node:fs";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createLabServer } from "../../src/cli/labServer.js";
import {
  crossEntropy,
  ctcAlignments,
  ctcLoss,
  huberLoss,
  lectureProblems,
  lossCatalogue,
  quizItems,
  solveProblem,
} from "../../src/index.js";
import { launchChromium } from "./chromium.mjs";

const built = existsSync("dist/lab/index.html");
const axe = readFileSync("node_modules/axe-core/axe.min.js", "utf8");
const screens = ["", "losses/", "losses/huberLoss/", "losses/crossEntropy/", "losses/ctcLoss/", "ctc/", "train/", "gradients/", "problems/", "quiz/", "discuss/", "compare/", "teach/"];

let browser: Browser | undefined;
let server: Server;
let home = "";
let reason = built ? "" : "dist/lab is not built";

beforeAll(async () => {
  if (!built) return;
  server = createLabServer({ folder: "dist/lab", runs: "no-such-folder" });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  home = `http://localhost:${(server.address() as AddressInfo).port}/`;
  browser = await launchChromium().catch((error: Error) => {
    reason = error.message.split("\n")[0];
    return undefined;
  });
}, 60_000);
afterAll(async () => {
  await browser?.close();
  server?.close();
});

type Skips = { skip(note: string): never };
type Settings = Parameters<Browser["newContext"]>[0];

/** Opens a screen of the lab; skips, saying why, where no Chromium starts. Errors of the page fail the test. */
async function onScreen(test: Skips, path: string, work: (page: Page) => Promise<void>, settings: Settings = {}) {
  if (browser === undefined) {
    console.warn(`NO BROWSER TEST OF THE LAB HAS RUN: ${reason}`);
    return test.skip(reason);
  }
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, serviceWorkers: "block", reducedMotion: "reduce", ...settings });
  try {
    const page = await context.newPage();
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error" && !message.text().includes("404")) errors.push(message.text());
    });
    await page.goto(home + path);
    await ready(page);
    await work(page);
    expect(errors).toEqual([]);
  } finally {
    await close(context);
  }
}

const close = (context: BrowserContext) => context.close();
const ready = (page: Page) => page.waitForSelector("#app[data-ready]");

/** Waits until the worker has answered the state that the page now has. */
async function settled(page: Page) {
  await page.waitForTimeout(120);
  await ready(page);
}

describe("every screen", () => {
  for (const path of screens) {
    for (const colorScheme of ["light", "dark"] as const) {
      for (const width of [1440, 320]) {
        it(`/${path} has no fault of access, ${colorScheme}, ${width} px wide`, async (test) => {
          await onScreen(
            test,
            path,
            async (page) => {
              await page.evaluate(axe);
              const faults = await page.evaluate(async () => {
                // biome-ignore lint/suspicious/noExplicitAny: axe puts itself there
                const { violations } = await (globalThis as any).axe.run();
                return violations.flatMap((one: { id: string; nodes: { html: string; failureSummary: string }[] }) =>
                  one.nodes.map((node) => `${one.id}: ${node.html.slice(0, 160)}`),
                );
              });
              expect(faults).toEqual([]);
              expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
            },
            { viewport: { width, height: 900 }, colorScheme },
          );
        });
      }
    }
  }

  it("has no link that leads nowhere", async (test) => {
    const seen = new Map<string, string>();
    for (const path of screens) {
      await onScreen(test, path, async (page) => {
        for (const address of await page.$$eval("a[href]", (links) => links.map((link) => (link as HTMLAnchorElement).href))) {
          seen.set(address.split("#")[0], path);
        }
      });
    }
    for (const [address, from] of seen) expect([from, address, (await fetch(address)).status]).toEqual([from, address, 200]);
  });
});
