import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { anchorsIn, equationLines, equationsIn } from "../scripts/docs/equations.mjs";

describe("equations of the derivations", () => {
  it("each has its line of code, and no line names an equation that is not there", () => {
    expect(equationLines().size).toBeGreaterThan(60);
  });

  it("are numbered by tags and by rows of tables", () => {
    expect(equationsIn("```math\nx = 1 \\tag{1}\n```\n\n| (2) hinge | max |\n")).toEqual([1, 2]);
  });

  it("a line that two places claim is refused", () => {
    const folder = mkdtempSync(join(tmpdir(), "seqloss-anchors-"));
    try {
      writeFileSync(join(folder, "a.ts"), "let a = 1; // eq. 6; page.md (1)\n");
      expect([...anchorsIn(folder).keys()]).toEqual(["page.md (1)"]);
      writeFileSync(join(folder, "b.ts"), "let b = 1; // page.md (1)\n");
      expect(() => anchorsIn(folder)).toThrow("page.md (1) has another line");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
