// Pictures of each screen of the lab for the documentation, as docs/images/lab-*.png: light and dark, and narrow. Needs a build.
import { mkdirSync, statSync } from "node:fs";
import { createLabServer } from "../dist/src/cli/labServer.js";
import { launchChromium } from "../test/browser/chromium.mjs";

const trainTo = (steps, then) => async (page) => {
  await page.getByRole("button", { name: "Train", exact: true }).click();
  await page.waitForFunction(
    (least) =>
      Number(/step (\d+)/.exec(document.querySelector(".player [role=status]")?.textContent ?? "")?.[1]) >= least,
    steps,
    { timeout: 120_000 },
  );
  await page.getByRole("button", { name: "Pause" }).click();
  await then?.(page);
  await page.evaluate(() => scrollTo(0, 0));
};

/** The part of a page that lies further down, its heading at the top. */
const downTo = (selector) => (page) =>
  page.evaluate((at) => {
    const { top } = document.querySelector(at).getBoundingClientRect();
    scrollTo(0, top - 72);
  }, selector);

/** Writes a 7 and a 4 on the sheet. */
async function draw(page) {
  const box = await page.locator(".sheet").boundingBox();
  const stroke = async (...points) => {
    const [first, ...others] = points.map(([x, y]) => [box.x + x * box.width, box.y + y * box.height]);
    await page.mouse.move(...first);
    await page.mouse.down();
    for (const point of others) await page.mouse.move(...point, { steps: 6 });
    await page.mouse.up();
  };
  await stroke([0.22, 0.2], [0.42, 0.2], [0.3, 0.82]);
  await stroke([0.6, 0.2], [0.5, 0.58], [0.72, 0.58]);
  await stroke([0.66, 0.4], [0.65, 0.84]);
  await page.waitForTimeout(300);
}

const screens = [
  ["home", ""],
  ["losses", "losses/"],
  ["loss", "losses/huberLoss/#v=1&vs=meanSquaredError"],
  ["ctc", "ctc/"],
  ["ctc-pins", "ctc/#v=1&i=25_62&c=62&z=1", downTo("figure")],
  ["ctc-step", "ctc/#v=1&m=alpha&p=5&c=49"],
  ["train", "train/#v=1&t=digits&c=gru&h=48&n=3&g=5", trainTo(450, draw)],
  ["train-pair", "train/#v=1&b=c%3Delman%26x%3D200_0_0.05&e=B", trainTo(400)],
  ["train-pole", "train/#v=1&t=balance&c=gru&h=16&n=16", trainTo(120)],
  ["gradients", "gradients/"],
  ["gradients-learning", "gradients/", downTo("section[aria-label=Training]")],
  ["problems", "problems/"],
  ["quiz", "quiz/#v=1&t=ctc"],
  ["discuss", "discuss/"],
  ["compare", "compare/"],
  ["teach", "teach/"],
  [
    "present",
    "teach/",
    async (page) => {
      await page.getByRole("button", { name: "Begin with an example" }).click();
      await page.getByRole("radio", { name: "Read" }).check();
      await page.getByRole("button", { name: "Present" }).click();
      await page.getByRole("link", { name: "Next" }).click();
      await page.waitForURL(/present=1/);
      await page.waitForSelector(".presenter");
    },
  ],
  [
    "lesson",
    "teach/",
    async (page) => {
      await page.getByRole("button", { name: "Begin with an example" }).click();
      await page.getByRole("radio", { name: "Read" }).check();
      await page.waitForSelector(".qr path");
      await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
    },
  ],
];
const looks = [
  ["light", { width: 1440, height: 900 }, "light"],
  ["dark", { width: 1440, height: 900 }, "dark"],
  ["narrow", { width: 320, height: 720 }, "light"],
];

const chosen = process.argv.slice(2);
mkdirSync("docs/images", { recursive: true });
const server = createLabServer({ folder: "dist/lab", runs: "runs" });
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const browser = await launchChromium();
for (const [look, viewport, colorScheme] of looks) {
  for (const [name, path, act] of screens) {
    if (chosen.length > 0 && !chosen.includes(name)) continue;
    const context = await browser.newContext({
      viewport,
      colorScheme,
      reducedMotion: "reduce",
      serviceWorkers: "block",
    });
    const page = await context.newPage();
    await page.goto(`http://localhost:${server.address().port}/${path}`);
    await page.waitForSelector("#app[data-ready]");
    await page.evaluate(() => document.fonts.ready);
    await act?.(page);
    const file = `docs/images/lab-${name}-${look}.png`;
    await page.screenshot({ path: file });
    console.log(file, `${(statSync(file).size / 1024).toFixed(0)} KB`);
    await context.close();
  }
}
await browser.close();
server.close();
