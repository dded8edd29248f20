import pc from "picocolors";
import type { OpenTask, Sample, Task } from "../../tasks/task.js";
import { tasks } from "../../tasks/tasks.js";
import { editAlignment } from "../index.js";
import { type RunFolder, restore } from "../runs/entry.js";
import { EXIT, Failure } from "./failure.js";
import { suggest } from "./suggest.js";

export function findTask(name: string): Task {
  const task = Object.hasOwn(tasks, name) ? tasks[name] : undefined;
  if (task === undefined)
    throw new Failure(EXIT.usage, `there is no task "${name}".${suggest(name, Object.keys(tasks))}`);
  return task;
}

/** The task of a run with its newest checkpoint in place; says on stderr what was damaged. */
export function openRun(run: RunFolder): OpenTask {
  const task = findTask(run.config.task).open(run.config);
  for (const damage of restore(run, task.trainer)) {
    process.stderr.write(`${pc.yellow("warning:")} a damaged checkpoint was passed over: ${damage}\n`);
  }
  return task;
}

/** The same, for using the network: it must have been trained. */
export function openTrainedRun(run: RunFolder): OpenTask {
  const task = openRun(run);
  if (task.trainer.taken === 0) {
    throw new Failure(EXIT.data, `${run.path} holds no checkpoint yet. Train it: seqloss train --resume ${run.path}`);
  }
  return task;
}

/** A drawing with the truth and the reading beneath it, what was misread marked. */
export function renderSample({ drawing, truth, reading }: Sample): string {
  const shown = reading === "" ? "(nothing)" : reading;
  if (truth === "") return [...drawing, `read as ${pc.bold(shown)}`].join("\n");
  const right = truth === reading;
  const characters = [...reading];
  let at = 0;
  const marked = editAlignment(truth, reading).map(({ kind }) => {
    if (kind === "deletion") return pc.red("_");
    const character = characters[at++];
    return kind === "match" ? character : pc.red(character);
  });
  const verdict = right ? pc.green("✓") : pc.red("✗");
  return [...drawing, `is ${pc.bold(truth)}, read as ${right ? pc.bold(shown) : marked.join("")} ${verdict}`].join(
    "\n",
  );
}
