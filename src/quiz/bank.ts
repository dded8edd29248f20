import { choosing } from "./bank/choosing.js";
import { ctc } from "./bank/ctc.js";
import { curves } from "./bank/curves.js";
import { gradients } from "./bank/gradients.js";
import { lecture } from "./bank/lecture.js";
import { margin } from "./bank/margin.js";
import { paths } from "./bank/paths.js";
import { regression } from "./bank/regression.js";
import { reward } from "./bank/reward.js";
import { terminal } from "./bank/terminal.js";
import { tokens } from "./bank/tokens.js";
import { wrongSteps } from "./bank/wrongSteps.js";
import { quizTopics } from "./item.js";
import { ctc as ctcNumbers } from "./numeric/ctc.js";
import { ctcCounts } from "./numeric/ctcCounts.js";
import { gradients as gradientNumbers } from "./numeric/gradients.js";
import { lecture as lectureNumbers } from "./numeric/lecture.js";
import { margin as marginNumbers } from "./numeric/margin.js";
import { metrics as metricNumbers } from "./numeric/metrics.js";
import { ranking } from "./numeric/ranking.js";
import { regression as regressionNumbers } from "./numeric/regression.js";
import { reward as rewardNumbers } from "./numeric/reward.js";
import { sequences } from "./numeric/sequences.js";
import { structured as structuredNumbers } from "./numeric/structured.js";
import { tokens as tokenNumbers } from "./numeric/tokens.js";
import type { Template } from "./template.js";

const everything = () => [
  ...lecture(),
  ...lectureNumbers(),
  ...terminal(),
  ...regression(),
  ...regressionNumbers(),
  ...tokens(),
  ...tokenNumbers(),
  ...sequences(),
  ...margin(),
  ...marginNumbers(),
  ...structuredNumbers(),
  ...ctc(),
  ...ctcCounts(),
  ...ctcNumbers(),
  ...reward(),
  ...rewardNumbers(),
  ...ranking(),
  ...gradients(),
  ...gradientNumbers(),
  ...metricNumbers(),
  ...choosing(),
  ...curves(),
  ...paths(),
  ...wrongSteps(),
];

let made: readonly Template[] | undefined;

/** Every item, the lecture's first, then by topic. Made when it is first asked for. */
export function bank(): readonly Template[] {
  if (made === undefined) {
    const all = everything();
    made = quizTopics.flatMap((topic) => all.filter((template) => template.topic === topic));
  }
  return made;
}
