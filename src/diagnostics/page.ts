import { catalogue } from "./index.js";

/** The documentation of every code, as Markdown. */
export function diagnosticsPage(): string {
  const entries = Object.entries(catalogue).sort(([a], [b]) => (a < b ? -1 : 1));
  const rows = entries.map(([code, { severity, title, explanation, hint }]) => {
    return `## ${code}: ${title}\n\n_${severity}_. ${explanation}${hint === undefined ? "" : `\n\nHint: ${hint}`}\n`;
  });
  const intro =
    "Every message has a stable code: NN1xxx syntax, 2xxx names and types, 3xxx shapes, 4xxx tasks and losses, 5xxx training\nand meta-learning, 6xxx targets, 7xxx data. `nnc explain CODE` prints the same.";
  return `# Diagnostics\n\n${intro}\n\n${rows.join("\n")}`;
}
