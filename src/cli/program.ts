import { Command, InvalidArgumentError, Option } from "commander";
import { printableLines } from "../diagnostics/printable.js";
import { version } from "./version.js";

/** What a signed integer of 32 bits holds. */
const MOST = 2_147_483_647;

/** An option that may be given several times. */
function collect(value: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, value];
}

function wholeNumber(least: number) {
  return (text: string): number => {
    const value = Number(text);
    if (text.trim() === "" || !Number.isInteger(value) || value < least || value > MOST) {
      const most = MOST.toLocaleString("en-US");
      throw new InvalidArgumentError(`It is a whole number of at least ${least} and at most ${most}.`);
    }
    return value;
  };
}

function withEngine(command: Command, train = "one of the spec's train sections"): Command {
  return command
    .option("--engine <name>", "wasm (the default), tfjs or reference")
    .option("--backend <name>", "a backend of the tfjs engine: wasm or cpu in Node")
    .option("--train <name>", train);
}

const planned = ["fmt", "graph", "lsp", "doctor"];

const spec = "a .nnspec file, or a model document (.json)";

function addInit(nnc: Command): void {
  nnc
    .command("init")
    .argument("[folder]", "where to write", ".")
    .description("write a spec and its data to start from")
    .action(async (folder: string) => (await import("./commands/init.js")).init(folder));
}

function addCheck(nnc: Command): void {
  nnc
    .command("check")
    .argument("<spec>", spec)
    .option("--json", "print the diagnostics as JSON")
    .option("--no-data", "leave the data file alone")
    .description("check a spec, and its data file against it")
    .action(async (path: string, options) => (await import("./commands/check.js")).check(path, options));
}

function addCompile(nnc: Command): void {
  nnc
    .command("compile")
    .argument("<spec>", spec)
    .addOption(
      new Option("--target <target>", "wasm, tfjs, tfjs-graph, json, program or plan").default("wasm"),
    )
    .option("--standalone", "one JavaScript file without any import, with its types beside it (wasm)")
    .option("--threads", "a module that can split each batch over threads (wasm)")
    .option("-o, --out <path>", "a file, where it has an extension, else a folder; - is standard output")
    .option("--checkpoint <file>", "the weights of a tfjs-graph; fresh ones by default")
    .option("--train <name>", "one of the spec's train sections")
    .description("write a training module, a GraphModel, the model document or the tensor program")
    .action(async (path: string, options) =>
      (await import("./commands/compile.js")).compileSpec(path, options),
    );
}

function addTrain(nnc: Command): void {
  withEngine(nnc.command("train"), "one of the spec's train sections, or several to run in order: a,b")
    .argument("<spec>", spec)
    .option("--json", "print JSON lines: one an epoch, and one at the end")
    .option("--epochs <n>", "replaces the spec's", wholeNumber(1))
    .option("--steps <n>", "meta-steps in place of the spec's, with --resume in all", wholeNumber(1))
    .option("--threads <n>", "split each batch over so many threads (wasm)", wholeNumber(1))
    .option("--seed <n>", "replaces the spec's", wholeNumber(0))
    .option("--resplit", "deal the rows by --seed as well")
    .option("--resume [checkpoint]", "go on from a checkpoint")
    .option("--from <checkpoint>", "begin with another model's weights where paths and shapes agree")
    .option("-o, --out <file>", "the checkpoint to write; SPEC.safetensors by default")
    .option("--force", "overwrite the checkpoint of another model")
    .description("train on the spec's data, keep a checkpoint, report on the test part")
    .action(async (path: string, options) => (await import("./commands/train.js")).train(path, options));
}

function addProfile(nnc: Command): void {
  withEngine(nnc.command("profile"))
    .argument("<spec>", spec)
    .option("--json", "print the profile as JSON")
    .addOption(
      new Option("--epochs <n>", "of the training that is looked at").argParser(wholeNumber(1)).default(3),
    )
    .description(
      "train briefly: whether the tasks' gradients conflict in what they share, and what to change",
    )
    .action(async (path: string, options) => (await import("./commands/profile.js")).profile(path, options));
}

