import type { Random } from "../../core/random.js";
import { viterbiDecode } from "../../decoding/viterbi.js";
import { crfLoss } from "../../losses/crf.js";
import { structuredHingeLoss } from "../../losses/structuredHinge.js";
import { list, show, tenths, whole } from "../draw.js";
import { numeric, type Template } from "../template.js";

/** Two steps, two tags. */
function chain(random: Random): { emissions: number[][]; transitions: number[][] } {
  return {
    emissions: list(2, () => list(2, () => tenths(random, -2, 2))),
    transitions: list(2, () => list(2, () => tenths(random, -1, 1))),
  };
}

const described = (emissions: number[][], transitions: number[][]): string =>
  `A chain of two steps and two tags has the emission scores ${emissions.map(show).join(" and ")}, and the transition scores ${show(transitions[0])} from tag 0 and ${show(transitions[1])} from tag 1.`;

/** The score of each tagging: (0,0), (0,1), (1,0), (1,1). */
function scoresOf(emissions: number[][], transitions: number[][]): number[] {
  return [0, 1].flatMap((i) => [0, 1].map((j) => emissions[0][i] + transitions[i][j] + emissions[1][j]));
}

const logSum = (scores: readonly number[]): number => Math.log(scores.reduce((sum, s) => sum + Math.exp(s), 0));

export function structured(): readonly Template[] {
  return [
    numeric({
      id: "viterbi-score",
      topic: "structured",
      level: 2,
      draw(random) {
        const { emissions, transitions } = chain(random);
        const [best] = viterbiDecode([emissions], { transitions });
        const greedy = emissions.map((row) => (row[0] >= row[1] ? 0 : 1));
        return {
          given: { emissions, transitions },
          prompt: `${described(emissions, transitions)} What is the score of the best tagging?`,
          answer: best.score,
          reason: `Of the four taggings, (${Array.from(best.tags).join(", ")}) has the largest sum of emissions and transition. Viterbi finds it without listing them.`,
          slips: [
            {
              value: scoresOf(emissions, transitions)[2 * greedy[0] + greedy[1]],
              why: "The best tag of each step was taken alone; the transition between them counts too.",
            },
            { value: Math.max(...emissions[0]) + Math.max(...emissions[1]), why: "The transition score is missing." },
            {
              value: logSum(scoresOf(emissions, transitions)),
              why: "This is ln Z, the soft maximum over all taggings.",
            },
          ],
        };
      },
    }),
    numeric({
      id: "crf-of-two-steps",
      topic: "structured",
      level: 3,
      draw(random) {
        const { emissions, transitions } = chain(random);
        const tags = list(2, () => random.integer(2));
        const scores = scoresOf(emissions, transitions);
        const gold = scores[2 * tags[0] + tags[1]];
        return {
          given: { emissions, transitions, tags },
          prompt: `${described(emissions, transitions)} What is the negative log-likelihood of the tagging (${tags.join(", ")}) under a conditional random field?`,
          answer: crfLoss([emissions], [tags], { transitions }).value,
          reason:
            "ln Z − score: the logarithm of the sum of e^score over all four taggings, less the score of this one.",
          slips: [
            { value: gold - logSum(scores), why: "This is the log-likelihood; the loss is its negative." },
            {
              value: Math.max(...scores) - gold,
              why: "This is the perceptron's loss: it has the best tagging instead of ln Z.",
            },
            { value: -gold, why: "ln Z is missing: a score is no log-probability." },
          ],
        };
      },
    }),
    numeric({
      id: "crf-without-scores",
      topic: "structured",
      level: 1,
      draw(random) {
        const [steps, tags] = [whole(random, 2, 6), whole(random, 2, 9)];
        return {
          given: { steps, tags },
          prompt: `All scores of a conditional random field are 0. What is the loss of any tagging of ${steps} steps with ${tags} tags?`,
          answer: crfLoss([list(steps, () => list(tags, () => 0))], [list(steps, () => 0)]).value,
          reason: `All ${tags}^${steps} taggings are equally likely: the loss is ${steps} ln ${tags}.`,
          slips: [
            { value: Math.log(steps * tags), why: "There are tags^steps taggings, not steps · tags." },
            { value: Math.log(tags), why: "This is the loss of one step." },
            { value: tags * Math.log(steps), why: "There are tags^steps taggings, not steps^tags." },
          ],
        };
      },
    }),
    numeric({
      id: "structured-hinge",
      topic: "structured",
      level: 3,
      draw(random) {
        const { emissions, transitions } = chain(random);
        const tags = list(2, () => random.integer(2));
        const scores = scoresOf(emissions, transitions);
        const gold = scores[2 * tags[0] + tags[1]];
        return {
          given: { emissions, transitions, tags },
          prompt: `${described(emissions, transitions)} The right tagging is (${tags.join(", ")}), and every wrong tag costs 1 (Hamming cost). What is the structured hinge loss?`,
          answer: structuredHingeLoss([emissions], [tags], { transitions }).value,
          reason:
            "The largest score + cost over all taggings, less the score of the right one; it is 0 only where each rival is behind by at least its cost.",
          slips: [
            {
              value: Math.max(...scores) - gold,
              why: "The cost is missing: it is added to each rival's score before the maximum.",
            },
            { value: Math.max(...scores) + 1 - gold, why: "The cost counts the wrong tags of each rival: 0, 1 or 2." },
          ],
        };
      },
    }),
  ];
}
