import { expect, test } from "vitest";
import { compile } from "../../src/compile.js";
import { ImportProblem } from "../../src/phases/context.js";
import { renderAll } from "../../src/diagnostics/render.js";

interface Mistake {
  readonly input?: string;
  readonly h?: string;
  readonly task?: string;
  readonly rest?: string;
}

/** What is said of a small model with one mistake in it: each message with its hint. */
function said({
  input = "float[4]",
  h = "x",
  task = "label: float  loss: mse",
  rest = "",
}: Mistake): string[] {
  const text = `model M {\n  input x: ${input}\n  h = ${h}\n  task t { output = h |> dense(1)  ${task} }\n}\n${rest}`;
  return compile(text).diagnostics.map(({ message, hint }) =>
    hint === undefined ? message : `${message} ${hint}`,
  );
}

const series = "float[5, 4]";

test.each<[string, Mistake, string[]]>([
  [
    "a rate by Keras's name",
    { rest: "train { optimizer: adam(learning_rate: 0.1) }" },
    ["`adam` has no option `learning_rate`. Did you mean `lr`?"],
  ],
  [
    "a loss in quotes",
    { task: 'label: float  loss: "mse"' },
    ["A loss is wanted here, by its name. Names of the library stand without quotes: `mse`."],
  ],
  [
    "a loss by Keras's name",
    { task: "label: float  loss: mean_squared_error  metrics: [MeanAbsoluteError]" },
    [
      "There is no loss called `mean_squared_error`. Here it is called `mse`.",
      "There is no metric called `MeanAbsoluteError`. Here it is called `mae`.",
    ],
  ],
  [
    "a loss by Keras's name in quotes",
    { task: 'label: binary  loss: "bce"' },
    [
      "A loss is wanted here, by its name. Names of the library stand without quotes. Here it is called `binary_crossentropy`.",
    ],
  ],
  [
    "settings of a task with =",
    { task: "label: float  loss = mse  metrics = [mae]" },
    [
      "A setting is written with `:`, not with `=`. Write `loss: …`.",
      "A setting is written with `:`, not with `=`. Write `metrics: …`.",
    ],
  ],
  [
    "a label with =",
    { task: "label = float[3]  loss: mse" },
    ["A setting is written with `:`, not with `=`. Write `label: …`."],
  ],
  [
    "a pipe written as an arrow",
    { h: "x -> dense(3)" },
    ["Found `>` where an expression was expected. A pipe is written `|>`."],
  ],
  [
    "a layer written as a method",
    { h: "x.dense(3)" },
    ["`x.dense` is a value, but a function is wanted here. A layer is applied with a pipe: `x |> dense(…)`."],
  ],
  [
    "quotes that an editor has bent",
    { rest: "data { from: “wine.csv”  x = [a, b, c, d]  t = y }" },
    ['Strings are written with double quotes. Write `"wine.csv"`.'],
  ],
  [
    "backticks",
    { task: "label: float  loss: `mse`" },
    [
      'Strings are written with double quotes. Write `"mse"`.',
      "A loss is wanted here, by its name. Names of the library stand without quotes: `mse`.",
    ],
  ],
  ["two labels", { task: "label: float  loss: mse  label: binary" }, ["`task t` is given `label` twice."]],
  [
    "a class twice",
    {
      task: "weight: 0.5  label: float  loss: mse  class_weights: { a: 1, a: 2, b: 1 }",
    },
    ["Class weights of `t`: a float label has no classes.", "`a` stands twice in these braces."],
  ],
  [
    "layers by PyTorch's names",
    { h: "x |> Linear(4) |> GRU(3)" },
    [
      "There is no layer or block called `Linear`. Here it is called `dense`.",
      "The layer `GRU` is not there yet in this version. Write `lstm`, the recurrent layer that there is.",
    ],
  ],
  [
    "a number in quotes, Keras's name of a loss in a rule",
    { rest: 'train { optimizer: adam(lr: "0.01")  stop: early(monitor: "val_loss") }' },
    [
      "A schedule is wanted here, by its name. Numbers stand without quotes: `0.01`.",
      "A path is wanted here. `validation.loss`, `validation.TASK.loss` or `validation.TASK.METRIC`; or a list of them.",
    ],
  ],
  [
    "a column with a blank, without quotes",
    { rest: 'data {\n  from: "d.csv"\n  t = my col\n  x = [a, b, c, d]\n}' },
    [
      'Found `col` where a column binding or a setting was expected. A name with a blank stands in quotes: `"my col"`.',
    ],
  ],
  [
    "a tensor called loss",
    { task: "loss = h |> dense(3)  label: float  loss: mse" },
    ["No loss reaches binding `loss`. Use it in a task's output, or take it out."],
  ],
  [
    "a misspelled tensor among several",
    { h: "concat(x, xx)" },
    ["There is no value called `xx`. Did you mean `x`?"],
  ],
  [
    "a misspelled tensor where two are taken",
    { h: "dot(x, xx)" },
    ["There is no value called `xx`. Did you mean `x`?"],
  ],
  ["a misspelled list", { h: "concat(parts[0], x)" }, ["There is no value called `parts`."]],
  [
    "a file without quotes, True",
    { rest: "data { from: wine.csv  header: True  x = [a, b, c, d]  t = y }" },
    [
      'There is no constant called `wine.csv`. Texts stand in quotes: `"wine.csv"`.',
      "There is no constant called `True`. Did you mean `true`?",
    ],
  ],
  [
    "texts in the place of a type",
    { task: 'label: "a"  loss: mse' },
    [
      'Found the string `"a"` where a name was expected. A type is wanted; one that lists its texts is `category("a", …)`.',
    ],
  ],
  [
    "an activation in quotes",
    { h: 'x |> dense(3, activation: "relu")' },
    ["An activation is wanted here, by its name. Names of the library stand without quotes: `relu`."],
  ],
  [
    "classes without quotes",
    { task: "label: category(small, large)  loss: mse" },
    ["small", "large"].map(
      (name) =>
        `There is no constant called \`${name}\`. Names of classes are strings: \`category("small", "large")\`.`,
    ),
  ],
  [
    "a decimal comma",
    { rest: "train { optimizer: adam(lr: 0,01) }" },
    [
      "`adam` gets a positional argument after a named one. A decimal point is written `.`, as in `0.01`; a number of its own needs its name here.",
    ],
  ],
  [
    "the batch as None",
    { input: "float[None, 2]" },
    [
      "There is no constant called `None`. The batch is never written, and every length is fixed: `float[20, 2]`, or a `dim`.",
    ],
  ],
  [
    "an input that is too large, with three uses",
    { input: "float[1000000000]", h: "concat(x, x |> dense(2), x |> dense(2))" },
    ["One example's [1000000000] would take more than 2³¹ bytes."],
  ],
  [
    "numbers where names are wanted",
    { h: "x |> dense(2, 3)", rest: "train { clip: 1  stop: 5 }" },
    [
      "An activation is wanted here, by its name. There is `elu`, `gelu`, `leaky_relu`, `linear`, `relu`, `sigmoid`, `silu`, `smooth_step`, `softmax`, `softplus`, `tanh`.",
      "A clip is wanted here, by its name. There is `global_norm`, `value`.",
      "A stopping rule is wanted here, by its name. There is `early`.",
    ],
  ],
  [
    "a name of the library where a number is wanted",
    { h: "x |> dense(2, relu, relu)" },
    [
      "There is no constant called `relu`. The library's `relu` (activation) is no number, truth value or text: name the option that it is for, as in `activation: relu`.",
    ],
  ],
  [
    "a shape as a binding",
    { h: "x |> dense(4)", task: "label: float  loss: mse  g = x.shape" },
    [
      "A binding holds a tensor, and `g` would be a constant. A tensor's shape and a list's length are known in the model alone: write them where they are wanted, as in `dense(x.shape[-1])`.",
    ],
  ],
  [
    "too many layers",
    { rest: "budget { layers <= 0  layers <= -1 }" },
    ["`layers` is 1, and the budget says <= 0.", "A budget is a number of at least 0."],
  ],
  [
    "an index into an empty list",
    { task: "label: float  loss: mse  l = [for i in 0..-1: x]  g = l[5] |> dense(2)" },
    [
      "Index 5 is outside the list, which is empty. A list is empty where the count that it is made with is 0.",
    ],
  ],
  [
    "a length as ?",
    { input: "float[?, 2]" },
    [
      "Found `?` where a length was expected. The batch is never written, and every length is fixed: `float[20, 2]`.",
    ],
  ],
  [
    "a column with a colon",
    { rest: 'data { from: "a.csv"  x = a..d  t: t }' },
    ["`data` has no setting `t`. Columns are bound with `=`: `t = …`."],
  ],
  [
    "a setting with =",
    { rest: 'data { from = "a.csv"  x = a..d  t = t }' },
    ["A setting is written with `:`, not with `=`. Write `from: …`."],
  ],
  [
    "settings of other libraries",
    { rest: "train { early_stopping: true  validation_split: 0.2  batch_size: 3 }" },
    [
      "`train` has no setting `early_stopping`. Here `stop` does it. When to stop before the last epoch.",
      "`train` has no setting `validation_split`. `split` of the `data` section does it. How the rows are dealt.",
      "`train` has no setting `batch_size`. Here `batch` does it. Rows a step, or `full`.",
    ],
  ],
  [
    "a second lstm",
    { input: series, h: "x |> lstm(8) |> lstm(4)" },
    [
      "`lstm` takes sequences, [time, features], but here comes [8]. A layer such as `lstm` before it keeps its steps with `return_sequences: true`; `reshape([time, features])` makes steps of a vector.",
    ],
  ],
  [
    "a number in a layer that is an operator",
    { h: "divide(1, x)" },
    ["`divide` takes no more than 1 argument. Write `1 / x`."],
  ],
  [
    "a value above its bound",
    { rest: "train { epochs: 1000000000 }" },
    [
      "`epochs` of `train` must be a whole number of at least 1 and at most 1,000,000, not 1000000000. Passes over the training part.",
    ],
  ],
  [
    "a planned layer",
    { input: series, h: "x |> gru(3)" },
    ["The layer `gru` is not there yet in this version. Write `lstm`, the recurrent layer that there is."],
  ],
  [
    "a task as a value",
    { task: "label: float  loss: mse  g = t" },
    ["There is no value called `t`. `t` is a task; what other tasks see of it is `t.output`."],
  ],
])("%s", (_, mistake, expected) => {
  expect(said(mistake)).toEqual(expected);
});

