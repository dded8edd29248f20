// What can be asked of the library. Each topic is a chunk of its own: a screen loads what it asks for.
export const topics = {
  chooser: () => import("./answers/chooser.js"),
  compare: () => import("./answers/compare.js"),
  ctc: () => import("./answers/ctc.js"),
  discuss: () => import("./answers/discuss.js"),
  gradients: () => import("./answers/gradients.js"),
  learning: () => import("./answers/learning.js"),
  losses: () => import("./answers/losses.js"),
  pictures: () => import("./answers/pictures.js"),
  problems: () => import("./answers/problems.js"),
  quiz: () => import("./answers/quiz.js"),
  recorded: () => import("./answers/recorded.js"),
};

export type Topics = { readonly [Name in keyof typeof topics]: Awaited<ReturnType<(typeof topics)[Name]>> };

/** Asks a function of a topic; its answer is what the library says. */
export type Ask = <Name extends keyof Topics, Question extends keyof Topics[Name]>(
  topic: Name,
  question: Question,
  ...inputs: Topics[Name][Question] extends (...inputs: infer Inputs) => unknown ? Inputs : never
) => Promise<Topics[Name][Question] extends (...inputs: never[]) => infer Answer ? Awaited<Answer> : never>;

/** In this thread: for prerendering, and for tests. */
export const askHere: Ask = async (topic, question, ...inputs) => {
  // biome-ignore lint/suspicious/noExplicitAny: which function it is is known to the caller's types
  const module = (await topics[topic]()) as any;
  return module[question](...inputs);
};
