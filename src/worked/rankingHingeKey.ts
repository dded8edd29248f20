import { bracketed, type KeyStep, total } from "./keyStep.js";
import type { RankingHingeProblem } from "./problem.js";

/** How far each other item comes within the margin of the wanted one, and their sum. */
export function rankingHingeKey({ wanted, others, margin }: RankingHingeProblem): KeyStep[] {
  const names = others.map((_, j) => `term ${j + 1}`);
  const terms = others.map((score, j): KeyStep => {
    const short = margin - wanted + score;
    return {
      name: names[j],
      formula: `max(0, ${margin} − ${bracketed(wanted)} + ${bracketed(score)})`,
      compute: () => Math.max(0, short),
      slips: [
        { slip: "Below 0 it costs nothing: the max with 0 is missing.", compute: () => short },
        { slip: "The margin is missing.", compute: () => Math.max(0, score - wanted) },
        {
          slip: "Wanted and other item were taken for each other.",
          compute: () => Math.max(0, margin + wanted - score),
        },
        {
          slip: "The score was held against the margin alone, without the wanted item's.",
          compute: () => Math.max(0, margin - score),
        },
      ],
    };
  });
  return [
    ...terms,
    {
      name: "loss",
      formula: names.join(" + "),
      compute: (earlier) => total(names, earlier),
      slips: [
        { slip: "The mean was taken instead of the sum.", compute: (earlier) => total(names, earlier) / names.length },
        { slip: "Only the worst rival was counted.", compute: (earlier) => Math.max(...names.map(earlier)) },
      ],
    },
  ];
}
