import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "../compare.mjs";

const specs = new URL("../../specs/", import.meta.url);
const command = fileURLToPath(new URL("../../dist/bin/nnc.js", import.meta.url));

/** A spec of specs/meta with other lines, its data files where they are. */
export function variant(name, lines) {
  let text = readFileSync(new URL(`meta/${name}.nnspec`, specs), "utf8").replace(
    '"../data/',
    `"${fileURLToPath(new URL("data/", specs))}`,
  );
  for (const [pattern, line] of lines) {
    if (!pattern.test(text)) throw new Error(`${name}.nnspec has no ${pattern}`);
    text = text.replace(pattern, line);
  }
  return text;
}

/** Trains a spec's text with `nnc train`; gives its events, and a way to evaluate what was trained. */
export async function train(text, { seed, steps }) {
  const path = join(mkdtempSync(join(tmpdir(), "nnc-")), "spec.nnspec");
  writeFileSync(path, text);
  const events = await run(command, ["train", path, "--json", "--seed", seed, "--steps", steps].map(String));
  return {
    checkpoint: path.replace(".nnspec", ".safetensors"),
    steps: events.filter(({ event }) => event === "step"),
    end: events.find(({ event }) => event === "end"),
    evaluate: async (inner) =>
      (await run(command, ["evaluate", path, "--json", "--inner-steps", String(inner)]))[0],
  };
}
