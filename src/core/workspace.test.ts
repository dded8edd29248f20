import { describe, expect, it } from "vitest";
import { Workspace, withWorkspace } from "./workspace.js";

describe("Workspace", () => {
  it("gives the same array again, cleared", () => {
    const workspace = new Workspace();
    const first = workspace.float64("a", 4).fill(7);
    const again = workspace.float64("a", 4);
    expect(again).toBe(first);
    expect([...again]).toEqual([0, 0, 0, 0]);
  });

  it("a shorter one lies in the same memory, cleared; a longer one, or another name, does not", () => {
    const workspace = new Workspace();
    const first = workspace.int32("a", 4).fill(7);
    const shorter = workspace.int32("a", 3);
    expect(shorter.buffer).toBe(first.buffer);
    expect([...shorter]).toEqual([0, 0, 0]);
    expect(workspace.int32("a", 5).buffer).not.toBe(first.buffer);
    expect(workspace.int32("b", 4).buffer).not.toBe(first.buffer);
  });

  it("keeps no array of more than 32 MiB", () => {
    const workspace = new Workspace();
    const large = workspace.uint8("a", 2 ** 25 + 1);
    expect(workspace.uint8("a", 2 ** 25 + 1) === large).toBe(false);
  });
});

describe("withWorkspace", () => {
  it("lends the same one to calls in turn, another one to a call within, also after a throw", () => {
    const lent = (work: (workspace: Workspace) => Workspace) => withWorkspace(work, 0, 0, 0, 0);
    const outer = lent((workspace) => {
      expect(() =>
        lent((inner) => {
          expect(inner).not.toBe(workspace);
          throw new Error("within");
        }),
      ).toThrow("within");
      return workspace;
    });
    expect(lent((workspace) => workspace)).toBe(outer);
  });
});
