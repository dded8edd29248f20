import type { Random } from "../core/random.js";
import type {
  ChoiceOption,
  FillInItem,
  MarkingPoint,
  NumericItem,
  NumericSlip,
  QuizItem,
  QuizKind,
  QuizLevel,
  QuizTopic,
} from "./item.js";

// An item before its seed: what is shuffled or computed is not yet settled.

export interface Template {
  readonly id: string;
  readonly topic: QuizTopic;
  readonly level: QuizLevel;
  readonly kind: QuizKind;
  readonly draw: (random: Random) => QuizItem;
}

interface Heading {
  readonly id: string;
  readonly topic: QuizTopic;
  readonly level: QuizLevel;
}

interface Question extends Heading {
  readonly prompt: string;
  readonly reason: string;
}

const heading = ({ id, topic, level }: Heading): Heading => ({ id, topic, level });
const question = (given: Question): Question => ({ ...heading(given), prompt: given.prompt, reason: given.reason });

/** The places 0..size-1 in a random order. */
const places = (random: Random, size: number): number[] => random.shuffle(Array.from({ length: size }, (_, i) => i));

export function choice(
  given: Question & { readonly right: string; readonly wrong: readonly Required<ChoiceOption>[] },
): Template {
  const options: ChoiceOption[] = [{ text: given.right }, ...given.wrong];
  return {
    ...heading(given),
    kind: "choice",
    draw(random) {
      const shown = places(random, options.length);
      return { ...question(given), kind: "choice", options: shown.map((i) => options[i]), answer: shown.indexOf(0) };
    },
  };
}

export function trueFalse(given: Question & { readonly answer: boolean }): Template {
  return {
    ...heading(given),
    kind: "trueFalse",
    draw: () => ({ ...question(given), kind: "trueFalse", answer: given.answer }),
  };
}

/** `steps` in their right order. */
export function order(given: Question & { readonly steps: readonly string[] }): Template {
  const { steps } = given;
  return {
    ...heading(given),
    kind: "order",
    draw(random) {
      const shown = places(random, steps.length);
      return {
        ...question(given),
        kind: "order",
        options: shown.map((i) => steps[i]),
        answer: steps.map((_, i) => shown.indexOf(i)),
      };
    },
  };
}

export function open(
  given: Question & { readonly answer: string; readonly points: readonly MarkingPoint[] },
): Template {
  const { answer, points } = given;
  return { ...heading(given), kind: "open", draw: () => ({ ...question(given), kind: "open", answer, points }) };
}

type Word = Pick<FillInItem, "answer" | "synonyms"> & Partial<Pick<FillInItem, "exact">>;

export function fillIn(given: Question & Word): Template {
  return drawnFillIn({ ...heading(given), draw: () => given });
}

/** A word that depends on the seed. */
export function drawnFillIn({
  draw,
  ...head
}: Heading & { readonly draw: (random: Random) => Word & Pick<Question, "prompt" | "reason"> }): Template {
  return {
    ...head,
    kind: "fillIn",
    draw(random) {
      const { prompt, reason, answer, synonyms, exact = false } = draw(random);
      return { ...head, prompt, reason, kind: "fillIn", answer, synonyms, exact };
    },
  };
}

/** What a numeric template makes of a seed. */
export interface Computed extends Pick<NumericItem, "given" | "prompt" | "answer" | "reason"> {
  readonly slips?: readonly NumericSlip[];
}

/**
 * A computation. Its answer is compared exactly where it is a count (`whole`); elsewhere three significant digits are enough. The
 * prompt says so.
 */
export function numeric({
  draw,
  whole = false,
  ...head
}: Heading & { readonly whole?: boolean; readonly draw: (random: Random) => Computed }): Template {
  return {
    ...head,
    kind: "numeric",
    draw(random) {
      const { given, prompt, answer: computed, reason, slips = [] } = draw(random);
      const answer = Math.abs(computed) < ROUNDING ? 0 : Number(computed.toPrecision(12));
      const tolerance = toleranceOf(answer, whole);
      const howExact = whole ? "(A whole number.)" : "(To three significant digits.)";
      const apart = ({ value }: NumericSlip) => Number.isFinite(value) && Math.abs(value - answer) > 2 * tolerance;
      return {
        ...head,
        prompt: `${prompt} ${howExact}`,
        reason,
        kind: "numeric",
        answer,
        tolerance,
        given,
        slips: slips.filter(apart),
      };
    },
  };
}

/** Numbers this small are what rounding leaves of 0: where weights are float32, up to some 1e-7. */
const ROUNDING = 1e-6;

/** Half a unit of the third significant digit where that is most: of 1.00. */
function toleranceOf(answer: number, whole: boolean): number {
  if (whole) return 0;
  return answer === 0 ? 0.0005 : 0.005 * Math.abs(answer);
}
