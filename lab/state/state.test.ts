import { describe, expect, it } from "vitest";
import { Random } from "../../src/index.js";
import { schema as compare } from "../views/compare/screen.js";
import { schema as ctc } from "../views/ctc/screen.js";
import { schema as discuss } from "../views/discuss/screen.js";
import { schema as gradients } from "../views/gradients/screen.js";
import { schema as home } from "../views/home/screen.js";
import { schema as loss } from "../views/losses/screen.js";
import { schema as problems } from "../views/problems/screen.js";
import { schema as quiz } from "../views/quiz/screen.js";
import { schema as teach } from "../views/teach/state.js";
import { schema as train } from "../views/train/state.js";
import type { Schema } from "./fields.js";
import { rows, whole } from "./fields.js";
import { begin, commit, redo, undo } from "./history.js";
import { isLink, relativeLink } from "./lesson.js";
import { fromLink, initialState, toLink } from "./link.js";
import { createStore } from "./store.js";

const schemas: readonly (readonly [string, Schema])[] = Object.entries({
  compare,
  ctc,
  discuss,
  gradients,
  home,
  loss,
  problems,
  quiz,
  teach,
  train,
});

describe.each(schemas)("links of the screen %s", (_, schema) => {
  it("bring back each of 200 random states", () => {
    const random = new Random(11);
    for (let i = 0; i < 200; i++) {
      const state = Object.fromEntries(
        Object.entries(schema).map(([name, field]) => [name, field.draw(() => random.uniform())]),
      );
      const link = toLink(schema, state as never);
      if (link.length <= 8192) expect(fromLink(schema, link)).toEqual(state);
      else expect(fromLink(schema, link)).toEqual(initialState(schema));
    }
  });

  it("have a key for each control, and none twice", () => {
    const keys = Object.values(schema).map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys).not.toContain("v"); // the version of the link
    expect(toLink(schema, initialState(schema))).toBe("");
  });

  it("are read without harm, whatever is in them", () => {
    const start = initialState(schema);
    for (const value of [
      "",
      "NaN",
      "1e999",
      "-1",
      "999999999999999999",
      "<img src=x onerror=alert(1)>",
      "__proto__",
      "[]",
      "[[",
      "1_2;3",
      "\u0000",
      "%E0%A4%A",
      "true",
    ]) {
      const parts = Object.values(schema).map(({ key }) => `${key}=${value}`);
      const state = fromLink(schema, `#v=1&${parts.join("&")}&__proto__=1&nobody=2`);
      expect(Object.keys(state)).toEqual(Object.keys(start));
      expect(fromLink(schema, toLink(schema, state))).toEqual(state);
    }
    expect(fromLink(schema, `#${"x".repeat(9000)}`)).toEqual(start);
  });
});

describe("old links", () => {
  it("of the first version say what they said", () => {
    expect(fromLink(ctc, "#v=1&l=DEEP&t=6&m=alpha")).toMatchObject({ label: "DEEP", frames: 6, view: "alpha" });
    expect(fromLink(ctc, "#v=1&l=AB&w=0.5_0.25_0.25&n=1")).toMatchObject({
      weights: [[0.5, 0.25, 0.25]],
      normalised: true,
    });
    expect(fromLink(loss, "#v=1&i=3&e=3_1.5;0_-2&m=sum")).toMatchObject({
      place: 3,
      edits: [
        [3, 1.5],
        [0, -2],
      ],
      reduction: "sum",
    });
    expect(fromLink(train, "#v=1&t=digits&c=gru&lr=0.02")).toMatchObject({
      task: "digits",
      cell: "gru",
      learningRate: 0.02,
    });
  });
});

describe("fields", () => {
  it("move numbers into their range, and refuse what is none", () => {
    const field = whole("x", 5, 1, 9);
    expect(["0", "12", "7", "7.5", "x", ""].map(field.read)).toEqual([1, 9, 7, undefined, undefined, undefined]);
  });

  it("refuse rows that are too many, too wide or uneven", () => {
    const field = rows("x", [], { rows: 2, width: 2, least: 0, most: 1 });
    expect(field.read("0.5_2;0_1")).toEqual([
      [0.5, 1],
      [0, 1],
    ]);
    for (const text of ["1;1;1", "1_1_1", "1_1;1", "a", "1_"]) expect(field.read(text)).toBeUndefined();
    expect(field.read("")).toEqual([]);
  });

  it("let a lesson lead into the lab alone", () => {
    const home = "http://localhost:1/";
    expect(relativeLink("http://localhost:1/ctc/#v=1&t=3", home)).toBe("ctc/#v=1&t=3");
    expect(isLink("losses/huberLoss/#v=1&e=0_1")).toBe(true);
    for (const bad of [
      "javascript:alert(1)",
      "//evil.example/",
      "https://evil.example/",
      "../x",
      "ctc/../../x",
      "data:text/html,x",
      'ctc/#"><b>',
    ]) {
      expect(relativeLink(bad, home)).toBeUndefined();
    }
  });
});

describe("undo and redo", () => {
  it("go back and forth, and a new change ends the way forth", () => {
    let history = commit(commit(begin(1), 2), 3);
    history = undo(undo(history));
    expect(history.present).toBe(1);
    expect(undo(history)).toBe(history);
    expect(redo(history).present).toBe(2);
    expect(commit(history, 9).future).toEqual([]);
  });

  it("take a whole drag back at once", () => {
    const store = createStore(ctc);
    store.drag({ frames: 9 });
    store.drag({ frames: 10 });
    store.set({ frames: 11 });
    expect(store.state.value.frames).toBe(11);
    store.undo();
    expect(store.state.value.frames).toBe(8);
    expect(store.canUndo.value).toBe(false);
    store.redo();
    expect(store.link.value).toBe("#v=1&t=11");
  });
});
