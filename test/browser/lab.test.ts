import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { grouped, shown } from "../../lab/models/number.js";
import {
  type AlignmentItem,
  chooseLoss,
  ctcAlignments,
  ctcLoss,
  generateProblem,
  huberLoss,
  lectureProblems,
  lossCatalogue,
  quizItem,
  quizItems,
  Random,
  solveProblem,
} from "../../src/index.js";
import { appears, LabUnderTest, ready, screens } from "./labPages.js";

const axe = readFileSync("node_modules/axe-core/axe.min.js", "utf8");
const lab = new LabUnderTest();
const { onScreen } = lab;

/** Presses Tab until what has the focus is called this. */
async function tabTo(page: Page, name: string | RegExp) {
  const seen: string[] = [];
  for (let i = 0; i < 150; i++) {
    await page.keyboard.press("Tab");
    const found = await page.evaluate(() => {
      const element = document.activeElement as HTMLElement & { labels?: NodeListOf<HTMLLabelElement> };
      const labelled = element.getAttribute("aria-labelledby");
      const by = labelled === null ? undefined : document.getElementById(labelled)?.textContent;
      return element.getAttribute("aria-label") ?? by ?? element.labels?.[0]?.textContent ?? element.textContent ?? "";
    });
    seen.push(found.trim().slice(0, 60));
    if (typeof name === "string" ? found.trim() === name : name.test(found)) return;
  }
  throw new Error(`Tab never came to ${name}; it came to ${[...new Set(seen)].join(" | ")}`);
}

const press = async (page: Page, ...keys: string[]) => {
  for (const key of keys) await page.keyboard.press(key);
};

