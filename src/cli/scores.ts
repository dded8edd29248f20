import type { Interval, ScoreKind, Scores, Task } from "../../tasks/task.js";

/** "characterErrorRate" → "character error". */
export const scoreName = (name: string): string =>
  name.replace(/Rate$/, "").replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

/** The number alone: a share in hundredths, anything else as it is. */
export const scoreNumber = (value: number, { unit }: ScoreKind, digits = 2): string =>
  (unit === "%" ? 100 * value : value).toFixed(digits);

/** The number with its unit: "2.50 %", "1.94 °C". */
export const scoreText = (value: number, kind: ScoreKind, digits = 2): string =>
  `${scoreNumber(value, kind, digits)} ${kind.unit}`.trimEnd();

/** "2.10 to 2.90" */
export const intervalText = (interval: Interval, kind: ScoreKind): string =>
  interval.map((bound) => scoreNumber(bound, kind)).join(" to ");

/** The kinds of these scores, in the task's order: not every data set of a task has all of its scores. */
export const kindsOf = (scores: Scores, kinds: Task["scores"]): Task["scores"] =>
  Object.fromEntries(Object.entries(kinds).filter(([name]) => name in scores));
