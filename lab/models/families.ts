/** The families of losses, in the order of the subject, as people call them. */
export const families: Readonly<Record<string, string>> = {
  regression: "Numbers",
  tokens: "Classes and decisions",
  margin: "Margins",
  ranking: "Ranking",
  sequence: "Whole sequences",
  "alignment-free": "Labels without positions",
  reward: "Rewards",
};
