import { askHere } from "./topics.js";

export interface Call {
  readonly id: number;
  readonly topic: string;
  readonly question: string;
  readonly inputs: readonly unknown[];
}

export interface Reply {
  readonly id: number;
  readonly answer?: unknown;
  readonly problem?: string;
}

// what a message asks is checked by its sender's types
type AnyAsk = (topic: string, question: string, ...inputs: readonly unknown[]) => Promise<unknown>;

addEventListener("message", async ({ data }: MessageEvent<Call>) => {
  const { id, topic, question, inputs } = data;
  try {
    const answer = await (askHere as unknown as AnyAsk)(topic, question, ...inputs);
    postMessage({ id, answer } satisfies Reply);
  } catch (error) {
    postMessage({ id, problem: (error as Error).message } satisfies Reply);
  }
});
