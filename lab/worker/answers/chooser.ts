import { expectedAnswer, kinds, questions, readAnswer } from "../../../src/cli/chooseQuestions.js";
import { type Choice, chooseLoss, type TargetKind, type TaskFacts, targetKinds } from "../../../src/index.js";

/** A question that still sharpens the choice. */
export interface Asked {
  readonly fact: string;
  readonly text: string;
  /** The words to choose from; none where a number is wanted. */
  readonly options: readonly string[];
  readonly expected: string;
  readonly answer: string;
}

export interface ChooserAnswer {
  readonly kinds: readonly { readonly kind: TargetKind; readonly about: string }[];
  readonly asked: readonly Asked[];
  readonly choices: readonly Choice[];
}

/** "alignment=unknown,length=shorter" as answers by fact. */
const read = (text: string): Map<string, string> =>
  new Map(
    text.split(",").flatMap((part): [string, string][] => {
      const [fact, answer] = part.split("=");
      return answer === undefined ? [] : [[fact, answer]];
    }),
  );

/** Which loss fits: the questions for a kind of target, and the losses for what is answered. */
export function home(targets: TargetKind, answers: string): ChooserAnswer {
  const given = read(answers);
  const asked = questions
    .filter(({ of }) => of.includes(targets))
    .map((question): Asked => {
      const { fact, text, answer } = question;
      const options = answer === "yes or no" ? ["yes", "no"] : typeof answer === "string" ? [] : answer;
      return { fact, text, options, expected: expectedAnswer(question), answer: given.get(fact) ?? "" };
    });
  const facts: Record<string, unknown> = { targets };
  for (const question of questions) {
    const value = readAnswer(question, given.get(question.fact) ?? "");
    if (value !== undefined && question.of.includes(targets)) facts[question.fact] = value;
  }
  return {
    kinds: targetKinds.map((kind) => ({ kind, about: kinds[kind] })),
    asked,
    choices: chooseLoss(facts as unknown as TaskFacts),
  };
}
