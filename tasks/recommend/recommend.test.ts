import { describe, expect, it } from "vitest";
import { Random } from "../../src/index.js";
import { countBaselines, countItems } from "./baselines.js";
import { entree, parseRestaurants, parseSessions } from "./entree.js";
import { drawItems } from "./losses.js";
import { openings, splitMoves, splitOpenings } from "./openings.js";
import { rankAll } from "./ranks.js";
import { recommend } from "./recommend.js";
import { report, scoresOf } from "./report.js";
import type { Session } from "./sessions.js";

const session = (items: number[], operations = items.map(() => 0), from = 1): Session => ({ items, operations, from });

describe("Entree's sessions", () => {
  const names = parseRestaurants("0000000\tMoti Mahal\t214\n0000001\tVillage\t026\r\n0000003\tArun's\t1\n");
  const lines = [
    "1996-09-07T11:02:23\t95\t0\t1M 1L 0L\t3",
    "1998-09-30T23:59:59\t96\t12C\t3Q\t0",
    "1998-10-01T00:00:00\t97\t0\t0L 0L\t0",
    "1998-12-31T00:00:00\t98\t0\t0N 3L 0L\t-1",
    "1999-01-01T00:00:00\t99\t0\t0P\t1",
  ];

  it("are restaurants, each unlike the one before it, with the operation that led away", () => {
    expect(names).toEqual(["Moti Mahal", "Village", "restaurant 2", "Arun's"]);
    const { train, operations } = parseSessions(lines.join("\n"), names, "x.tsv");
    expect(train[0]).toMatchObject({ items: [1, 0, 3], from: 1 });
    expect(train[0].operations.slice(0, 2).map((id) => operations[id])).toEqual(["browse", "browse"]);
    expect(train[1].items).toEqual([3, 0]);
    expect(operations[train[1].operations[0]]).toBe("creative");
  });

  it("are split by time; those of one restaurant are left out", () => {
    const parts = parseSessions(lines.join("\r\n"), names, "x.tsv");
    expect(parts.validation.map(({ items }) => items)).toEqual([[0, 3, 0]]);
    expect(parts.test.map(({ items }) => items)).toEqual([[0, 1]]);
  });

  it.each([
    ["1996\t95\t0\t1M", "too few cells"],
    ["1996\t95\t0\t1Z\t3", "an operation that there is not"],
    ["1996\t95\t0\t4M\t3", "a restaurant that there is not"],
    ["1996\t95\t0\tM\t3", "no restaurant"],
    ["1996\t95\t0\t1M\tx", "no end point"],
  ])("refuse %j: %s", (line) => {
    expect(() => parseSessions(`${lines[0]}\n${line}\n`, names, "x.tsv")).toThrow("line 2 of x.tsv");
  });

  it("are written by a person as names or numbers with commas between", () => {
    const sessions = parseSessions(lines.join("\n"), names, "x.tsv");
    const cheaper = sessions.operations.indexOf("cheaper");
    expect(entree.read("moti mahal cheaper, 3,Vill", sessions)).toEqual({
      items: [0, 3, 1],
      operations: [cheaper, 0, 0],
    });
    for (const wrong of ["", "Nowhere", "4", "cheaper"]) {
      expect(() => entree.read(wrong, sessions)).toThrow("expected restaurants with commas between");
    }
  });
});

describe("chess openings", () => {
  const sessions = openings.load();

  it("are moves without numbers", () => {
    expect(splitMoves("1. e4 e5 2.Nf3 2... Nc6")).toEqual(["e4", "e5", "Nf3", "Nc6"]);
    const read = openings.read("1. e4 e5 2. Nf3", sessions);
    expect(read.items.map((item) => sessions.items[item])).toEqual(["e4", "e5", "Nf3"]);
    expect(() => openings.read("e4 Ke9", sessions)).toThrow("expected moves that openings make");
  });

  it("count a move once, and only where no opening trained on goes on alike", () => {
    const known = new Set(sessions.train.flatMap(({ items }) => items.map((_, t) => items.slice(0, t + 1).join(" "))));
    for (const part of [sessions.validation, sessions.test]) {
      const counted = part.flatMap(({ items, from }) =>
        items.slice(from).map((_, n) => items.slice(0, from + n + 1).join(" ")),
      );
      expect(counted.length).toBeGreaterThan(300);
      expect(new Set(counted).size).toBe(counted.length);
      expect(counted.some((line) => known.has(line))).toBe(false);
    }
  });

  it("leave out one that is the beginning of another", () => {
    const lines = Array.from({ length: 40 }, (_, n) => ["e4", "e5", `m${n}`]).flatMap((line) => [
      line.slice(0, 2),
      line,
    ]);
    const { train } = splitOpenings(lines);
    expect(train.every(({ items }) => items.length === 3)).toBe(true);
  });
});

