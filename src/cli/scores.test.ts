import { expect, it } from "vitest";
import { intervalText, scoreName, scoreText } from "./scores.js";

it("names scores in words", () => {
  expect(scoreName("characterErrorRate")).toBe("character error");
  expect(scoreName("meanAbsoluteError")).toBe("mean absolute error");
});

it("writes a share in hundredths, and anything else in its unit", () => {
  expect(scoreText(0.125, { unit: "%", better: "less" })).toBe("12.50 %");
  expect(scoreText(0.125, { unit: "%", better: "less" }, 1)).toBe("12.5 %");
  expect(scoreText(2.456, { unit: "°C", better: "less" })).toBe("2.46 °C");
  expect(scoreText(2.456, { unit: "", better: "more" })).toBe("2.46");
  expect(intervalText([0.1, 0.2], { unit: "%", better: "less" })).toBe("10.00 to 20.00");
});
