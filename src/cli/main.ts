#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { check } from "./check.js";
import { questions } from "./chooseQuestions.js";
import { colour } from "./colour.js";
import { diagnose } from "./diagnose.js";
import { explain } from "./explain.js";
import { EXIT, explainFailure } from "./failure.js";
import { gradcheck } from "./gradcheck.js";
import { loss } from "./loss.js";
import { quiz } from "./quiz.js";
import { solve } from "./solve.js";

/** Of an option that may be repeated. */
const listed = (text: string, before: readonly string[] = []): readonly string[] => [...before, text];

function wholeNumber(least: number) {
  return (text: string): number => {
    if (!/^\d+$/.test(text) || Number(text) < least || !Number.isSafeInteger(Number(text))) {
      throw new InvalidArgumentError(`expected a whole number of at least ${least}.`);
    }
    return Number(text);
  };
}

function positive(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value) || value <= 0) {
    throw new InvalidArgumentError("expected a number above 0.");
  }
  return value;
}

function number(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value)) throw new InvalidArgumentError("expected a number.");
  return value;
}

function atLeastZero(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value) || value < 0) {
    throw new InvalidArgumentError("expected a number of at least 0.");
  }
  return value;
}

const version = JSON.parse(readFileSync(new URL("../../../package.json", import.meta.url), "utf8")).version;
const input = [
  "--input <file>",
  "the case: JSON or .npz, or the outputs alone as .npy or .csv; - for standard input",
] as const;
const labels = [
  "--labels <file>",
  "the targets, where they are in a file of their own: JSON, .npz, .npy or .csv",
] as const;
const threads = [
  "--threads <n>",
  "to compute with; the numbers are the same (default: all processors, at most 4)",
  wholeNumber(1),
] as const;
const withLanguage = (command: Command): Command =>
  command
    .option("--lm <file>", "for speech and handwriting: an n-gram language model to read with, ARPA, may be .gz")
    .option(
      "--lexicon <file>",
      "words that may be read, one a line, alone or with tokens (default: the model's; without one all are alike)",
    )
    .option("--lm-weight <n>", "with --lm: what its log-probabilities count (default: 0.5)", atLeastZero)
    .option("--bonus <n>", "with these: added for each word, or character of a model of those (default: 1)", number);
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
            70 a fault of seqloss; 74 cannot write; 130 interrupted.
NO_COLOR=1 turns colour off; without a terminal there is none.`,
  );

program
  .command("loss")
  .description("value, losses and gradient of a loss on one case")
  .argument("<function>", "ctcLoss, crossEntropy, meanSquaredError, …")
  .option(...input)
  .option(...labels)
  .option("--output <file>", "write value, losses and gradients too: .npz or .json; the gradient alone: .npy or .csv")
  .option(...json)
  .addHelpText(
    "after",
    `
A case is a JSON object: the outputs under "logits", "scores", "outputs" or "logProbs" as the function calls them, the targets
under "labels" or "targets", and options by their own names. "NaN", "Infinity" and "-Infinity" stand for those numbers. An .npz
holds arrays of those names. In a .csv each line is a step, its column "sequence" says of which sequence; where steps are single
numbers, and for labels, each line is a sequence.
  numpy.savez("batch.npz", logits=logits, labels=labels, labelLengths=lengths)   # in Python; then
  seqloss loss ctcLoss --input batch.npz --output result.npz
  echo '{"logits": [[[0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]]], "labels": [[1, 2]]}' | seqloss loss ctcLoss --input -`,
  )
  .action(loss);

program
  .command("explain")
  .description("a loss derived on your numbers, step by step: formula, numbers put in, value, gradient")
  .argument("<function>", "ctcLoss, crossEntropy, meanSquaredError, …; or backpropagation")
  .option(input[0], `${input[1]}; default a random one`)
  .option(...labels)
  .option("--seed <n>", "of the random case", wholeNumber(0), 1)
  .option("--depth <n>", "levels of steps inside steps", wholeNumber(1), 3)
  .option("--markdown", "print Markdown with LaTeX")
  .option(...json)
  .addHelpText(
    "after",
    `