describe("baselines", () => {
  const train = [session([0, 1, 2], [1, 0, 0]), session([0, 1]), session([0, 3], [2, 0])];
  const baselines = countBaselines(train, 5);
  const first = (name: string, items: number[], operations = items.map(() => 0)) => {
    const scores = baselines[name](items, operations);
    return scores.indexOf(Math.max(...scores));
  };

  it("count by hand", () => {
    expect(Array.from(countItems(train, 5))).toEqual([3, 2, 1, 1, 0]);
    expect(first("popularity", [2])).toBe(0);
    expect(first("what followed the last item (Markov)", [3, 0])).toBe(1);
    expect(first("what followed the last item (Markov)", [1])).toBe(2);
    expect(first("what followed the last item and operation", [0], [2])).toBe(3);
    // together once, in 2 and 1 sessions: 1 / √2, more than 2 / √6 with item 0
    const cosine = baselines["item-item cosine"]([1], [0]);
    expect(cosine[0]).toBeCloseTo(2 / Math.sqrt(6), 5);
    expect(cosine[2]).toBeCloseTo(1 / Math.sqrt(2), 5);
  });

  it("are ranked from the first place that counts", () => {
    const ranks = rankAll(baselines["what followed the last item (Markov)"], [
      session([0, 1, 2]),
      session([0, 1, 4], undefined, 2),
    ]);
    expect(ranks.map((row) => Array.from(row))).toEqual([[1, 1], [5]]);
  });
});

describe("drawing", () => {
  it("draws each item as often as its weight says, and never one without", () => {
    const drawn = drawItems([0, 1, 3, 0], 4000, new Random(2));
    const share = (item: number) => drawn.filter((one) => one === item).length / drawn.length;
    expect([share(0), share(3)]).toEqual([0, 0]);
    expect(share(2)).toBeCloseTo(0.75, 1);
  });
});

describe("the report", () => {
  it("scores ranks, with intervals from whole sessions", () => {
    const ranks = [[1, 2], [40], [4]];
    expect(scoresOf(ranks)).toEqual({ recall: 0.75, meanReciprocalRank: 1.75 / 4 });
    const sessions = [session([0, 1, 2]), session([1, 2]), session([2, 1])];
    const baseline = { name: "popularity", ranks: [[9, 9], [9], [9]] };
    const { table, on, intervals } = report(openings, sessions, ranks, [baseline], []);
    expect(on).toBe("4 next moves of 3 unseen sessions, ranked among all");
    expect(table.slice(1)).toEqual([
      ["the network", "25.0 %", "75.0 %", "75.0 %", "0.438"],
      ["popularity", "0.0 %", "0.0 %", "100.0 %", "0.111"],
    ]);
    expect(intervals?.recall[0]).toBeLessThan(0.75);
    expect(intervals?.recall[1]).toBe(1);
  });
});

describe("the task", () => {
  const opened = (loss: string, steps: number) =>
    recommend.open(recommend.configure({ seed: 2, loss, steps, data: "chess-openings" }));

  const trained = (loss: string, steps: number) => {
    const task = opened(loss, steps);
    while (task.trainer.taken < steps) task.trainer.step(task.batch(task.trainer.taken));
    return task.validate();
  };
  const { train, validation, items } = openings.load();
  const counted = countBaselines(train, items.length);

  it("learns with cross-entropy to rank moves of unseen openings above what counting does", () => {
    const { recall, meanReciprocalRank } = trained("crossEntropy", 240);
    for (const baseline of Object.values(counted)) {
      const other = scoresOf(rankAll(baseline, validation));
      expect(recall).toBeGreaterThan(other.recall);
      expect(meanReciprocalRank).toBeGreaterThan(other.meanReciprocalRank);
    }
  });

  it.each(recommend.losses.slice(1))("learns with %s to rank them above the popular ones", (loss) => {
    const { recall, meanReciprocalRank } = trained(loss, 140);
    const popular = scoresOf(rankAll(counted.popularity, validation));
    expect(recall).toBeGreaterThan(popular.recall);
    expect(meanReciprocalRank).toBeGreaterThan(popular.meanReciprocalRank);
  });

  it("a resumed run draws the same negatives and goes on alike", () => {
    const whole = opened("bprMaxLoss", 20);
    const first = opened("bprMaxLoss", 20);
    const second = opened("bprMaxLoss", 20);
    for (let n = 0; n < 8; n++) whole.trainer.step(whole.batch(n));
    for (let n = 0; n < 4; n++) first.trainer.step(first.batch(n));
    second.trainer.restore(first.trainer.state());
    for (let n = 4; n < 8; n++) second.trainer.step(second.batch(n));
    expect(second.trainer.state()).toEqual(whole.trainer.state());
  });

  it("lists what may come next, with probabilities where the loss makes some", () => {
    const { reading, truth, texts } = opened("crossEntropy", 5).predict("e4 e5 Nf3");
    expect(truth).toBe("e4 e5 Nf3");
    expect(reading.split("\n")).toHaveLength(5);
    expect(reading).toMatch(/^\S+ +\d+\.\d %$/m);
    expect(texts?.reading).toBe("next, and how likely");
    expect(opened("bprLoss", 5).predict("e4").reading).toMatch(/^\S+ +-?\d+\.\d\d$/m);
  });
});
