import { catalogue, type Code } from "../diagnostics/index.js";
import type { ComponentKind, Entry, Json, Parameter } from "../library/entry.js";
import { componentKinds, entriesOf } from "../library/index.js";

/** The documentation of every code, as Markdown. */
export function diagnosticsPage(): string {
  const rows = (Object.keys(catalogue) as Code[]).sort().map((code) => {
    const { severity, title, explanation, hint } = catalogue[code];
    return `## ${code}: ${title}\n\n_${severity}_. ${explanation}${hint === undefined ? "" : `\n\nHint: ${hint}`}\n`;
  });
  const intro =
    "Every message has a stable code: NN1xxx syntax, 2xxx names and types, 3xxx shapes, 4xxx tasks and losses, 5xxx training\nand meta-learning, 6xxx targets, 7xxx data. `nnc explain CODE` prints the same.";
  return `# Diagnostics\n\n${intro}\n\n${rows.join("\n")}`;
}

const headings: Readonly<Record<ComponentKind, string>> = {
  layer: "Layers",
  activation: "Activations",
  initializer: "Initializers",
  regularizer: "Regularizers",
  loss: "Losses",
  metric: "Metrics",
  optimizer: "Optimizers",
  schedule: "Schedules",
  clip: "Clipping",
  balancer: "Balancers",
  stopper: "Stopping rules",
  transform: "Transforms",
  split: "Splits",
  sampler: "Samplers",
  family: "Families of tasks",
  algorithm: "Meta-learning algorithms",
};

/** The documentation of every entry of the library, as Markdown. */
export function libraryPage(): string {
  const sections = componentKinds().map((kind) => {
    const entries = entriesOf(kind).filter((entry) => !("hidden" in entry) && !("activation" in entry));
    return `## ${headings[kind]}\n\n${[...entries]
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map(entryText)
      .join("\n")}`;
  });
  const intro =
    "Made from the library itself. Defaults are Keras's where Keras has the thing. Every activation is also a layer:\n`x |> relu`.";
  return `# The library\n\n${intro}\n\n${sections.join("\n")}`;
}

function entryText(entry: Entry): string {
  const rows = entry.parameters.map(parameterRow);
  const table =
    rows.length === 0 ? "" : `\n| parameter | default | |\n| --- | --- | --- |\n${rows.join("\n")}\n`;
  return `### ${entry.name}\n\n${entry.doc}\n\n\`\`\`nnspec\n${entry.example}\n\`\`\`\n${table}`;
}

function parameterRow(parameter: Parameter): string {
  const fallback = "default" in parameter ? `\`${showDefault(parameter.default as Json)}\`` : "";
  return `| \`${parameter.name}\` | ${fallback} | ${parameter.doc.replaceAll("|", "\\|")} |`;
}

function showDefault(value: Json): string {
  if (value === null) return "none";
  if (typeof value === "object" && !Array.isArray(value) && "name" in value) return String(value["name"]);
  return typeof value === "string" ? value : JSON.stringify(value);
}