function addEvaluate(nnc: Command): void {
  withEngine(nnc.command("evaluate"))
    .argument("<spec>", spec)
    .option("--json", "print the report as JSON")
    .option("--checkpoint <file>", "SPEC.safetensors by default")
    .addOption(
      new Option("--part <part>", "of the spec's data; test by default").choices([
        "train",
        "validation",
        "test",
      ]),
    )
    .option("--data <file>", "all rows of another file instead")
    .option("--source <name>", "which of several data files that file is like")
    .option("--episodes <n>", "test tasks of a spec with a meta section; 600 by default", wholeNumber(1))
    .option("--inner-steps <n>", "steps of adaptation, in place of the spec's", wholeNumber(0))
    .description("losses and metrics of a checkpoint")
    .action(async (path: string, options) =>
      (await import("./commands/evaluate.js")).evaluate(path, options),
    );
}

function addPredict(nnc: Command): void {
  withEngine(nnc.command("predict"))
    .argument("<spec>", spec)
    .argument("[query]", "with --adapt, the file of rows to predict")
    .option("--checkpoint <file>", "SPEC.safetensors by default")
    .option("--adapt <support>", "a file of labelled rows that a spec with a meta section adapts to first")
    .option("--inner-steps <n>", "steps of adaptation, in place of the spec's", wholeNumber(0))
    .option("--row <json>", "one raw row, by input or column names")
    .option("--data <file>", "a data file; the spec's by default")
    .option("--source <name>", "which of several data files that file is like")
    .addOption(
      new Option("--part <part>", "a part of the spec's own data; all of it by default").choices([
        "train",
        "validation",
        "test",
      ]),
    )
    .option(
      "--id <column>",
      "a column of the data file to write beside the predictions; may be given again",
      collect,
    )
    .option("--truth", "write the labels beside the predictions, as TASK_label")
    .addOption(new Option("--format <format>").choices(["csv", "jsonl"]).default("csv"))
    .option("-o, --out <file>", "a file to write; the terminal by default")
    .description("predict in original units and class names")
    .action(async (path: string, query: string | undefined, options) =>
      (await import("./commands/predict.js")).predict(path, query, options),
    );
}

function addSummary(nnc: Command): void {
  nnc
    .command("summary")
    .argument("<spec>", spec)
    .option("--json", "print the table as JSON")
    .option("--train <name>", "one of the spec's train sections")
    .description("the table of layers: shapes, parameters, tasks, what is shared or frozen")
    .action(async (path: string, options) => (await import("./commands/summary.js")).summary(path, options));
}

function addExplain(nnc: Command): void {
  nnc
    .command("explain")
    .argument("<what>", "a diagnostic's code such as NN3004, or flow")
    .argument("[spec]", spec)
    .option("--json", "print the flow as JSON")
    .option("--train <name>", "one of the spec's train sections")
    .description("what a code means and what to do; or, of a spec, which loss reaches which weights")
    .action(async (what: string, path: string | undefined, options) =>
      (await import("./commands/explain.js")).explain(what, path, options),
    );
}

/** Commands that are settled and still to come. */
function addPlanned(nnc: Command): void {
  for (const name of planned) {
    nnc
      .command(name, { hidden: true })
      .argument("[rest...]")
      .allowUnknownOption()
      .action(async () => (await import("./spec.js")).refuse("NN6005", `nnc ${name}`, { command: name }));
  }
}

const commands = [
  addInit,
  addCheck,
  addCompile,
  addTrain,
  addProfile,
  addEvaluate,
  addPredict,
  addSummary,
  addExplain,
  addPlanned,
];

/** The command line, command by command; each is loaded when it is called. */
export function program(): Command {
  const nnc = new Command("nnc")
    .description("Compiles and trains .nnspec files: neural networks, checked before anything runs.")
    .version(version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void process.stdout.write(printableLines(text)),
      writeErr: (text) => void process.stderr.write(printableLines(text)),
    })
    .showHelpAfterError("(`nnc --help` shows how it goes)");
  for (const add of commands) add(nnc);
  return nnc;
}