test("a task may be called like something that it uses", () => {
  for (const name of ["dense", "relu", "mse", "float"]) {
    const text = `model M { input x: float[4]  task ${name} { output = x |> dense(1, relu)  label: float  loss: mse } }`;
    expect(compile(text).document?.tasks.map((task) => task.name)).toEqual([name]);
  }
});

test("lines of an imported file are shown where it lies with the spec, and nowhere else", () => {
  const spec = (path: string) =>
    `import { a } from "${path}"\nmodel M { input x: float[2]  task t { output = x |> dense(1)  label: float  loss: mse } }\n`;
  const said = (path: string) =>
    renderAll(compile(spec(path), { path: "./specs/a.nnspec", read: () => "secret = = 1\n" }).diagnostics, {
      color: false,
    });
  expect(said("parts/b.nnspec")).toContain("1 │ secret = = 1");
  expect(said("../b.nnspec")).toContain("b.nnspec:1:1");
  expect(said("../b.nnspec")).not.toContain("│ secret");
});

test("a function that reads imports and throws is a file that is not there", () => {
  const read = () => {
    throw new Error("no");
  };
  const text =
    'import { a } from "b.nnspec"\nmodel M { input x: float[2]  task t { output = x |> dense(1)  label: float  loss: mse } }\n';
  expect(compile(text, { read }).diagnostics.map((d) => d.code)).toEqual(["NN2014"]);
});

