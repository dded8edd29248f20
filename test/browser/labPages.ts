import { existsSync } from "node:fs";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect } from "vitest";
import { createLabServer } from "../../src/cli/labServer.js";
import { launchChromium } from "./chromium.mjs";

export type Skips = { skip(note: string): never };
export type Settings = Parameters<Browser["newContext"]>[0];

export const screens = [
  "",
  "losses/",
  "losses/huberLoss/",
  "losses/crossEntropy/",
  "losses/ctcLoss/",
  "ctc/",
  "train/",
  "gradients/",
  "problems/",
  "quiz/",
  "discuss/",
  "compare/",
  "teach/",
] as const;

/** Waits until the page's script has taken it over. */
export const ready = (page: Page) => page.waitForSelector("#app[data-ready]");

/** A text on the page, waited for. */
export const appears = (page: Page, text: string | RegExp) => page.getByText(text).first().waitFor({ timeout: 15_000 });

/** The built lab behind its own server, and a Chromium, for the tests of a file. */
export class LabUnderTest {
  home = "";
  private browser: Browser | undefined;
  private server: Server | undefined;
  private reason = "dist/lab is not built";

  /** @param runs the folder of the command line's runs */
  constructor(runs = "no-such-folder") {
    beforeAll(async () => {
      if (!existsSync("dist/lab/index.html")) return;
      const server = createLabServer({ folder: "dist/lab", runs });
      this.server = server;
      await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
      this.home = `http://localhost:${(server.address() as AddressInfo).port}/`;
      this.browser = await launchChromium().catch((error: Error) => {
        this.reason = error.message.split("\n")[0];
        return undefined;
      });
    }, 60_000);
    afterAll(async () => {
      await this.browser?.close();
      this.server?.close();
    });
  }

  /** Opens a screen of the lab; skips, saying why, where no Chromium starts. Errors of the page fail the test. */
  readonly onScreen = async (
    test: Skips,
    path: string,
    work: (page: Page) => Promise<void>,
    settings: Settings = {},
  ): Promise<void> => {
    if (this.browser === undefined) {
      console.warn(`NO BROWSER TEST OF THE LAB HAS RUN: ${this.reason}`);
      return test.skip(this.reason);
    }
    const context = await this.browser.newContext({
      viewport: { width: 1440, height: 900 },
      serviceWorkers: "block",
      reducedMotion: "reduce",
      ...settings,
    });
    try {
      const page = await context.newPage();
      const errors: string[] = [];
      page.on("request", (request) => {
        if (!/^(?:data|blob):/.test(request.url()) && !request.url().startsWith(this.home))
          errors.push(`asked ${request.url()}`);
      });
      page.on("pageerror", (error) => errors.push(error.message));
      page.on("console", (message) => {
        if (message.type() === "error" && !/404|ERR_INTERNET_DISCONNECTED/.test(message.text()))
          errors.push(message.text());
      });
      await page.goto(this.home + path);
      await ready(page);
      await work(page);
      expect(errors).toEqual([]);
    } finally {
      await context.close();
    }
  };
}
