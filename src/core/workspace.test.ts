import { describe, expect, it } from "vitest";
import { type Reused, Workspace, withWorkspace } from "./workspace.js";

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

  it("numbers that are all alike are those of the last time until another one is wanted, -0 for 0 too", () => {
    const workspace = new Workspace();
    const first = workspace.even("a", 3, Float64Array.of(2));
    expect([...first]).toEqual([2, 2, 2]);
    expect(workspace.even("a", 3, Float64Array.of(2))).toBe(first);
    expect([...workspace.even("a", 3, Float64Array.of(0))]).toEqual([0, 0, 0]);
    expect([...workspace.even("a", 3, Float64Array.of(-0))]).toEqual([-0, -0, -0]);
    expect([...workspace.even("a", 2, Float64Array.of(-0))]).toEqual([-0, -0]);
    expect([...workspace.even("a", 5, Float64Array.of(-0))]).toEqual([-0, -0, -0, -0, -0]);
  });

  it("lets objects forget what belongs to a caller, and gives the same ones again", () => {
    class Kept implements Reused {
      numbers = new Float64Array(0);
      forget(): void {
        this.numbers = new Float64Array(0);
      }
    }
    const fill = (workspace: Workspace) => {
      const kept = workspace.object("a", Kept);
      const before = kept.numbers.length;
      kept.numbers = new Float64Array(4);
      return { kept, before };
    };
    const first = withWorkspace(fill, 0, 0, 0, 0);
    expect(first.kept.numbers.length).toBe(0);
    expect(withWorkspace(fill, 0, 0, 0, 0)).toEqual({ kept: first.kept, before: 0 });
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