test("why an import cannot be read is said", () => {
  const text =
    'import { b } from "folder"\nmodel M { input x: float[2] task t { output = x |> b label: float loss: mse } }';
  const read = () => {
    throw new ImportProblem("it is a folder");
  };
  expect(compile(text, { path: "a.nnspec", read }).diagnostics.map((d) => d.message)).toEqual([
    'Cannot import "folder": it is a folder.',
  ]);
});

test("what could not be read of an imported file hides what it may declare", () => {
  const broken = "block a(x: tensor) { return x |> dense(\nblock b(x: tensor) { return x |> dense(3) }\n";
  const text =
    'import { a, b } from "b.nnspec"\nmodel M { input x: float[2] task t { output = x |> a |> b label: float loss: mse } }';
  const codes = compile(text, { path: "a.nnspec", read: () => broken }).diagnostics.map((d) => d.code);
  expect([...new Set(codes)]).toEqual(["NN1008"]);
});

test("warnings alone, however many, refuse nothing", () => {
  const unused = Array.from({ length: 1500 }, (_, i) => `h${i} = x |> dense(1)`).join("\n");
  const text = `model M {\n input x: float[2]\n ${unused}\n task t { output = x |> dense(1) label: float loss: mse }\n}`;
  const { diagnostics, document } = compile(text);
  expect(document).toBeDefined();
  expect(diagnostics.at(-1)).toMatchObject({ code: "NN1030", message: "1000 more warnings are not shown." });
  const wrong = compile(text.replace("loss: mse }", "loss: mes }"));
  expect(wrong.document).toBeUndefined();
  expect(wrong.diagnostics.filter((d) => d.severity === "error").map((d) => d.code)).toEqual(["NN2020"]);
});

