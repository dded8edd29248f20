import { sequenceHingeLoss } from "../../losses/hinge.js";
import { lectureProblems } from "../../worked/lecture.js";
import { solveAlignments } from "../../worked/solveAlignments.js";
import { numeric, type Template } from "../template.js";

const { hello, deep, hinge } = lectureProblems;

/** The lecture's worked problems. */
export function lecture(): readonly Template[] {
  return [
    numeric({
      id: "hello-as-written",
      topic: "lecture",
      level: 2,
      draw() {
        const { asWritten, validOnly } = solveAlignments(hello.problem);
        const { alignments, probabilities, target } = hello.problem;
        return {
          given: { target, alignments, probabilities },
          prompt: `The lecture lists ${alignments.join(", ")} for HELLO, with P(H) = 0.6, P(E) = 0.5, P(L) = 0.7, P(O) = 0.8, P(-) = 0.2. Multiplied out as they are written, all three: what is −ln of the sum?`,
          answer: asWritten.loss,
          reason:
            "0.00018816 + 0.0009408 + 0.0009408 = 0.00206976, and −ln of it is 6.18. The lecture prints 3.673, from factors that are not those of its strings.",
          slips: [
            {
              value: hello.printed?.loss ?? Number.NaN,
              why: "This is the printed answer; multiply out the strings with the table's probabilities.",
            },
            {
              value: validOnly.loss,
              why: "This leaves out H-E-LL-O, which reads as HELO; here all three were asked for.",
            },
            { value: -Math.log10(asWritten.sum), why: "This is −log₁₀; the loss is −ln." },
          ],
        };
      },
    }),
    numeric({
      id: "deep-valid-only",
      topic: "lecture",
      level: 2,
      draw() {
        const { asWritten, validOnly } = solveAlignments(deep.problem);
        const { alignments, probabilities, target } = deep.problem;
        return {
          given: { target, alignments, probabilities },
          prompt: `The lecture lists ${alignments.join(", ")} for DEEP, with P(D) = 0.8, P(E) = 0.7, P(P) = 0.9, P(-) = 0.3. Over those that read as DEEP, what is −ln of the sum of their probabilities?`,
          answer: validOnly.loss,
          reason: "D-EE-P reads as DEP, so that it does not count: 0.0095256 + 0.031752 = 0.0412776.",
          slips: [
            { value: asWritten.loss, why: "D-EE-P reads as DEP: two E without a blank between them merge." },
            { value: -Math.log10(validOnly.sum), why: "This is −log₁₀; the loss is −ln." },
          ],
        };
      },
    }),
    numeric({
      id: "hinge-by-its-formula",
      topic: "lecture",
      level: 1,
      draw() {
        const { targets, scores } = hinge.problem;
        return {
          given: { targets, scores },
          prompt:
            "Labels y = [1, −1, 1], scores ŷ = [0.8, −0.5, 0.3]. The lecture's formula is Σ_t max(0, 1 − y_t ŷ_t). What is its value?",
          answer: sequenceHingeLoss([scores], [targets]).value,
          reason:
            "0.2 + 0.5 + 0.7 = 1.4. The lecture's example divides by the three steps (0.467): a mean, which its formula is not.",
          slips: [
            {
              value: sequenceHingeLoss([scores], [targets], { per: "step" }).value,
              why: "This is the mean over the steps; the formula is a sum.",
            },
          ],
        };
      },
    }),
  ];
}
