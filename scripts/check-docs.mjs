// Looks at the built documentation in Chromium: light and dark, wide and narrow; axe has nothing to say, nothing is wider than the
// page, nothing is asked of another host. `--pictures <folder>` leaves pictures there.
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createLabServer } from "../dist/src/cli/labServer.js";
import { launchChromium } from "../test/browser/chromium.mjs";

const SITE = "dist/site";
const PAGES = ["index.html", "documents/Guides.html"];
