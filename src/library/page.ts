import type { ComponentKind, Entry, Json, Parameter } from "./entry.js";
import { componentKinds, entriesOf } from "./index.js";

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
  const fallback = "default" in parameter ? `\`${showDefault(parameter.default ?? null)}\`` : "";
  return `| \`${parameter.name}\` | ${fallback} | ${parameter.doc.replaceAll("|", "\\|")} |`;
}

function showDefault(value: Json): string {
  if (value === null) return "none";
  if (typeof value === "object" && !Array.isArray(value) && "name" in value) return String(value["name"]);
  return typeof value === "string" ? value : JSON.stringify(value);
}
