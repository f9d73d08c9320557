import type { Entry } from "../../src/library/entry.js";

/** What an example may take for granted. */
const inputs: Readonly<Record<string, string>> = {
  x: "input x: float[6]",
  a: "input a: float[4]",
  b: "input b: float[4]",
  image: "input image: float[8, 8, 1]",
  pixels: "input pixels: float[64]",
  series: "input series: float[5, 3]",
  word: "input word: category(9)",
  measures: "input measures: float[2]",
  island: 'input island: category("Biscoe", "Dream")',
};

const regression = "label: float\nloss: mse";
const TRAIN = "train { optimizer: sgd(lr: 0.1) epochs: 1 batch: 2 }";

/** A line of a model, in a task that is made of what the line names. */
function withLine(line: string): string {
  const [, name] = /^(?:weight )?(\w+)/.exec(line)!;
  const read = line.slice(line.indexOf("=") + 1);
  const mentions = (word: string, text = read): boolean => new RegExp(`\\b${word}\\b`).test(text);
  // Some examples stand in a larger whole.
  const around = {
    first: `task first {\noutput = x |> dense(1)\n${regression}\n}`,
    experts: "experts = [for i in 1..3: x |> dense(4)]",
    gate: "gate = x |> dense(3, softmax)",
    table: "table = word |> embedding(4)",
  };
  const context = Object.entries(around).filter(([word]) => mentions(word));
  const free = line.startsWith("weight ");
  const whole = [read, ...context.map(([, text]) => text), ...(free ? ["x"] : [])].join("\n");
  const needed = Object.keys(inputs).filter((input) => input !== name && mentions(input, whole));
  const rank = /: float\[([^\]]*)\]/.exec(line)?.[1]?.split(",").length;
  const used = !free ? name : rank === 1 ? `((x |> dense(4)) * ${name})` : `(${name} * (x |> dense(4)))`;
  return `model M {
    ${needed.map((input) => inputs[input]).join("\n")}
    ${context.map(([, text]) => text).join("\n")}
    ${free ? line : ""}
    task y {
      ${free ? "" : line}
      output = ${used} |> flatten |> dense(1)
      ${regression}
    }
  }
  ${TRAIN}`;
}

function withTask(output: string, label: string, settings: string): string {
  return `model M {
    ${inputs["x"]}
    task y {
      output = x |> ${output}
      label: ${label}
      ${settings}
    }
  }
  ${TRAIN}`;
}

function withData(lines: string, width = 2): string {
  return `model M {
    input measures: float[${width}]
    task y {
      output = measures |> dense(1)
      ${regression}
    }
  }
  ${TRAIN}
  data {
    from: "rows.csv"
    y = target
    ${lines}
  }`;
}

function withTraining(line: string): string {
  return `${withData("measures = [a, b]")}`.replace(TRAIN, `train {\n${line}\nepochs: 1\nbatch: full\n}`);
}

/** Two tasks over a shared part. */
function withBalance(line: string): string {
  return `model M {
    ${inputs["measures"]}
    shared trunk = dense(3, tanh)
    h = measures |> trunk
    task y {
      output = h |> dense(1)
      ${regression}
    }
    task z {
      output = h |> dense(1)
      ${regression}
    }
  }
  train {
    optimizer: sgd(lr: 0.1)
    ${line}
    epochs: 1
    batch: full
  }
  data {
    from: "rows.csv"
    y = target
    z = other
    measures = [a, b]
  }`;
}

const withSources = (line: string) => `
  model Example {
    input measures: float[2]
    shared trunk = dense(8, tanh)
    h = measures |> trunk
    task y { output = h |> dense(1)  label: float?  loss: mse }
    task z { output = h |> dense(1)  label: float?  loss: mse }
  }
  train { optimizer: sgd(lr: 0.1)  epochs: 1  batch: 2 }
  data {
    from films: "films.csv"
    from news: "news.csv"
    measures = films[a, b]
    measures = news[a, b]
    y = films.stars
    z = news.clicks
    ${line}
  }`;

const withMeta = (algorithm: string, tasks: string) => `
  model Example {
    input x: float[1]
    weight context: float[8] = zeros
    h = x |> dense(8)
    task y { output = (h + context) |> tanh |> dense(1)  label: float  loss: mse }
  }
  meta {
    ${algorithm}
    ${tasks}
    episode: { support: 4, query: 4 }
    tasks_per_step: 2
  }`;

const withEpisodes = (algorithm: string) => `
  model Example {
    input x: float[1]
    h = x |> dense(8)
    task y { output = h |> dense(ways, softmax)  label: category(ways)  loss: categorical_crossentropy }
  }
  meta {
    ${algorithm}
    episode: { ways: 2, support: 2, query: 2 }
    tasks_per_step: 2
  }`;

/** Losses and metrics that want something else than a number. */
const tasks: Readonly<Record<string, readonly [output: string, label: string]>> = {
  binary_crossentropy: ["dense(1, sigmoid)", "binary"],
  categorical_crossentropy: ["dense(3, softmax)", "category(3)"],
};

/** A small spec around the example of an entry of the library. */
export function specOf(entry: Entry): string {
  switch (entry.kind) {
    case "layer":
    case "activation":
    case "initializer":
    case "regularizer":
      return withLine(entry.example);
    case "loss":
      return withTask(...(tasks[entry.name] ?? ["dense(1)", "float"]), entry.example);
    case "metric": {
      const numeric = ["mae", "rmse", "r2"].includes(entry.name);
      if (numeric) return withTask("dense(1)", "float", `loss: mse\n${entry.example}`);
      return withTask(...tasks["binary_crossentropy"]!, `loss: binary_crossentropy\n${entry.example}`);
    }
    case "balancer":
      return withBalance(entry.example);
    case "schedule":
    case "optimizer":
    case "clip":
    case "stopper":
      return withTraining(entry.example);
    case "transform":
      return withData(entry.example, entry.name === "missing_indicator" ? 4 : 2);
    case "split":
      return withData(`measures = [a, b]\n${entry.example}`);
    case "sampler":
      return withSources(entry.example);
    case "family":
      return withMeta("algorithm: maml", entry.example);
    case "algorithm":
      return "kept" in entry ? withEpisodes(entry.example) : withMeta(entry.example, "tasks: sinusoids");
  }
}
