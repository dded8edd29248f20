// The installed package in Chromium: in an app that Vite builds and serves, in a page without a bundler, which loads the packed
// files as they are, and in a Web Worker in each of them; and the page that `seqloss init` writes.
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build, createServer } from "vite";
import { launchChromium } from "../../test/browser/chromium.mjs";
import { serve } from "../../test/browser/serve.mjs";

const WANTED = "2.549445 2.549445 2.549445 2";
const ISOLATED = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

const worker = (ctc) => `import { ctcLoss, zeros } from "${ctc}";
postMessage(ctcLoss(zeros([1, 3, 4]), [[1, 2]]).value);
`;
const main = (seqloss) => `import { ctcLoss, useThreads, zeros } from "${seqloss}";
const value = () => ctcLoss(zeros([4, 3, 4]), [[1, 2], [1, 2], [1, 2], [1, 2]]).value;
const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
const inWorker = new Promise((done, fail) => {
  worker.onmessage = ({ data }) => done(data);
  worker.onerror = ({ message }) => fail(new Error(message));
});
const alone = value();
const threads = await useThreads(2);
const values = [alone, await inWorker, value()];
globalThis.answer = values.map((x) => x.toFixed(6)).join(" ") + " " + threads;
`;
const page = (head) => `<!doctype html><html lang="en"><title>seqloss</title>${head}</html>\n`;

export async function check({ root, scratch, run, expect }) {
  let browser;
  try {
    browser = await launchChromium();
  } catch (error) {
    console.warn(`package: NO PAGE HAS BEEN CHECKED, Chromium does not start: ${error.message.split("\n")[0]}`);
    return;
  }
  try {
    const app = join(scratch, "app");
    write(app, {
      "index.html": page('<script type="module" src="./main.js"></script>'),
      "main.js": main("seqloss"),
      "worker.js": worker("seqloss/ctc"),
    });
    const vite = { root: app, configFile: false, logLevel: "error" };
    await build({ ...vite, worker: { format: "es" } });
    expect("works in a Vite app, built", (await served(browser, join(app, "dist"))) === WANTED);
    const server = await createServer({ ...vite, server: { host: "127.0.0.1", port: 0, headers: ISOLATED } });
    await server.listen();
    const address = server.resolvedUrls.local[0];
    expect("works in a Vite app, as served while it is written", (await answer(browser, address)) === WANTED);
    await server.close();

    run("npx", ["seqloss", "init", "page", "--template", "page"], { stdio: "pipe" });
    const project = join(scratch, "page");
    for (const name of ["@types", "undici-types"]) {
      symlinkSync(join(root, "node_modules", name), join(scratch, "node_modules", name));
    }
    run("node", [join(root, "node_modules", "typescript", "bin", "tsc")], { cwd: project });
    run("node", ["--test", "dist/test/model.test.js"], { cwd: project });
    await build({ ...vite, root: project, worker: { format: "es" }, build: { outDir: "site" } });
    const learnt = () => /^step 150 .* ([\d.]+) %$/.exec(document.querySelector("#state").textContent)?.[1];
    const wrong = Number(await served(browser, join(project, "site"), learnt));
    expect(`seqloss init writes a page that type-checks, whose network learns: ${wrong} % wrong`, wrong < 5);

    const packed = join(scratch, "node_modules", "seqloss");
    write(packed, {
      "index.html": page('<script type="module" src="./main.js"></script>'),
      "main.js": main("./dist/bundle/index.js"),
      "worker.js": worker("./dist/bundle/ctc.js"),
    });
    expect("works in a page without a bundler", (await served(browser, packed)) === WANTED);
    const imports = JSON.stringify({ imports: { seqloss: "./dist/bundle/index.js" } });
    write(packed, {
      "index.html": page(`<script type="importmap">${imports}</script><script type="module" src="./main.js"></script>`),
      "main.js": main("seqloss"),
    });
    expect("works in a page with an import map", (await served(browser, packed)) === WANTED);
  } finally {
    await browser.close();
  }
}

function write(folder, files) {
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
}

async function served(browser, folder, ask) {
  const { address, stop } = await serve(folder);
  try {
    return await answer(browser, `${address}index.html`, ask);
  } finally {
    stop();
  }
}

/** What the page has to say, as soon as it does; undefined, and the error printed, where it does not. */
async function answer(browser, address, ask = () => globalThis.answer) {
  const tab = await browser.newPage();
  const errors = [];
  tab.on("pageerror", ({ message }) => errors.push(message));
  try {
    await tab.goto(address);
    return await (await tab.waitForFunction(ask, undefined, { timeout: 30_000 })).jsonValue();
  } catch (error) {
    console.log(`package: ${address}: ${[...errors, error.message.split("\n")[0]].join("; ")}`);
    return undefined;
  } finally {
    await tab.close();
  }
}