A case is what seqloss loss takes. backpropagation unrolls one Elman unit, h = tanh(w x + u h + b), output v h + c:
  echo '{"inputs": [1, 0, 0], "targets": [null, null, 1], "recurrentWeight": 0.9}' | seqloss explain backpropagation --input -`,
  )
  .action(explain);

program
  .command("solve")
  .description("a worked problem, step by step: one of the lecture's, one of a file, or a new one")
  .argument("[problem]", "hello, deep, 123, hinge, or a JSON file; - for standard input")
  .option(
    "--frames <n>",
    "the length to take the full CTC loss for (default: those of the listed alignments)",
    wholeNumber(0),
  )
  .option("--generate <kind>", "a problem with new numbers: alignments, ctc, crossEntropy, …")
  .option("--seed <n>", "of the new problem", wholeNumber(0), 1)
  .option("--problem-only", "print the problem as JSON, without its solution")
  .option("--template <kind>", "print a problem file to start from")
  .option(...json)
  .action(solve);

program
  .command("check")
  .description("a worked solution: the first wrong step, the likely slip, the right value")
  .argument("[solution]", 'a JSON file {"problem": …, "steps": [{"name": …, "value": …}]}; - for standard input')
  .option("--template <kind>", "print a solution file to start from, filled in rightly")
  .option("--seed <n>", "of the template's numbers", wholeNumber(0), 1)
  .option(...json)
  .action(async (path, flags) => {
    process.exitCode = await check(path, flags);
  });

program
  .command("quiz")
  .description("questions on losses, asked and marked; the lecture's own among them")
  .option("--topic <topic>", "lecture, regression, tokens, margin, ctc, structured, reward, ranking, gradients, …")
  .option("--level <n>", "1, 2 or 3", wholeNumber(1))
  .option("--count <n>", "questions to draw (default: 10; with --json and --list all)", wholeNumber(1))
  .option(
    "--seed <n>",
    "of the questions and their numbers (default: a new one on a terminal, elsewhere 1)",
    wholeNumber(0),
  )
  .option("--list", "print what there is to ask, and ask nothing")
  .option("--answers <file>", 'mark answers: JSON {"seed": …, "answers": {"<id>": …}}; - for standard input')
  .option(json[0], "print questions with their answers, or marks, as one line of JSON")
  .addHelpText(
    "after",
    `
On a terminal questions are asked one by one; Enter alone leaves one out, Ctrl-D ends. Elsewhere they are printed, and standard input
holds the answers, one a line in their order. An option is answered by its letter, an order by its letters, an open question by how
many of its points were met. With --answers the exit code is 1 unless all is right.
  printf 'b\n0.693\n' | seqloss quiz --topic tokens --count 2 --seed 3`,
  )
  .action(async (flags) => {
    process.exitCode = await quiz(flags);
  });

const chooser = program
  .command("choose")
  .description("which loss a task needs: from its data, from flags, or from a few questions")
  .argument("[data]", "targets in a .json, .csv or .tsv file; - for JSON on standard input")
  .option("--targets <kind>", "numbers, binary, signs, classes, soft, tags, labels, ranking or rewards");
for (const { flag, help, answer } of questions) {
  const value = answer === "yes or no" ? "" : typeof answer === "string" ? ` <${answer}>` : ` <${answer.join("|")}>`;
  chooser.option(`${flag}${value}`, help);
}
chooser
  .option("--column <name>", "of a table: where the targets are (default: target, label, y, or the last)")
  .option("--sequence <name>", "of a table: which sequence a row belongs to (default: sequence, if there is one)")
  .option("--step <name>", "of a table: what orders the rows of a sequence (default: step, if there is one)")
  .option("--all", "show every loss that fits, not the best four")
  .option(...json)
  .addHelpText(
    "after",
    `
A data file is a list of targets, one for each sequence or a list for each; or {"targets": …, "inputLengths": […]},
{"sessions": [[items in order], …]}, {"rewards": [[…], …]}. A flag overrules what the data say.
  echo '{"targets": ["hello", "deep"], "inputLengths": [40, 31]}' | seqloss choose -`,
  )
  .action(async (data, flags) => (await import("./choose.js")).choose(data, flags));

program
  .command("gradcheck")
  .description("a loss's gradient against central differences")
  .argument("<function>")
  .option(input[0], `${input[1]}; default a random one`)
  .option(...labels)
  .option("--seed <n>", "of the random case", wholeNumber(0), 1)
  .option(...json)
  .action(async (name, flags) => {
    process.exitCode = await gradcheck(name, flags);
  });

program
  .command("diagnose")
  .description("why a run does not learn, or what is wrong with one batch: evidence, and what to do")
  .argument("<run>", "folder of a run; or a case, with --loss, - for standard input")
  .option("--loss <function>", "the loss that the case is for")
  .option(...labels)
  .option(...json)
  .addHelpText(
    "after",
    `
