import { ctcAlignments } from "../../alignments/ctcAlignments.js";
import { binomial } from "../../core/numeric.js";
import type { Random } from "../../core/random.js";
import { zeros } from "../../core/tensor.js";
import { ctcLoss } from "../../losses/ctc.js";
import { framesNeeded } from "../../reference/ctc.js";
import { readsAs } from "../../worked/readsAs.js";
import { pick, whole } from "../draw.js";
import { drawnFillIn, numeric, type Template } from "../template.js";

const WORDS = ["BOOK", "CAT", "TREE", "BALL", "SUN", "EGG", "FOOT", "DOOR", "PEN", "KEEP", "TOOTH", "LETTER"];

/** A word as labels 1, 2 … in the order in which its letters first come. */
function labelsOf(word: string): number[] {
  const letters = [...new Set(word)];
  return Array.from(word, (letter) => 1 + letters.indexOf(letter));
}

const repeatsOf = (word: string): number => Array.from(word).filter((letter, u) => letter === word[u - 1]).length;

/** An alignment of the word: letters held, blanks between, before and after. */
function drawAlignment(random: Random, word: string): string {
  const blanks = (least: number) => "-".repeat(whole(random, least, least + random.integer(2)));
  const body = Array.from(
    word,
    (letter, u) => blanks(letter === word[u - 1] ? 1 : 0) + letter.repeat(whole(random, 1, 2)),
  );
  return body.join("") + blanks(0);
}

export function ctcCounts(): readonly Template[] {
  return [
    numeric({
      id: "frames-needed",
      topic: "ctc",
      level: 2,
      whole: true,
      draw(random) {
        const word = pick(random, WORDS);
        const repeats = repeatsOf(word);
        return {
          given: { word },
          prompt: `What is the smallest number of frames in which CTC can read ${word}, a symbol a letter?`,
          answer: framesNeeded(labelsOf(word)),
          reason: `U = ${word.length} letters, and a blank between the equal neighbours, of which there are R = ${repeats}: U + R.`,
          slips: [
            { value: word.length, why: "Equal neighbours merge unless a blank is between them." },
            {
              value: 2 * word.length + 1,
              why: "2U + 1 is the number of states of the lattice; blanks between different letters may be left out.",
            },
            { value: 2 * word.length - 1, why: "Blanks are needed between equal neighbours only." },
          ],
        };
      },
    }),
    numeric({
      id: "alignments-count",
      topic: "ctc",
      level: 3,
      whole: true,
      draw(random) {
        const word = pick(random, WORDS.slice(0, 9));
        const labels = labelsOf(word);
        const frames = framesNeeded(labels) + whole(random, 0, 3);
        const [T, U, R] = [frames, word.length, repeatsOf(word)];
        const [{ count }] = ctcAlignments(zeros([1, T, Math.max(...labels) + 1]), [labels]);
        return {
          given: { word, frames },
          prompt: `How many CTC alignments of ${word} to ${frames} frames are there?`,
          answer: Number(count),
          reason: `C(T + U − R, 2U) with T = ${T}, U = ${U} and R = ${R} equal neighbours: C(${T + U - R}, ${2 * U}).`,
          slips: [
            { value: T ** U, why: "Alignments keep the order of the letters; not every letter may be at every frame." },
            ...(R > 0
              ? [
                  {
                    value: binomial(T + U, 2 * U),
                    why: "Equal neighbours need a blank between them: R is to be subtracted.",
                  },
                ]
              : []),
            {
              value: binomial(T, U),
              why: "This places each letter on one frame; a letter may also be held over several.",
            },
          ],
        };
      },
    }),
    drawnFillIn({
      id: "collapse",
      topic: "ctc",
      level: 1,
      draw(random) {
        const word = pick(random, WORDS);
        const right = drawAlignment(random, word);
        // without the blanks between letters, repeats merge that should not
        const alignment = random.integer(2) === 0 ? right : right.replace(/(\w)-+(?=\1)/, "$1");
        return {
          prompt: `What does the alignment ${alignment} read as ("-" is the blank)?`,
          answer: readsAs(alignment, "-"),
          synonyms: [],
          exact: true,
          reason:
            "First neighbouring repeats merge, then blanks drop: a letter comes twice only where a blank keeps two apart.",
        };
      },
    }),
    numeric({
      id: "uniform-ctc",
      topic: "ctc",
      level: 3,
      draw(random) {
        const word = pick(random, ["CAT", "SUN", "EGG", "PEN", "TO", "OO", "A"]);
        const labels = labelsOf(word);
        const frames = framesNeeded(labels) + whole(random, 1, 2);
        const classes = Math.max(...labels) + 1 + whole(random, 0, 3);
        const [{ count }] = ctcAlignments(zeros([1, frames, classes]), [labels]);
        return {
          given: { word, frames, classes },
          prompt: `${frames} frames give each of ${classes} classes, the blank included, the same probability. What is the CTC loss of ${word}?`,
          answer: ctcLoss(zeros([1, frames, classes]), [labels]).value,
          reason: `Each alignment has the probability (1/${classes})^${frames} and there are ${count} of them: the loss is ${frames} ln ${classes} − ln ${count}.`,
          slips: [
            { value: frames * Math.log(classes), why: "This is −ln of one alignment; CTC sums all of them." },
            {
              value: labels.length * Math.log(classes),
              why: "Every frame has a symbol, blanks included: there are T factors, not U.",
            },
          ],
        };
      },
    }),
  ];
}
