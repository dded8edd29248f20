import { describe, expect, it } from "vitest";
import { translate } from "../../tasks/translate/translate.js";
import { withSettings } from "./settings.js";

const config = translate.configure({ seed: 1, data: "cmudict" });

describe("train --set", () => {
  it("changes numbers and truths, and leaves the rest", () => {
    const changed = withSettings(config, ["hidden=24", "dropout=0", "tied=true", "teacherForcing=0.8", "hidden=32"]);
    expect(changed).toEqual({ ...config, ...{ hidden: 32, dropout: 0, tied: true, teacherForcing: 0.8 } });
    expect(withSettings(config, [])).toEqual(config);
  });

  it.each([
    ["hidden", "--set hidden: expected name=value"],
    ["=3", "--set =3: expected name=value"],
    ["hiden=3", 'has no setting "hiden" on cmudict. Did you mean hidden?'],
    ["seed=3", 'has no setting "seed" on cmudict. Known: '],
    ["hidden=many", "--set hidden=many: expected a number; the default is 80."],
    ["hidden=", "--set hidden=: expected a number"],
    ["dropout=Infinity", "expected a number; the default is 0.3."],
    ["tied=1", "expected true or false; the default is false."],
  ])("refuses %s", (text, message) => {
    expect(() => withSettings(config, [text])).toThrow(message);
  });
});