A case is what seqloss loss takes. Of a run the log is read, and the next batch goes through the newest checkpoint; nothing is changed.
The exit code is 1 where there are errors; warnings and notes leave it 0.
  echo '{"logits": [[[0, 1, 0], [1, 0, 0]]], "labels": [[2, 2]]}' | seqloss diagnose - --loss ctcLoss`,
  )
  .action(async (path, flags) => {
    process.exitCode = await diagnose(path, flags);
  });

// the commands below load the tasks and what they need; the ones above start faster without
program
  .command("train")
  .description("train a task's network; a run is a folder, and can be resumed")
  .argument("[task]", "numbers, forecast, play, language, speech, handwriting, translate, recommend, tag, classify")
  .option("--resume <run>", "go on with an interrupted run, bit for bit")
  .option("--out <folder>", 'where runs are kept (default: "runs")')
  .option("--seed <n>", "of the initial weights and the training data (default: 1)", wholeNumber(0))
  .option("--steps <n>", "training steps instead of the task's own number", wholeNumber(1))
  .option("--loss <function>", "one of the task's losses (default: its first)")
  .option("--data <set>", "one of the task's data sets (default: the first that is found; see seqloss data)")
  .option(
    "--from <run>",
    "begin with the weights of a trained network: a run, a file of export's, or a task for what comes with seqloss",
  )
  .option(
    "--set <name=value>",
    "one of the settings that config.json of a run lists, such as hidden=64; may be repeated",
    listed,
  )
  .option("--download", "get that data set first, or the task's best one, if it is missing")
  .option("--tensorboard", "also log for TensorBoard: tensorboard --logdir runs")
  .option("--minutes <n>", "stop after this long and evaluate; the run can be resumed", positive)
  .option(...threads)
  .option(...json)
  .action(async (task, flags) => {
    const { train } = await import("./train.js");
    process.exitCode = await train(task, flags);
  });

withLanguage(program.command("evaluate"))
  .description("score a trained network on data that training never saw")
  .argument("<run>", "folder of the run; or a file of export's, or a task, of which a small network comes with seqloss")
  .option(...threads)
  .option(...json)
  .action(async (run, flags) => (await import("./evaluate.js")).evaluate(run, flags));

withLanguage(program.command("predict"))
  .description("what a trained network makes of an input")
  .argument("<run>", "folder of the run; or a file of export's, or a task, of which a small network comes with seqloss")
  .argument(
    "[input]",
    "what the task reads: digits or a PNG, a date, a text, a WAV, strokes, a word, a history (default: an example of it)",
  )
  .option("--temperature <n>", "for language: below 1 the likely becomes likelier; 0 takes the likeliest", atLeastZero)
  .option("--seed <n>", "for language: of what is drawn (default: the run's)", wholeNumber(0))
  .option(...json)
  .addHelpText(
    "after",
    `
Strokes, for handwriting and for numbers trained on unipen, are a file: {"strokes": [[x0, y0, x1, y1, ...], ...]}, a list of places for
each time that the pen was down, y downwards unless there is "y": "up"; or InkML; or the lines and paths of an SVG.`,
  )
  .action(async (run, given, flags) => (await import("./predict.js")).predict(run, given, flags));

program
  .command("export")
  .description("a trained network as a file: for PyTorch or onnxruntime, and how to load it there; or for predict")
  .argument("<run>", "folder of the run; or a task, of which a small network comes with seqloss")
  .addOption(
    new Option("--format <format>", "weights for PyTorch, as safetensors or a .pt file; or the network as ONNX")
      .choices(["safetensors", "torch", "onnx"])
      .makeOptionMandatory(),
  )
  .option(
    "--output <file>",
    "where to write it (default: model.safetensors, model.pt or model.onnx in the run's folder)",
  )
  .option("--half", "of safetensors: 16-bit floats, for a file half as large")
  .option(...json)
  .addHelpText(
    "after",
    `
Weights have the names and layouts of PyTorch's modules; the Python lines that make those and load the file are printed. Read from
both ends or ragged, sequences go through them packed, and give what they give here:
  packed = nn.utils.rnn.pack_padded_sequence(inputs, lengths, batch_first=True, enforce_sorted=False)
  states, _ = nn.utils.rnn.pad_packed_sequence(model.rnn(packed)[0], batch_first=True)
  outputs = model.head(states)
