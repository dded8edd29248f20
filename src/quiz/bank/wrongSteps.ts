import type { Random } from "../../core/random.js";
import { agrees } from "../../worked/checkSolution.js";
import { generateProblem } from "../../worked/generate.js";
import { keyOf, rightValues } from "../../worked/key.js";
import type { ProblemKind } from "../../worked/problem.js";
import type { QuizLevel, QuizTopic, WrongStepItem } from "../item.js";
import type { Template } from "../template.js";

const shown = (x: number): string => String(Number(x.toPrecision(4)));

/** A solution with one slip in it; the lines after it follow from what stands there. */
function wrongStep(id: string, topic: QuizTopic, level: QuizLevel, kind: ProblemKind, asks: string): Template {
  const head = { id, topic, level };
  const draw = (random: Random): WrongStepItem => {
    for (;;) {
      const problem = generateProblem(kind, random.integer(1e6));
      const key = keyOf(problem);
      const right = rightValues(key);
      const at = random.integer(key.length);
      const { name, formula, slips } = key[at];
      const wanted = right.get(name) as number;
      const wrong = slips
        .map(({ slip, compute }) => ({
          slip,
          value: Number(shown(compute((earlier) => right.get(earlier) as number))),
        }))
        .filter(({ value }) => Number.isFinite(value) && !agrees(value, wanted) && Math.abs(value - wanted) > 0.02);
      if (wrong.length === 0) continue;
      const { slip, value } = wrong[random.integer(wrong.length)];
      const written = new Map<string, number>();
      for (const [i, step] of key.entries())
        written.set(step.name, i === at ? value : step.compute((earlier) => written.get(earlier) as number));
      if ([...written.values()].some((x) => !Number.isFinite(x))) continue;
      const options = key.map((step, i) => ({
        text: `${step.name}: ${step.formula} = ${shown(written.get(step.name) as number)}`,
        ...(i !== at && { whyNot: i < at ? "This line is right." : "It follows from the lines before it." }),
      }));
      const reason = `${name} is ${formula} = ${shown(wanted)}. ${slip}`;
      return { ...head, prompt: asks, kind: "wrongStep", options, answer: at, reason };
    }
  };
  return { ...head, kind: "wrongStep", draw };
}

export function wrongSteps(): readonly Template[] {
  return [
    wrongStep(
      "wrong-step-squared-error",
      "regression",
      1,
      "meanSquaredError",
      "A mean squared error is worked out. Which line is the first wrong one?",
    ),
    wrongStep(
      "wrong-step-quantile",
      "regression",
      2,
      "quantileLoss",
      "A quantile loss is worked out. Which line is the first wrong one?",
    ),
    wrongStep(
      "wrong-step-softmax",
      "tokens",
      2,
      "crossEntropy",
      "A cross-entropy is worked out from logits. Which line is the first wrong one?",
    ),
    wrongStep(
      "wrong-step-hinge",
      "margin",
      1,
      "sequenceHinge",
      "A hinge loss of a sequence is worked out. Which line is the first wrong one?",
    ),
    wrongStep(
      "wrong-step-perplexity",
      "metrics",
      2,
      "perplexity",
      "A perplexity is worked out. Which line is the first wrong one?",
    ),
    wrongStep(
      "wrong-step-backpropagation",
      "gradients",
      2,
      "backpropagation",
      "What is left of a gradient is worked out, step by step. Which line is the first wrong one?",
    ),
  ];
}