test("lists that hold each other by their names are not walked without end", () => {
  const lists = Array.from({ length: 12_000 }, (_, i) => `l${i} = [${i === 0 ? "x" : `l${i - 1}`}]`).join(
    "\n",
  );
  const text = `model M {\n input x: float[2]\n ${lists}\n task t { output = concat(l11999) |> dense(1) label: float loss: mse }\n}`;
  const { diagnostics } = compile(text);
  expect(diagnostics.filter((d) => d.severity === "error").map((d) => d.message)).toEqual([
    "Lists lie in each other more than 100 deep.",
  ]);
});

test.each([
  ["inptu x: float[2]", "input"],
  ["taks u { output = x |> dense(1) label: float loss: mse }", "task"],
  ["shraed s = dense(2)", "shared"],
])("a misspelled word that declares something: %s", (item, meant) => {
  const text = `model M {\n input x: float[2]\n ${item}\n task t { output = x |> dense(1) label: float loss: mse }\n}`;
  const [first] = compile(text).diagnostics;
  expect(first).toMatchObject({ code: "NN1002", hint: `Did you mean \`${meant}\`?` });
});

test.each([
  ["modle M", "task t", "NN1014"],
  ["model M", "taks t", "NN1002"],
])("what could not be read is not missed by other sections: %s, %s", (model, task, code) => {
  const text = `${model} {
  input x: float[2]
  ${task} { output = x |> dense(1)  label: float  loss: mse }
}
train { optimizer: adam(lr: 0.1)  stop: early(monitor: validation.t.loss, patience: 3) }
data { from: "a.csv"  x = [a, b]  t = y  split: { train: 0.5, validation: 0.5 } }`;
  expect([...new Set(compile(text).diagnostics.map((d) => d.code))]).toEqual([code]);
});

test("very long patterns and lists are shown in part", () => {
  const text = (freeze: string, tasks: number) =>
    `model M { input x: float[2]\n${Array.from({ length: tasks }, (_, i) => `task t${i} { output = x |> dense(1)  label: float  loss: mse }`).join("\n")} }\ntrain { freeze: [${freeze}] }`;
  const long = "a.".repeat(20_000) + "b";
  const [mistake] = compile(text(long, 1)).diagnostics;
  expect(mistake?.code).toBe("NN5002");
  expect(mistake?.message.length).toBeLessThan(200);
  const tied = text("t0.*", 1).replace("dense(1)", `dense(1, kernel_initializer: ${"a".repeat(5000)})`);
  for (const { message, hint } of compile(tied).diagnostics)
    expect(message.length + (hint?.length ?? 0)).toBeLessThan(500);
});