An ONNX file is called with the inputs and their lengths: session.run(None, {"input": inputs, "lengths": lengths}).
  seqloss export runs/numbers-… --format onnx
A safetensors file says in its metadata what it is of, so that it can be used without the run: seqloss predict model.safetensors 2718`,
  )
  .action(async (run, flags) => (await import("./exportRun.js")).exportRun(run, flags));

program
  .command("compare")
  .description("the same network trained with several losses, each from several seeds: scores, differences, curves")
  .argument("<task>", "numbers, forecast, play, language, speech, handwriting, translate, recommend, tag, classify")
  .option("--losses <a,b>", "which, the first of them the one to compare with (default: all that the task takes)")
  .option("--seeds <n>", "runs of each loss, from seeds 1 to n (default: 3)", wholeNumber(1))
  .option("--steps <n>", "training steps instead of the task's own number", wholeNumber(1))
  .option("--data <set>", "one of the task's data sets (default: the first that is found)")
  .option("--out <folder>", 'where the folder compare-… is kept (default: "runs")')
  .option(...threads)
  .option(...json)
  .addHelpText(
    "after",
    `
Interrupted, it goes on when the same command is given again; more seeds or losses add to what is trained. Each run is a folder of its
own, for evaluate and predict.
  seqloss compare forecast --losses meanSquaredError,meanAbsoluteError --seeds 5`,
  )
  .action(async (task, flags) => {
    const { compare } = await import("./compare.js");
    process.exitCode = await compare(task, flags);
  });

program
  .command("init")
  .description("write a small project that trains a network, to put your own data into")
  .argument("[folder]", "a new or empty one", ".")
  .option(
    "--template <name>",
    "ctc: labels without positions; classify: one class for a sequence; page: ctc in a web page (default: ctc)",
  )
  .option(...json)
  .action(async (folder, flags) => (await import("./init.js")).init(folder, flags));

program
  .command("lab")
  .description("the web app: see, change and check every loss, and train networks, in a browser on this machine")
  .option("--port <n>", "where to listen (default: 4173, or any free one)", wholeNumber(0))
  .option("--runs <folder>", 'the runs to show beside those of the browser (default: "runs")')
  .action(async (flags) => (await import("./lab.js")).lab(flags));

program
  .command("tensorboard")
  .description("write the log of runs as event files for TensorBoard: tensorboard --logdir runs")
  .argument("<run...>", "folders of runs")
  .option(...json)
  .action(async (runs, flags) => (await import("./tensorboard.js")).tensorboard(runs, flags));

const dataCommand = program
  .command("data")
  .description("the data sets of the tasks: where they are, how to get those that are missing")
  .argument("[task]")
  .option(...json)
  .addHelpText(
    "after",
    `
Sets from outside are looked for in the folder SEQLOSS_DATA, in shared/data beside the project's folder and in the cache, each in a
folder of its own name, and their checksums verified. Nothing is downloaded unless asked for.`,
  )
  .action(async (task, flags) => (await import("./data.js")).data(task, flags));

dataCommand
  .command("get")
  .description("download a data set into the cache, convert it where its home has it in another form, and verify it")
  .argument("<set>")
  .option(...json)
  .action(async (set, _, command) => (await import("./dataGet.js")).dataGet(set, command.optsWithGlobals()));

for (const command of [...program.commands, ...dataCommand.commands]) {
  command.exitOverride().configureOutput({ outputError: () => {} });
}

const complain = (message: string) => process.stderr.write(`${colour.red("seqloss:")} ${message}\n`);

process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(EXIT.ok); // whoever reads our output has read enough
  const { message } = explainFailure(error);
  complain(`standard output: ${message}`);
  process.exit(EXIT.output);
});
process.stderr.on("error", () => {}); // nobody listens, and nowhere else to say so

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) {
    const { message, exitCode } = explainFailure(error);
    complain(message);
    process.exitCode = exitCode;
  } else if (error.exitCode !== 0) {
    // without a command the help was shown
    const message = error.message.replace(/^error: /, "").replace(/\s*\n\s*/g, " ");
    if (error.code !== "commander.help") complain(`${message.replace(/(\w)$/, "$1.")} See seqloss --help.`);
    process.exitCode = EXIT.usage;
  }
}
