// Writes the standard library's texts into a module, so that the package needs no file access for them.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";

const folder = new URL("../src/library/std/", import.meta.url);
const texts = readdirSync(folder)
  .filter((file) => file.endsWith(".nnspec"))
  .sort()
  .map((file) => [file.slice(0, -".nnspec".length), readFileSync(new URL(file, folder), "utf8")]);
const lines = texts.map(([name, text]) => `  ${JSON.stringify(name)}: ${JSON.stringify(text)},\n`);
writeFileSync(
  new URL("texts.generated.ts", folder),
  `/** Made by scripts/embed-std.mjs from the .nnspec files beside it. */\nexport const texts: Readonly<Record<string, string>> = {\n${lines.join("")}};\n`,
);
