// Looks at the built documentation in Chromium, light and dark, wide and narrow: axe finds nothing, no page is wider than its
// window, and nothing is asked of another host. A folder as argument gets pictures.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { launchChromium } from "../test/browser/chromium.mjs";
import { serve } from "../test/browser/serve.mjs";

const PAGES = [
  "index.html",
  "Guides/Coming_from_PyTorch.html",
  "Derivations/CTC.html",
  "Derivations/Ranking_losses.html",
  "Code/src/reference/ctc.ts.html",
  "seqloss.html",
  "seqloss/ctcLoss.html",
];
const LOOKS = [
  ["light", 1440, "light"],
  ["dark", 1440, "dark"],
  ["narrow", 360, "light"],
];
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"];
/** TypeDoc's own: a link in the summary of each part of its menu, and headings of the fourth level after the first. */
const TYPEDOC = { "nested-interactive": { enabled: false }, "heading-order": { enabled: false } };

const [pictures] = process.argv.slice(2);
const axe = readFileSync("node_modules/axe-core/axe.min.js", "utf8");
let browser;
try {
  browser = await launchChromium();
} catch (error) {
  console.warn(`THE DOCUMENTATION HAS NOT BEEN LOOKED AT: ${error.message.split("\n")[0]}`);
  process.exit(0);
}
const { address, stop } = await serve("dist/site");
const faults = [];
for (const [look, width, colorScheme] of LOOKS) {
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme, reducedMotion: "reduce" });
  context.on("request", (request) => {
    if (!request.url().startsWith(address)) faults.push(`${look}: asks for ${request.url()}`);
  });
  for (const name of PAGES) {
    const fault = (text) => faults.push(`${name}, ${look}: ${text}`);
    const page = await context.newPage();
    page.on("pageerror", ({ message }) => fault(message));
    const response = await page.goto(address + name);
    if (response.status() !== 200) fault(`status ${response.status()}`);
    await page.waitForFunction(() => document.body.style.display !== "none");
    await page.waitForSelector("#tsd-nav-container a", { state: "attached" });
    await page.evaluate(() => document.fonts.ready);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    if (wide > 0) fault(`${wide} pixels wider than the window`);
    await page.evaluate(axe);
    const { violations } = await page.evaluate(
      ({ tags, rules }) => window.axe.run({ runOnly: { type: "tag", values: tags }, rules }),
      { tags: RULES, rules: TYPEDOC },
    );
    for (const { id, help, nodes } of violations) {
      fault(`${id}: ${help}: ${nodes.length} times, ${nodes[0].html.slice(0, 160)} ${nodes[0].any[0]?.message ?? ""}`);
    }
    if (pictures !== undefined) {
      await page.screenshot({ path: join(pictures, `${name.replace(/\W+/g, "-")}-${look}.png`) });
    }
    await page.close();
  }
  await context.close();
}
await browser.close();
stop();
for (const fault of faults) console.error(fault);
if (faults.length > 0) process.exit(1);
console.log(`${PAGES.length} pages of the documentation in ${LOOKS.length} looks: nothing to mend`);