test("an argument of a block is told by the block's name, and a count of 0 where it stands", () => {
  const text = (use: string) => `import { mmoe } from "std/multitask"
block enc(x: tensor, units: int) { return x |> dense(units) }
model M { input x: float[2]  ${use} }`;
  const of = (use: string) =>
    compile(text(`${use}  task t { output = x |> dense(1)  label: float  loss: mse }`))
      .diagnostics.filter((d) => d.severity === "error")
      .map((d) => [d.message, d.span.source.text.slice(d.span.start, d.span.end)]);
  expect(of("h = enc(x, units: 3.5)")).toEqual([["`units` of `enc` must be a whole number.", "3.5"]]);
  expect(of("n = mmoe(x, tasks: 0)  h = n[5]")).toEqual([["`tasks` of `mmoe` must be at least 1.", "0"]]);
});

test("a misspelled output", () => {
  const text = "model M { input x: float[2] task t { outptu = x |> dense(1) label: float loss: mse } }";
  const [first] = compile(text).diagnostics;
  expect(first?.hint).toBe("Is it `outptu`? The tensor that a task predicts with is called `output`.");
});

test.each([
  ["x | dense(1)", "`|` cannot stand here. A pipe is written `|>`."],
  [
    "x dense(1)",
    "Found `dense` where an operator or a new item was expected. A layer is applied with a pipe: `|> dense(…)`.",
  ],
  ["x >> dense(1)", "Found `>` where a binding or a setting was expected. A pipe is written `|>`."],
  ["x if true else x", "Found `if` where an operator or a new item was expected."],
])("nothing is concluded from an output that is cut short: %s", (output, message) => {
  const text = `model M { input x: float[4] task t {\n output = ${output}\n label: float loss: mse } }`;
  expect(compile(text).diagnostics.map((d) => (d.hint ? `${d.message} ${d.hint}` : d.message))).toEqual([
    message,
  ]);
});

test("an output that is a layer alone is to be applied", () => {
  const text = "model M { input x: float[2] task t { output = dense(1) label: float loss: mse } }";
  expect(compile(text).diagnostics.map(({ hint }) => hint)).toEqual([
    "Apply it to something: `output = x |> dense(1)`.",
  ]);
});

test("an output that is written like a setting is told once, and so is one that is misspelled besides", () => {
  const of = (item: string) => {
    const text = `model M { input x: float[2] task t { ${item} x |> dense(1) label: float loss: mse } }`;
    return compile(text).diagnostics.map(({ message, hint }) => `${message} ${hint}`);
  };
  expect(of("output:")).toEqual(["The output is written with `=`, not with `:`. Write `output = …`."]);
  expect(of("ouput:")).toEqual(["Task `t` has no setting `ouput`. Did you mean `output`?"]);
});

test("a task whose name is taken is not told to stand further up", () => {
  const text = `block foo(x: tensor) { return x |> dense(4) }
model M {
  input x: float[2]
  task foo { output = x |> foo |> dense(3)  label: float[3]  loss: mse }
  task bar { output = foo.output |> dense(1)  label: float  loss: mse }
}`;
  expect(compile(text).diagnostics.map((d) => d.code)).toEqual(["NN2002"]);
});

test("names that JavaScript objects have are names like any other", () => {
  for (const name of ["constructor", "valueOf", "toString", "hasOwnProperty"]) {
    const text = `const ${name}_c = 3
block ${name}_b(x: tensor) { ${name} = x |> dense(2)  return ${name} }
model ${name} {
  input ${name}: float[4]
  h = ${name} |> ${name}_b
  task t { output = h |> dense(3)  label: category("${name}", "b", "c")  loss: categorical_crossentropy  class_weights: { ${name}: 2 } }
}
train ${name} { epochs: 1 }`;
    const { document, diagnostics } = compile(text);
    expect([name, diagnostics.filter((d) => d.severity === "error")]).toEqual([name, []]);
    expect(document?.tasks[0]?.class_weights).toEqual([2, 1, 1]);
  }
  const refused = [
    "model __proto__ {",
    "train __proto__ {",
    "  __proto__ = x",
    "  h = x |> dense(2) as __proto__",
  ];
  for (const line of refused)
    expect(compile(`${line}\n}`).diagnostics.map((d) => d.code).length).toBeGreaterThan(0);
});
