import type { TaskConfig } from "../../tasks/task.js";
import { EXIT, Failure } from "./failure.js";
import { suggest } from "./suggest.js";

/** What `train` has flags of its own for; a task is what it is. */
const ELSEWHERE: readonly string[] = ["task", "loss", "data", "seed", "steps", "from"];

/** A configuration with some of its settings changed, each given as name=value. */
export function withSettings(config: TaskConfig, given: readonly string[]): TaskConfig {
  const known = new Map(Object.entries(config).filter(([name]) => !ELSEWHERE.includes(name)));
  const changed = given.map((text): [string, unknown] => {
    const [, name, value] = /^([^=]+)=(.*)$/.exec(text) ?? [];
    if (name === undefined) throw new Failure(EXIT.usage, `--set ${text}: expected name=value, such as hidden=64.`);
    if (!known.has(name)) {
      const list = suggest(name, [...known.keys()]);
      throw new Failure(EXIT.usage, `the task ${config.task} has no setting "${name}" on ${config.data}.${list}`);
    }
    return [name, readAs(name, value, known.get(name))];
  });
  return { ...config, ...Object.fromEntries(changed) };
}

/** The value as it is kept: what the setting is by default says of which kind. */
function readAs(name: string, text: string, usual: unknown): unknown {
  const refuse = (expected: string): never => {
    throw new Failure(EXIT.usage, `--set ${name}=${text}: expected ${expected}; the default is ${usual}.`);
  };
  if (typeof usual === "boolean") return /^(true|false)$/.test(text) ? text === "true" : refuse("true or false");
  if (typeof usual !== "number") return text;
  const number = text.trim() === "" ? Number.NaN : Number(text);
  return Number.isFinite(number) ? number : refuse("a number");
}