describe("every screen", () => {
  for (const path of screens) {
    it(`/${path} has no fault of access in light and dark, wide and narrow`, async (test) => {
      await onScreen(test, path, async (page) => {
        await page.evaluate(axe);
        for (const width of [1440, 320]) {
          await page.setViewportSize({ width, height: 900 });
          await page.waitForTimeout(150); // boxes see by then whether they scroll
          for (const colorScheme of ["light", "dark"] as const) {
            await page.emulateMedia({ colorScheme });
            const faults = await page.evaluate(async () => {
              // biome-ignore lint/suspicious/noExplicitAny: axe puts itself there
              const { violations } = await (globalThis as any).axe.run();
              return violations.flatMap(({ id, nodes }: { id: string; nodes: { html: string }[] }) =>
                nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`),
              );
            });
            expect({ width, colorScheme, faults }).toEqual({ width, colorScheme, faults: [] });
          }
          expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
        }
      });
    });
  }

  it("has no link that leads nowhere", async (test) => {
    const seen = new Map<string, string>();
    for (const path of screens) {
      await onScreen(test, path, async (page) => {
        for (const address of await page.$$eval("a[href]", (links) =>
          links.map((link) => (link as HTMLAnchorElement).href),
        )) {
          seen.set(address.split("#")[0], path);
        }
      });
    }
    for (const [address, from] of seen)
      expect([from, address, (await fetch(address)).status]).toEqual([from, address, 200]);
  });
});

describe("by keyboard alone", () => {
  it("a label is written, its loss read, and the lattice walked through", async (test) => {
    await onScreen(test, "ctc/", async (page) => {
      await tabTo(page, "Label");
      await press(page, "Control+a");
      await page.keyboard.type("DEEP");
      await tabTo(page, "Frames T, as a number");
      await press(page, "Control+a");
      await page.keyboard.type("5");
      await press(page, "Enter");
      const { "-": blank, D, E, P } = lectureProblems.deep.problem.probabilities;
      const row = [blank, D, E, P].map(Math.log);
      const { value } = ctcLoss([Array.from({ length: 5 }, () => row)], [[1, 2, 2, 3]], { inputs: "scores" });
      await appears(page, `loss ${shown(value, 5)}`);
      await appears(page, "1 alignment of 5 frames reads as DEEP");
      await tabTo(page, /^Lattice\./);
      await press(page, "End", "ArrowUp");
      await appears(page, /^Frame 5, state/);
      await press(page, "Enter", "Home", "ArrowDown", "Enter");
      await appears(page, /^(No|1) alignment passes through both/);
      await press(page, "Escape");
      await tabTo(page, "Play");
      await press(page, "Enter");
      await appears(page, "column 5 of 5");
      await press(page, "Control+z");
      expect(page.url()).toContain("l=DEEP");
    });
  });

  it("an output of a loss is moved, and the loss and its slope follow the library", async (test) => {
    await onScreen(test, "losses/huberLoss/", async (page) => {
      await tabTo(page, "This output, outputs");
      await press(page, "Home", "ArrowRight", "PageUp");
      const read = async () => String(await page.locator(".plot").getAttribute("aria-valuetext"));
      await page.waitForFunction(() =>
        document.querySelector(".plot")?.getAttribute("aria-valuetext")?.startsWith("−3.9: "),
      );
      const { outputs, targets } = lossCatalogue.get("huberLoss")!.example(new Random(1)) as {
        outputs: number[][];
        targets: number[][];
      };
      const round = (lists: number[][]) => lists.map((list) => list.map((x) => Math.round(100 * x) / 100));
      const moved = round(outputs);
      moved[0][0] = -3.9;
      const { value, grad } = huberLoss(moved, round(targets));
      expect(await read()).toBe(`−3.9: loss ${shown(value)}, slope ${shown(grad.data[0])}`);
    });
  });

  it("a term lights up in formula, figure and controls, and its target is changed", async (test) => {
    await onScreen(test, "losses/huberLoss/", async (page) => {
      const lit = () =>
        page.$$eval(".lit", (all) =>
          [...new Set(all.map((one) => one.closest("svg, math, .controls, button")?.nodeName))].toSorted(),
        );
      await tabTo(page, /this output, outputs 2/);
      expect(await lit()).toEqual(["BUTTON", "DIV", "math", "svg"].toSorted());
      await press(page, "Escape");
      expect(await lit()).toEqual([]);
      const { x, y } = await page
        .locator(".step[open] math [data-term=target]")
        .first()
        .evaluate((letter) => {
          letter.scrollIntoView({ block: "center" });
          const { left, top, width, height } = letter.getBoundingClientRect();
          return { x: left + width / 2, y: top + height / 2 };
        });
      await page.mouse.move(x, y);
      expect(await page.locator("svg g.lit .goal").count()).toBe(1);
      await page.locator("svg .point.first").dispatchEvent("pointerover", { bubbles: true });
      expect(await page.locator("math .lit").count()).toBeGreaterThan(0);
      await tabTo(page, "Its target y");
      await press(page, "Control+a");
      await page.keyboard.type("3");
      await press(page, "Enter");
      await page.waitForURL(/y=0_3/);
      await page.getByLabel("quantileLoss").check();
      await page.getByLabel("meanSquaredError").check();
      await page.waitForFunction(() => document.querySelectorAll(".plot text.name").length === 4);
    });
  });

  it("a network is trained, kept and compared", async (test) => {
    await onScreen(test, "train/#v=1&h=12", async (page) => {
      await tabTo(page, "100 steps");
      await press(page, "Enter");
      await appears(page, /^step 100/);
      await tabTo(page, "Keep to compare");
      await press(page, "Enter");
      await appears(page, /^kept 1 /);
      expect(await page.locator(".sample").count()).toBe(3);
    });
  });

  it("two networks are trained side by side, and one is clipped on the way", async (test) => {
    await onScreen(test, "train/#v=1&h=12", async (page) => {
      await tabTo(page, "Train a second network beside it");
      await press(page, "Enter");
      await page.getByRole("radio", { name: "RNN" }).check();
      await tabTo(page, "100 steps");
      await press(page, "Enter");
      await appears(page, /^step 100/);
      await page.getByLabel("Clip the gradient's norm to (0: never), as a number").fill("0.1");
      await press(page, "Enter");
      await appears(page, "clip 0.1 at step 100");
      await page.waitForURL(/b=.*c%3Delman.*x%3D100_1_0\.1/);
      await page.getByRole("button", { name: "100 steps" }).click();
      await appears(page, /^step 200/);
      const ends = await page.locator("figure").first().locator("svg.drawing text").allTextContents();
      expect(ends.filter((text) => /^[AB] \d/.test(text))).toHaveLength(2);
      expect(await page.locator("#verdictA, #verdictB").count()).toBe(2);
      await page.getByRole("button", { name: "From the start" }).click();
      await page.getByRole("button", { name: "100 steps" }).click();
      await appears(page, /^step 100/);
    });
  });

  it("a pole is balanced longer by a network that has been trained", async (test) => {
    await onScreen(test, "train/", async (page) => {
      await page.getByLabel("Task").selectOption("balance");
      await page.getByRole("button", { name: "100 steps" }).click();
      await appears(page, /^The poles stood \d/);
      await page.waitForFunction(() =>
        /step 100/.test(document.querySelector(".player [role=status]")?.textContent ?? ""),
      );
      const title = await page.locator("figure").first().locator("figcaption").textContent();
      const [, first, last] = /stood ([\d.]+) pushes at first, and ([\d.]+)/.exec(String(title))!;
      expect(Number(last)).toBeGreaterThan(1.5 * Number(first));
      await appears(page, /pushes/);
    });
  });

  it("a gradient is predicted and checked", async (test) => {
    await onScreen(test, "gradients/", async (page) => {
      await tabTo(page, /^With ρ/);
      await page.keyboard.type("-4");
      await press(page, "Enter");
      await appears(page, /It is 10 to the/);
    });
  });

  it("a network learns to echo, and an output shows what it looks at", async (test) => {
    await onScreen(test, "gradients/#v=1&h=16&k=gru", async (page) => {
      await tabTo(page, "Train it for 300 steps");
      await press(page, "Enter");
      await appears(page, /^4 steps back, where the answer is, the gradient grew/);
      await tabTo(page, "Letters from a to h");
      await press(page, "Control+a");
      await page.keyboard.type("hagfedcb");
      await tabTo(page, /^Output \d says/);
      await press(page, "End", "ArrowLeft");
      await appears(page, "Output 7 says g, and looks most at the letter 4 steps before, g");
    });
  });

  it("a problem is solved, and the slip is named", async (test) => {
    await onScreen(test, "problems/#v=1&p=meanSquaredError&m=solve&r=5", async (page) => {
      const { value } = solveProblem(generateProblem("meanSquaredError", 5)).at(-2)!; // the sum, given for the mean
      await tabTo(page, /^loss/);
      await page.keyboard.type(String(value));
      await press(page, "Enter");
      await appears(page, "The sum was given; the mean was asked for.");
    });
  });

  it("a question is answered, and why is said", async (test) => {
    const item = quizItems({ seed: 1 }).find(({ kind }) => kind === "choice")!;
    await onScreen(test, `quiz/#v=1&d=${item.id}`, async (page) => {
      await appears(page, item.prompt.slice(0, 40));
      await tabTo(page, "I am sure");
      await press(page, "Shift+Tab", "Space", "Enter");
      await appears(page, /^(Right|Not right)\.$/);
      await appears(page, item.reason.slice(0, 40));
      await appears(page, /^[01] of 1$/);
    });
  });

  it("an alignment is built symbol by symbol, and a wrong one is read back", async (test) => {
    await onScreen(test, "quiz/#v=1&d=path-tightest&r=3", async (page) => {
      const { label, symbols, answer } = quizItem("path-tightest", 3) as AlignmentItem;
      await page.locator(".lattice circle").first().waitFor();
      const merged = Array.from(answer, (symbol) => (symbol === "-" ? label[0] : symbol));
      for (const symbol of merged) {
        await page
          .getByRole("group", { name: "Build it" })
          .getByRole("button", { name: symbol, exact: true })
          .press("Enter");
      }
      expect(symbols).toContain("-");
      await page.getByRole("button", { name: "Answer" }).press("Enter");
      await appears(page, /^It reads as /);
    });
  });

  it("an open question is answered in words, and marked", async (test) => {
    await onScreen(test, "discuss/", async (page) => {
      await tabTo(page, /^Your answer/);
      await page.keyboard.type("A blank separates repeats, and lets a frame say nothing.");
      await tabTo(page, /^I have written/);
      await press(page, "Enter");
      await appears(page, /of \d+ points\./);
      await page.reload();
      await ready(page);
      expect(await page.locator("textarea").inputValue()).toContain("A blank separates");
    });
  });

  it("a loss is chosen", async (test) => {
    await onScreen(test, "", async (page) => {
      await tabTo(page, "The targets are");
      await press(page, "ArrowDown");
      const [first] = chooseLoss({ targets: "ranking" });
      await page.waitForFunction((name) => document.querySelector(".choices h3")?.textContent === name, first.loss);
    });
  });

  it("losses are compared", async (test) => {
    await onScreen(test, "compare/#v=1&n=2&s=20", async (page) => {
      await tabTo(page, "Train them all");
      await press(page, "Enter");
      await appears(page, /^Shown: 10 % outliers, 2 seeds, 20 steps/);
    });
  });

  it("a lesson is written, and read without its answers", async (test) => {
    await onScreen(
      test,
      "teach/",
      async (page) => {
        await tabTo(page, "Begin with an example");
        await press(page, "Enter");
        await appears(page, /^Stop 3/);
        await tabTo(page, "Copy the lesson's link");
        await press(page, "Enter");
        await appears(page, "The link is in the clipboard.");
        const address = await page.evaluate(() => navigator.clipboard.readText());
        await tabTo(page, "See it as a sheet");
        await press(page, "Enter");
        await page.getByLabel("With answers").check();
        await appears(page, /four symbols and a blank/i);
        await page.goto("about:blank");
        await page.goto(address);
        await appears(page, "Three questions on losses");
        await page.locator(".qr path").waitFor();
        expect(await page.getByLabel("With answers").count()).toBe(0);
        expect(decodeURIComponent(address)).not.toContain("Four symbols");
      },
      { permissions: ["clipboard-read", "clipboard-write"] },
    );
  });

  it("a lesson is presented, stop by stop, by its arrow keys", async (test) => {
    await onScreen(test, "teach/", async (page) => {
      await tabTo(page, "Begin with an example");
      await press(page, "Enter");
      await page.getByRole("radio", { name: "Read" }).check();
      await page.locator(".qr path").waitFor();
      await tabTo(page, "Present");
      await press(page, "Enter");
      await appears(page, "1 of 3");
      await press(page, "ArrowRight");
      await page.waitForURL(/ctc\/\?present=1#v=1&l=DEEP/);
      await appears(page, "DEEP in five frames");
      await ready(page);
      await page.getByRole("link", { name: "Back" }).click();
      await appears(page, "1 of 3");
    });
  });

  it("a locked frame shows a state, and nothing to change it with", async (test) => {
    await onScreen(test, "ctc/?embed=locked#v=1&l=DEEP&t=5", async (page) => {
      await appears(page, "1 alignment of 5 frames reads as DEEP");
      for (const hidden of [".bar", "footer", ".controls", ".player"]) {
        for (const one of await page.locator(hidden).all())
          expect([hidden, await one.isVisible()]).toEqual([hidden, false]);
      }
    });
    await onScreen(test, "ctc/?embed#v=1&l=DEEP&t=5", async (page) => {
      expect(await page.getByLabel("Label", { exact: true }).isVisible()).toBe(true);
      expect(await page.locator(".bar").isVisible()).toBe(false);
    });
  });

  it("everything is found from the palette", async (test) => {
    await onScreen(test, "ctc/", async (page) => {
      await press(page, "Control+k");
      await page.waitForFunction(() => document.activeElement?.getAttribute("role") === "combobox");
      await page.keyboard.type("huber");
      await page.getByRole("option", { name: /huberLoss/ }).waitFor();
      await press(page, "Enter");
      await page.waitForURL("**/losses/huberLoss/");
      await ready(page);
      await press(page, "Control+/");
      await appears(page, "undo and redo any control");
      await press(page, "Escape");
      await page.locator("dialog").waitFor({ state: "detached" });
    });
  });
});

describe("what is on the screen", () => {
  it("of the lattice is what the library computes, for states from links", async (test) => {
    await onScreen(test, "ctc/", async (page) => {
      const random = new Random(9);
      for (let i = 0; i < 6; i++) {
        const label = Array.from({ length: 1 + random.integer(4) }, () => "ABC"[random.integer(3)]).join("");
        const symbols = ["", ...new Set(label)];
        const weights = symbols.map(() => Number((0.05 + random.uniform()).toFixed(3)));
        const frames = 8 + random.integer(6);
        const normalised = i % 2 === 1;
        const link = `#v=1&l=${label}&t=${frames}&w=${weights.join("_")}${normalised ? "&n=1" : ""}`;
        const logs = [Array.from({ length: frames }, () => weights.map(Math.log))];
        const ids = [Array.from(label, (symbol) => symbols.indexOf(symbol))];
        const options = { inputs: normalised ? "logits" : "scores" } as const;
        const [set] = ctcAlignments(logs, ids, options);
        await page.evaluate((hash) => (location.hash = hash), link);
        await appears(page, `loss ${shown(ctcLoss(logs, ids, options).value, 5)}`);
        await appears(page, new RegExp(`${grouped(set.count)} alignments? of ${frames} frames`));
        const [best] = set.best(1);
        const path = Array.from(best.path, (k) => symbols[k] || "∅").join("");
        expect(await page.locator("#likeliest ~ table th.path").first().textContent()).toBe(path);
      }
    });
  });

  it("is text, whatever a link says", async (test) => {
    const evil = encodeURIComponent("<img src=x onerror=alert(1)>");
    await onScreen(test, `ctc/#v=1&l=${evil}&t=9999&w=${evil}&c=-5`, async (page) => {
      expect(await page.locator("img").count()).toBe(0);
      expect(await page.getByLabel("Label", { exact: true }).inputValue()).toContain("<img");
      await page.evaluate(() => (location.hash = "#v=1&__proto__=1&t=NaN"));
      await appears(page, "loss 1.3198");
    });
  });

  it("is undone, redone, and kept in the address", async (test) => {
    await onScreen(test, "ctc/", async (page) => {
      await page.getByLabel("Transducer").check();
      await appears(page, "Transducer lattice");
      await page.waitForURL(/f=transducer/);
      await page.getByRole("button", { name: "Undo" }).click();
      await appears(page, "CTC lattice");
      await press(page, "Control+Shift+z");
      await appears(page, "Transducer lattice");
      await page.goBack().catch(() => {});
    });
  });
});

describe("in use", () => {
  it("a number that is written with the mouse is read by the network in training", async (test) => {
    await onScreen(test, "train/#v=1&t=digits&c=gru&h=24&n=1&lr=0.02", async (page) => {
      await page.getByRole("button", { name: "100 steps" }).click();
      await appears(page, /^step 100/);
      const box = (await page.locator(".sheet").boundingBox())!;
      await page.mouse.move(box.x + 60, box.y + 20);
      await page.mouse.down();
      await page.mouse.move(box.x + 62, box.y + 100, { steps: 8 });
      await page.mouse.up();
      await page.waitForFunction(() => document.querySelector(".sheet ~ .result")?.textContent !== "…");
      await page.getByLabel("Or let a hand write it: digits").fill("7");
      await press(page, "Enter"); // the same without a mouse
      await page.waitForFunction(() => (document.querySelector(".sheet path")?.getAttribute("d") ?? "").length > 20);
      await page.locator(".curves").first().focus();
      await press(page, "Home", "+");
      await page.waitForURL(/w=1_5\d/);
      expect(await page.locator(".sample svg.ink").count()).toBe(3);
      await press(page, "0");
      await page.waitForURL((address) => !/[#&]w=/.test(address.hash));
    });
  });
});
