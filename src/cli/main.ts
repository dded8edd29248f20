#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { Command, CommanderError, InvalidArgumentError } from "commander";
import pc from "picocolors";
import { data } from "./data.js";
import { evaluate } from "./evaluate.js";
import { EXIT, explainFailure } from "./failure.js";
import { gradcheck } from "./gradcheck.js";
import { loss } from "./loss.js";
import { predict } from "./predict.js";
import { train } from "./train.js";

function wholeNumber(least: number) {
  return (text: string): number => {
    if (!/^\d+$/.test(text) || Number(text) < least || !Number.isSafeInteger(Number(text))) {
      throw new InvalidArgumentError(`expected a whole number of at least ${least}.`);
    }
    return Number(text);
  };
}

const version = JSON.parse(readFileSync(new URL("../../../package.json", import.meta.url), "utf8")).version;
const json = ["--json", "print one line of JSON for machines"] as const;

const program = new Command("seqloss")
  .description("Losses of sequence models: value, gradient, and the recurrent networks they train.")
  .version(version)
  .showSuggestionAfterError()
  .configureOutput({ outputError: () => {} })
  .exitOverride()
  .addHelpText(
    "after",
    `
Exit codes: 0 done; 1 a check did not pass; 64 wrong usage; 65 bad input; 66 missing or unreadable input;
            70 a fault of seqloss; 74 cannot write; 130 interrupted.`,
  );

program
  .command("loss")
  .description("value, losses and gradient of a loss on one case")
  .argument("<function>", "ctcLoss, crossEntropy, meanSquaredError, …")
  .requiredOption("--input <file>", "the case as JSON; - for standard input")
  .option(...json)
  .action(loss);

program
  .command("gradcheck")
  .description("a loss's gradient against central differences")
  .argument("<function>")
  .option("--input <file>", "the case as JSON; - for standard input; default a random one")
  .option("--seed <n>", "of the random case", wholeNumber(0), 1)
  .option(...json)
  .action((name, flags) => {
    process.exitCode = gradcheck(name, flags);
  });

program
  .command("train")
  .description("train a task's network; a run is a folder, and can be resumed")
  .argument("[task]", "numbers")
  .option("--resume <run>", "go on with an interrupted run, bit for bit")
  .option("--out <folder>", "where runs are kept", "runs")
  .option("--seed <n>", "of the initial weights and the training lines", wholeNumber(0), 1)
  .option("--steps <n>", "training steps instead of the task's own number", wholeNumber(1))
  .option(...json)
  .action(async (task, flags) => {
    process.exitCode = await train(task, flags);
  });

program
  .command("evaluate")
  .description("score a trained run on data that training never saw")
  .argument("<run>", "folder of the run")
  .option(...json)
  .action(evaluate);

program
  .command("predict")
  .description("what a trained run reads")
  .argument("<run>", "folder of the run")
  .argument("<input>", "for numbers: a PNG of a line, or digits to write with unseen handwriting")
  .option(...json)
  .action(predict);

program
  .command("data")
  .description("the data sets of the tasks: where they are, how to get those that are missing")
  .argument("[task]")
  .option(...json)
  .action(data);

for (const command of program.commands) {
  command.exitOverride().configureOutput({ outputError: () => {} });
}

// whoever reads our output may stop reading
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? EXIT.ok : EXIT.output));
}

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    if (error.exitCode !== 0) {
      process.stderr.write(`${pc.red("seqloss:")} ${error.message.replace(/^error: /, "")} See seqloss --help.\n`);
      process.exitCode = EXIT.usage;
    }
  } else {
    const { message, exitCode } = explainFailure(error);
    process.stderr.write(`${pc.red("seqloss:")} ${message}\n`);
    process.exitCode = exitCode;
  }
}
