import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { lossCatalogue } from "../index.js";
import { ask } from "./choose.js";
import { questions } from "./chooseQuestions.js";
import { EXIT } from "./failure.js";
import type { Lines } from "./lines.js";

// The built program, as a user runs it; `npm test` builds it first.
const program = fileURLToPath(new URL("../../dist/src/cli/main.js", import.meta.url));

let folder = "";
const files = {
  "tags.csv": `sequence,step,tag\n${Array.from({ length: 60 }, (_, i) => `s${i % 6},${i},${["B", "I", "O"][((i / 6) % 3) | 0]}`).join("\n")}\n`,
  "amounts.csv": "\ufeffday,amount\n1,2.5\n2,3.5\n3,2.75\n",
  "amounts.tsv": "day\tamount\n1\t2.5\n2\t3.5\n",
  "gap.csv": "day,amount\n1,2.5\n2,\n",
  "ragged.csv": "a,b\n1,2\n3\n",
  "head.csv": "a,b\n",
  "mixed.csv": "day,amount\n1,5\n2,n/a\n3,5\n",
  "infinite.csv": "day,amount\n1,5\n2,Infinity\n3,5\n",
  "hex.csv": "day,amount\n1,5\n2,0x10\n3,5\n",
  "code.csv": "day,kind\n1,a\n2,7\n3,b\n",
  "names.csv": "a,a\n1,2\n",
  "steps.csv": "sequence,step,tag\na,1,B\na,1,I\n",
  "unordered.csv": "sequence,step,tag\na,one,B\n",
  "counts.csv": "day,count\n1,3\n2,4\n3,5\n4,4\n",
  "shuffled.csv": `sequence,step,tag\n${Array.from({ length: 61 }, (_, i) => (i * 23) % 61)
    .map((t) => `s,${t},${["B", "I", "O"][t % 3]}`)
    .join("\n")}\n`,
  "text.json": '{"targets": ["hello", "deep"], "inputLengths": [40, 31]}',
};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "seqloss-choose-"));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  writeFileSync(join(folder, "utf16.csv"), Buffer.from("\ufeffa,b\n1,2\n", "utf16le"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function run(args: readonly string[], input = "") {
  const child = spawn(process.execPath, [program, "choose", ...args], { cwd: folder });
  let [out, err] = ["", ""];
  child.stdout.on("data", (chunk) => (out += chunk));
  child.stderr.on("data", (chunk) => (err += chunk));
  child.stdin.on("error", () => {}); // a program that fails early does not read its input
  child.stdin.end(input);
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { code, out, err };
}

const first = (out: string) => out.match(/^1\. (\w+)/m)?.[1];

describe("seqloss choose", () => {
  it.each<[string[], string]>([
    [["text.json"], "ctcLoss"],
    [["amounts.csv"], "meanSquaredError"],
    [["amounts.tsv", "--asymmetric", "3"], "quantileLoss"],
    [["tags.csv"], "crfLoss"],
    [["tags.csv", "--sequence", "step", "--column", "step"], "meanSquaredError"],
    [["--targets", "labels", "--reordered"], "sequenceCrossEntropy"],
    [["--targets", "numbers", "--outliers", "5%"], "huberLoss"],
    [["text.json", "--streaming"], "transducerLoss"],
    [["shuffled.csv"], "crfLoss"],
    [["counts.csv"], "crossEntropy"],
    [["counts.csv", "--targets", "numbers"], "meanSquaredError"],
  ])("%j → %s", async (args, loss) => {
    const { code, out, err } = await run(args);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(first(out)).toBe(loss);
    expect(out).not.toContain("\u001b");
    expect(out).toContain(`seqloss explain ${loss}`);
  });

  it("orders rows by their step: in order each tag follows from the one before it, shuffled it would not", async () => {
    const { facts } = JSON.parse((await run(["shuffled.csv", "--json"])).out);
    expect(facts.neighbours).toBe(1);
  });

  it("names a loss of one's own where asked, and explains the first that has a derivation", async () => {
    const { out } = await run(["--targets", "labels", "--several", "--custom"]);
    expect(out).toMatch(/^1\. customLoss/m);
    expect(out).toMatch(/^2\. combineLosses/m);
    expect(out).toContain("begin with ctcLoss at weight 1");
    expect(out).toContain("seqloss explain ctcLoss");
  });

  it("reads standard input, and prints facts, what was seen and choices as JSON", async () => {
    const { out } = await run(["-", "--json"], '{"sessions": [["a", "b"], ["b", "c"]]}');
    const { facts, seen, choices } = JSON.parse(out);
    expect(facts).toEqual({ targets: "ranking", classes: 3 });
    expect(seen).toEqual(["2 sessions, 4 choices, 3 items"]);
    for (const { loss } of choices) expect(lossCatalogue.has(loss)).toBe(true);
    expect(out.trim().split("\n")).toHaveLength(1);
  });

  it("shows the best four, or all", async () => {
    const four = await run(["--targets", "ranking"]);
    const all = await run(["--targets", "ranking", "--all"]);
    expect(four.out).toContain("3 more with --all.");
    expect(four.out).not.toContain("5. ");
    expect(all.out).toMatch(/^7\. top1Loss/m);
  });

  it.each<[string, string[], string, number, RegExp]>([
    ["nothing to go by", [], "", EXIT.usage, /expected a data file, or --targets with one of numbers/],
    ["unknown targets", ["--targets", "lables"], "", EXIT.usage, /no targets called "lables"\..*Did you mean labels\?/],
    [
      "a share of 3",
      ["--targets", "numbers", "--outliers", "3"],
      "",
      EXIT.usage,
      /--outliers is "3"; expected a share, 0 to 1 or in %/,
    ],
    [
      "an alignment that is neither",
      ["--targets", "labels", "--alignment", "some"],
      "",
      EXIT.usage,
      /--alignment is "some"; expected known, unknown/,
    ],
    ["a missing file", ["none.json"], "", EXIT.missing, /none\.json: no such file/],
    [
      "a column that is not there",
      ["amounts.csv", "--column", "amonut"],
      "",
      EXIT.data,
      /no column "amonut".*Did you mean amount\?/,
    ],
    ["a gap", ["gap.csv"], "", EXIT.data, /gap\.csv: row 3 has nothing in column "amount"/],
    ["a ragged table", ["ragged.csv"], "", EXIT.data, /ragged\.csv: malformed CSV/],
    [
      "a word among numbers",
      ["mixed.csv"],
      "",
      EXIT.data,
      /row 3 has "n\/a" in column "amount", no finite number where/,
    ],
    ["an infinite number", ["infinite.csv"], "", EXIT.data, /row 3 has "Infinity" in column "amount"/],
    ["a number of base 16", ["hex.csv"], "", EXIT.data, /row 3 has "0x10" in column "amount"/],
    [
      "a number among words",
      ["code.csv"],
      "",
      EXIT.data,
      /row 3 has "7" in column "kind", a number where most are words/,
    ],
    ["two columns of one name", ["names.csv"], "", EXIT.data, /there are two columns "a"/],
    ["a step twice", ["steps.csv"], "", EXIT.data, /sequence "a" has step 1 twice/],
    ["a step that is no number", ["unordered.csv"], "", EXIT.data, /row 2 has "one" in column "step"/],
    ["steps of no sequence", ["amounts.csv", "--step", "day"], "", EXIT.usage, /say with --sequence/],
    ["UTF-16", ["utf16.csv"], "", EXIT.data, /utf16\.csv: these bytes are not UTF-8/],
    ["lengths of what", ["-"], '{"targets": ["ab"], "lengths": [9]}', EXIT.data, /a name in data is "lengths"/],
    ["a head alone", ["head.csv"], "", EXIT.data, /expected a head line and at least one row/],
    ["a column of JSON", ["text.json", "--column", "x"], "", EXIT.usage, /go with a \.csv or \.tsv file/],
    ["broken JSON", ["-"], "[1,", EXIT.data, /malformed JSON/],
    ["a number", ["-"], "7", EXIT.data, /expected a list of targets/],
    ["a mixture", ["-"], '[[1,"a"]]', EXIT.data, /numbers or words, not both/],
  ])("refuses %s", async (_, args, input, exit, message) => {
    const { code, out, err } = await run(args, input);
    expect(err).toMatch(message);
    expect(err.trim().split("\n")).toHaveLength(1);
    expect({ code, out }).toEqual({ code: exit, out: "" });
  });
});

describe("the questions", () => {
  const conversation = (answers: readonly string[]) => {
    const asked: string[] = [];
    const left = [...answers];
    const lines: Lines = {
      talks: true,
      ask: async (prompt) => {
        asked.push(prompt);
        return left.shift();
      },
      interrupted: () => false,
      close: () => {},
    };
    return { lines, asked };
  };

  it("ask again until an answer is one, take Enter for not known, and end where the lines do", async () => {
    const quiet = vi.spyOn(process.stdout, "write").mockReturnValue(true);
    const { lines, asked } = conversation(["12", "numbers", "lots", "4 %", "", "", ""]);
    expect(await ask(lines)).toEqual({ targets: "numbers", outliers: 0.04 });
    expect(asked).toHaveLength(7);
    expect(await ask(conversation(["7", "known", "", "", ""]).lines)).toBeUndefined();
    const full = conversation(["7", "unknown", "Shorter", "n", "yes", "", "", "", "y"]);
    expect(await ask(full.lines)).toMatchObject({
      targets: "labels",
      alignment: "unknown",
      length: "shorter",
      reordered: false,
      streaming: true,
      custom: true,
    });
    quiet.mockRestore();
  });

  it("each has a flag of its own", () => {
    expect(new Set(questions.map(({ flag }) => flag)).size).toBe(questions.length);
    expect(new Set(questions.map(({ fact }) => fact)).size).toBe(questions.length);
  });
});
