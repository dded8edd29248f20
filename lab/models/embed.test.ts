import { describe, expect, it } from "vitest";
import { embedCode, withQuery } from "./embed.js";

describe("the code of a frame", () => {
  it("names the state, and says whether it can be changed", () => {
    const given = { home: "https://example.org/lab/", link: "ctc/#v=1&l=AB", title: "AB", locked: false };
    expect(embedCode(given)).toContain('src="https://example.org/lab/ctc/?embed#v=1&amp;l=AB"');
    expect(embedCode({ ...given, locked: true })).toContain("ctc/?embed=locked#v=1");
    expect(withQuery("train/", "present=2")).toBe("train/?present=2");
  });

  it("cannot be left by what a lesson says", () => {
    const code = embedCode({ home: "https://a.b/", link: "quiz/", title: '"><script>x</script>', locked: false });
    expect(code).not.toContain("<script");
    expect(code.match(/"/g)).toHaveLength(10);
  });
});
