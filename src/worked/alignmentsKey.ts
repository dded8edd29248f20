import { type Earlier, type KeyStep, logSlips, meanForSum, type Slip, total } from "./keyStep.js";
import type { AlignmentsProblem } from "./problem.js";
import { readsAs } from "./readsAs.js";

/** Products of the listed alignments, their sum over those that are alignments of the target, −ln of it. */
export function alignmentsKey(problem: AlignmentsProblem): KeyStep[] {
  const { target, alignments, probabilities, blank = "-" } = problem;
  const name = (i: number) => `alignment ${i + 1}`;
  const products = alignments.map((text, i): KeyStep => {
    const symbols = Array.from(text);
    const product = (of: readonly string[]) => of.reduce((p, symbol) => p * probabilities[symbol], 1);
    const slips: Slip[] = [
      { slip: "The blanks are missing from the product.", compute: () => product(symbols.filter((s) => s !== blank)) },
      {
        slip: "Repeats were merged before multiplying: every frame has a factor.",
        compute: () => product(Array.from(target)),
      },
      {
        slip: "The factors were added instead of multiplied.",
        compute: () => symbols.reduce((sum, s) => sum + probabilities[s], 0),
      },
      ...wrongFactors(symbols, probabilities),
    ];
    const formula = symbols.map((symbol) => `P(${symbol})`).join(" · ");
    return { name: name(i), formula, compute: () => product(symbols), slips };
  });
  const all = alignments.map((_, i) => name(i));
  const valid = all.filter((_, i) => readsAs(alignments[i], blank) === target);
  const invalid = alignments.filter((text) => readsAs(text, blank) !== target);
  const listed = invalid.map((text) => `${text} reads as ${readsAs(text, blank)}`).join(", ");
  const sumSlips: Slip[] = [
    ...(invalid.length === 0
      ? []
      : [
          {
            slip: `What is no alignment of ${target} was counted: ${listed}.`,
            compute: (earlier: Earlier) => total(all, earlier),
          },
        ]),
    meanForSum(valid),
    meanForSum(all),
    { slip: "Only the likeliest alignment was taken.", compute: (earlier) => Math.max(...valid.map(earlier), 0) },
    {
      slip: "The probabilities were multiplied instead of added.",
      compute: (earlier) => valid.reduce((p, n) => p * earlier(n), 1),
    },
  ];
  return [
    ...products,
    {
      name: "sum",
      formula:
        valid.length === all.length
          ? "the sum over the alignments"
          : `${valid.join(" + ") || "nothing"}: those that read as ${target}`,
      compute: (earlier) => total(valid, earlier),
      slips: sumSlips,
    },
    {
      name: "loss",
      formula: "−ln(sum)",
      compute: (earlier) => 0 - Math.log(earlier("sum")),
      slips: [
        ...logSlips((earlier) => earlier("sum")),
        {
          slip: "The losses of the alignments were added; the loss is of their sum.",
          compute: (earlier) => 0 - valid.reduce((sum, n) => sum + Math.log(earlier(n)), 0),
        },
        {
          slip: "The losses of the alignments were averaged; the loss is of their sum.",
          compute: (earlier) => 0 - valid.reduce((sum, n) => sum + Math.log(earlier(n)), 0) / valid.length,
        },
        {
          slip: `The loss was divided by the ${Array.from(target).length} labels.`,
          compute: (earlier) => -Math.log(earlier("sum")) / Array.from(target).length,
        },
      ],
    },
  ];
}

/** Another symbol's probability in one place, or one factor too few. A product does not tell which of equal factors it was. */
function wrongFactors(symbols: readonly string[], probabilities: Readonly<Record<string, number>>): Slip[] {
  const product = symbols.reduce((p, symbol) => p * probabilities[symbol], 1);
  return [...new Set(symbols)].flatMap((symbol) => {
    const factor = `A factor P(${symbol}) = ${probabilities[symbol]}`;
    const others = Object.keys(probabilities).filter((other) => probabilities[other] !== probabilities[symbol]);
    return [
      ...others.map((other) => ({
        slip: `${factor} was taken as P(${other}) = ${probabilities[other]}.`,
        compute: () => (product / probabilities[symbol]) * probabilities[other],
      })),
      { slip: `${factor} was left out.`, compute: () => product / probabilities[symbol] },
    ];
  });
}
