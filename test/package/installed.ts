import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { temporaryFolder } from "../cli/run.js";

export const root = fileURLToPath(new URL("../..", import.meta.url));

/** Runs npm; what it says of it is shown where it fails. */
function npm(cwd: string, ...args: string[]): string {
  return execFileSync("npm", [...args, "--no-audit", "--no-fund"], { cwd, encoding: "utf8", shell: false });
}

/** Packs the package; the path of the tarball. */
export function packed(): string {
  const folder = temporaryFolder();
  const name = npm(root, "pack", "--silent", "--ignore-scripts", "--pack-destination", folder).trim();
  return join(folder, basename(name));
}

/** An empty folder with the packed package installed in it, and others beside it. */
export function installed(...others: string[]): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "package.json"), '{ "private": true, "type": "module" }\n');
  npm(folder, "install", "--prefer-offline", packed(), ...others);
  return folder;
}

/** Writes files by their paths in a folder. */
export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}
