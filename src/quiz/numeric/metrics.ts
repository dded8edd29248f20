import type { Random } from "../../core/random.js";
import { negativeLogLikelihood } from "../../losses/negativeLogLikelihood.js";
import { tokenAccuracy } from "../../metrics/accuracy.js";
import { editDistance } from "../../metrics/editDistance.js";
import { characterErrorRate, wordErrorRate } from "../../metrics/errorRate.js";
import { perplexity } from "../../metrics/perplexity.js";
import { list, pick, show, whole } from "../draw.js";
import { numeric, type Template } from "../template.js";
import { twoClasses } from "./probabilities.js";

const PAIRS: readonly (readonly [string, string])[] = [
  ["kitten", "sitting"],
  ["hello", "helo"],
  ["speech", "peach"],
  ["sunday", "saturday"],
  ["window", "widow"],
  ["number", "lumber"],
  ["reading", "raining"],
  ["letter", "later"],
  ["frame", "farm"],
  ["bottle", "battle"],
];

const SENTENCES: readonly (readonly [string, string])[] = [
  ["the cat sat on the mat", "the cat sat on mat"],
  ["it will rain today", "it will train to day"],
  ["read this line", "red this line"],
  ["we saw two birds", "we saw too big birds"],
  ["turn left here", "turn left over here"],
  ["seven eight nine", "seven ate nine"],
];

/** Two different pairs of words. */
function twoPairs(random: Random): [readonly [string, string], readonly [string, string]] {
  const first = random.integer(PAIRS.length);
  return [PAIRS[first], PAIRS[(first + 1 + random.integer(PAIRS.length - 1)) % PAIRS.length]];
}

export function metrics(): readonly Template[] {
  return [
    numeric({
      id: "edit-distance",
      topic: "metrics",
      level: 1,
      whole: true,
      draw(random) {
        const [reference, hypothesis] = pick(random, PAIRS);
        const { distance, substitutions, insertions, deletions } = editDistance(reference, hypothesis);
        return {
          given: { reference, hypothesis },
          prompt: `What is the edit distance between "${reference}" and "${hypothesis}"?`,
          answer: distance,
          reason: `The fewest edits: substitutions ${substitutions}, insertions ${insertions}, deletions ${deletions}.`,
          slips: [
            {
              value: 2 * substitutions + insertions + deletions,
              why: "A substitution counts once, not as a deletion and an insertion.",
            },
          ],
        };
      },
    }),
    numeric({
      id: "character-error-rate",
      topic: "metrics",
      level: 2,
      draw(random) {
        const pairs = twoPairs(random);
        const references = pairs.map(([reference]) => reference);
        const hypotheses = pairs.map(([, hypothesis]) => hypothesis);
        const { rate, edits, length } = characterErrorRate(references, hypotheses);
        const rates = pairs.map(([reference, hypothesis]) => characterErrorRate(reference, hypothesis).rate);
        const read = pairs.map(([reference, hypothesis]) => `"${reference}" as "${hypothesis}"`);
        return {
          given: { references, hypotheses },
          prompt: `A system reads ${read.join(" and ")}. What is the character error rate over both, as a number (not in per cent)?`,
          answer: rate,
          reason: `All edits over all characters of the references: ${edits} / ${length}.`,
          slips: [
            {
              value: (rates[0] + rates[1]) / 2,
              why: "This is the mean of the two rates; add the edits and the lengths first.",
            },
            {
              value: edits / hypotheses.join("").length,
              why: "The divisor is the length of the references, not of what was read.",
            },
            { value: 100 * rate, why: "This is in per cent." },
          ],
        };
      },
    }),
    numeric({
      id: "word-error-rate",
      topic: "metrics",
      level: 1,
      draw(random) {
        const [reference, hypothesis] = pick(random, SENTENCES);
        const { rate, edits, length } = wordErrorRate(reference, hypothesis);
        return {
          given: { reference, hypothesis },
          prompt: `"${reference}" was recognised as "${hypothesis}". What is the word error rate, as a number (not in per cent)?`,
          answer: rate,
          reason: `Words that are wrong, missing or extra: ${edits}, over the ${length} of the reference.`,
          slips: [
            { value: edits / hypothesis.split(" ").length, why: "The divisor is the length of the reference." },
            { value: 1 - rate, why: "This is 1 − WER." },
            { value: edits, why: "This is the number of edits; divide by the words of the reference." },
          ],
        };
      },
    }),
    numeric({
      id: "perplexity",
      topic: "metrics",
      level: 2,
      draw(random) {
        const probabilities = list(whole(random, 3, 4), () => pick(random, [0.5, 0.25, 0.2, 0.1, 0.05, 0.8]));
        const loss = negativeLogLikelihood([twoClasses(probabilities)], [probabilities.map(() => 0)]);
        return {
          given: { probabilities },
          prompt: `A language model gives the words of a text the probabilities ${show(probabilities)}. What is its perplexity?`,
          answer: perplexity(loss),
          reason: "e to the mean of −ln p: the inverse of the geometric mean of the probabilities.",
          slips: [
            { value: loss.value, why: "This is the mean −ln p; the perplexity is e to the power of it." },
            {
              value: Math.exp(loss.sum),
              why: "The mean over the words is missing: this is 1 / the probability of the text.",
            },
            {
              value: probabilities.reduce((total, p) => total + 1 / p, 0) / probabilities.length,
              why: "This is the mean of 1/p; the mean is taken of −ln p.",
            },
            { value: 2 ** loss.value, why: "The base must be that of the logarithm: e for nats, 2 for bits." },
          ],
        };
      },
    }),
    numeric({
      id: "token-accuracy",
      topic: "metrics",
      level: 1,
      draw(random) {
        const references = [
          list(whole(random, 2, 3), () => 1 + random.integer(4)),
          list(5, () => 1 + random.integer(4)),
        ];
        const hypotheses = references.map((tags) => tags.map((tag) => (random.uniform() < 0.6 ? tag : (tag % 4) + 1)));
        const rates = references.map(
          (tags, i) => tags.filter((tag, t) => tag === hypotheses[i][t]).length / tags.length,
        );
        const { rate, right, counted } = tokenAccuracy(references, hypotheses);
        return {
          given: { references, hypotheses },
          prompt: `Two sentences have the tags ${show(references[0])} and ${show(references[1])}; a tagger gives ${show(hypotheses[0])} and ${show(hypotheses[1])}. What is its accuracy over all tags, as a number in 0..1?`,
          answer: rate,
          reason: `${right} of ${counted} tags are right.`,
          slips: [
            {
              value: (rates[0] + rates[1]) / 2,
              why: "This is the mean of the sentences' accuracies; count all tags alike.",
            },
            { value: 1 - rate, why: "This is the share that is wrong." },
          ],
        };
      },
    }),
  ];
}
