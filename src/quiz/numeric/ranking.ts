import { bprLoss } from "../../losses/ranking.js";
import { list, minus, show, tenths } from "../draw.js";
import { numeric, type Template } from "../template.js";

const logistic = (x: number): number => 1 / (1 + Math.exp(-x));

export function ranking(): readonly Template[] {
  return [
    numeric({
      id: "bpr-of-two-rivals",
      topic: "ranking",
      level: 2,
      draw(random) {
        const wanted = tenths(random, -1, 2);
        const rivals = list(2, () => tenths(random, -2, 2));
        const ahead = rivals.map((s) => wanted - s);
        const parts = ahead.map((d) => -Math.log(logistic(d)));
        return {
          given: { wanted, rivals },
          prompt: `The item that was wanted has the score ${minus(wanted)}, two others ${show(rivals)}. What is the BPR loss, the mean of −ln σ(s_wanted − s_other) over the others?`,
          answer: bprLoss([[wanted, ...rivals]], [0]).value,
          reason: `The wanted item is ahead by ${show(ahead.map((d) => Number(d.toPrecision(4))))}; each pair costs ln(1 + e^−d), which is ln 2 where both are level.`,
          slips: [
            { value: parts[0] + parts[1], why: "This is the sum over the others; the question asks for the mean." },
            {
              value: ahead.reduce((sum, d) => sum - Math.log(logistic(-d)), 0) / 2,
              why: "The difference is turned round: the wanted item's score comes first.",
            },
            { value: -Math.log(logistic(wanted)), why: "This is the wanted item's score alone; pairs are compared." },
            {
              value: Math.log(1 + rivals.reduce((sum, s) => sum + Math.exp(s - wanted), 0)),
              why: "This is cross-entropy, a softmax over the three items.",
            },
          ],
        };
      },
    }),
  ];
}
