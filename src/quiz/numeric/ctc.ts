import type { Random } from "../../core/random.js";
import { ctcGreedyDecode } from "../../decoding/greedy.js";
import { ctcLoss } from "../../losses/ctc.js";
import { readsAs } from "../../worked/readsAs.js";
import { solveAlignments } from "../../worked/solveAlignments.js";
import { about, distribution, list, pick, show, whole } from "../draw.js";
import { numeric, type Template } from "../template.js";

/** One label or none in two frames: p of the blank and of "a" at each. */
function twoFrames(random: Random): { rows: number[][]; logProbs: number[][] } {
  const rows = list(2, () => distribution(random, 3));
  return { rows, logProbs: rows.map((row) => row.map(Math.log)) };
}

export function ctc(): readonly Template[] {
  return [
    numeric({
      id: "listed-alignments",
      topic: "ctc",
      level: 2,
      draw(random) {
        const word = pick(random, ["BOOK", "TREE", "EGG", "FOOT", "DOOR", "KEEP"]);
        const symbols = ["-", ...new Set(word)];
        const shares = distribution(random, symbols.length);
        const probabilities = Object.fromEntries(symbols.map((symbol, i) => [symbol, shares[i]]));
        const kept = word.replace(/(\w)\1/, "$1-$1");
        const merged = `-${word}-`;
        const alignments = [`${kept}-`, word[0] + kept, merged];
        const { asWritten, validOnly } = solveAlignments({
          kind: "alignments",
          target: word,
          alignments,
          probabilities,
        });
        const table = symbols.map((symbol, i) => `P(${symbol}) = ${shares[i]}`).join(", ");
        return {
          given: { word, alignments, probabilities },
          prompt: `At every frame ${table}. Of the strings ${alignments.join(", ")}, some read as ${word}. What is −ln of the sum of their probabilities?`,
          answer: validOnly.loss,
          reason: `${merged} reads as ${readsAs(merged, "-")}, for the repeat merges; the other two sum to ${about(validOnly.sum)}.`,
          slips: [
            { value: asWritten.loss, why: `${merged} does not read as ${word}: its repeat merges.` },
            { value: -Math.log10(validOnly.sum), why: "This has log₁₀; the loss is −ln." },
            { value: validOnly.sum, why: "This is the probability; the loss is −ln of it." },
          ],
        };
      },
    }),
    numeric({
      id: "two-frames",
      topic: "ctc",
      level: 2,
      draw(random) {
        const { rows, logProbs } = twoFrames(random);
        const [[b1, a1], [b2, a2]] = rows;
        return {
          given: { rows },
          prompt: `Two frames over the classes (blank, a, b): ${rows.map(show).join(" and ")}. What is the probability that they read as "a"?`,
          answer: Math.exp(-ctcLoss([logProbs], [[1]], { inputs: "logProbs" }).value),
          reason: `Three alignments read as "a": aa, a-, -a. Their probabilities ${about(a1 * a2)}, ${about(a1 * b2)} and ${about(b1 * a2)} add up.`,
          slips: [
            { value: a1 * a2, why: 'Only "aa" was counted; "a-" and "-a" read as "a" too.' },
            { value: a1 * b2 + b1 * a2, why: 'The alignment "aa" is missing: neighbouring repeats merge.' },
            {
              value: Math.max(a1 * a2, a1 * b2, b1 * a2),
              why: "This is the best alignment; CTC sums over all of them.",
            },
          ],
        };
      },
    }),
    numeric({
      id: "ctc-gradient",
      topic: "ctc",
      level: 3,
      draw(random) {
        const { rows, logProbs } = twoFrames(random);
        const [[b1, a1], [b2, a2]] = rows;
        const total = a1 * a2 + a1 * b2 + b1 * a2;
        const posterior = (a1 * (a2 + b2)) / total;
        return {
          given: { rows },
          prompt: `Two frames over the classes (blank, a, b), after the softmax: ${rows.map(show).join(" and ")}. For the label "a", what is the derivative of the CTC loss with respect to the logit of "a" at the first frame?`,
          answer: ctcLoss([logProbs], [[1]]).grad.data[1],
          reason: `p − γ: the softmax ${a1} less the posterior ${about(posterior)}, the share of the alignments' probability that has "a" at this frame.`,
          slips: [
            { value: a1 - 1, why: "p − 1 is for a frame whose label is certain; here alignments share it." },
            { value: posterior - a1, why: "The sign is turned round: it is p − γ." },
            {
              value: -posterior,
              why: "This is the derivative with respect to the log-probability; the softmax adds p.",
            },
          ],
        };
      },
    }),
    numeric({
      id: "best-path-probability",
      topic: "ctc",
      level: 2,
      draw(random) {
        const rows = list(3, () => distribution(random, 3));
        const [{ score }] = ctcGreedyDecode([rows.map((row) => row.map(Math.log))]);
        return {
          given: { rows },
          prompt: `Three frames over the classes (blank, a, b): ${rows.map(show).join(", ")}. What is the probability of the best path, the alignment that greedy decoding follows?`,
          answer: Math.exp(score),
          reason:
            "The likeliest class of each frame, multiplied. The label it reads as may have other alignments besides, so its own probability is at least that.",
          slips: [
            { value: -score, why: "This is −ln of the probability." },
            { value: Math.max(...rows.flat()), why: "This is one frame; the path has three." },
          ],
        };
      },
    }),
    numeric({
      id: "torch-mean",
      topic: "ctc",
      level: 3,
      draw(random) {
        const classes = whole(random, 4, 8);
        const labels = [list(whole(random, 3, 4), (u) => 1 + (u % 3)), [1]];
        const time = 5;
        const logits = list(2, () => list(time, () => list(classes, () => 0)));
        const { value, losses } = ctcLoss(logits, labels, { per: "label" });
        const shown = Array.from(losses, (loss) => Number(loss.toPrecision(4)));
        const lengths = labels.map((label) => label.length);
        return {
          given: { losses: shown, lengths },
          prompt: `Two sequences have the CTC losses ${show(shown)} and labels of ${lengths.join(" and ")} symbols. What does PyTorch's CTCLoss with reduction="mean" return?`,
          answer: value,
          reason: "It divides each loss by the length of its label first, and then takes the mean over the batch.",
          slips: [
            {
              value: (losses[0] + losses[1]) / 2,
              why: "PyTorch divides each loss by the length of its label before the mean.",
            },
            {
              value: (losses[0] + losses[1]) / (lengths[0] + lengths[1]),
              why: "This is the sum over all labels; PyTorch divides loss by loss, then takes the mean.",
            },
            { value: losses[0] / lengths[0] + losses[1] / lengths[1], why: "The mean over the batch is missing." },
          ],
        };
      },
    }),
  ];
}
