import { existsSync, readdirSync, readFileSync } from "node:fs";

/** A spec of the repository, with the files that it imports. */
export interface Example {
  readonly name: string;
  readonly text: string;
  readonly read: (path: string) => string | undefined;
}

function exampleOf(folder: URL, file: string, name: string): Example {
  const read = (path: string) => {
    const url = new URL(path, folder);
    return existsSync(url) ? readFileSync(url, "utf8") : undefined;
  };
  return { name, text: readFileSync(new URL(file, folder), "utf8"), read };
}

/** All specs of the repository. */
export const specs: readonly Example[] = ["", "meta/", "multitask/"].flatMap((path) => {
  const folder = new URL(`../../specs/${path}`, import.meta.url);
  const files = readdirSync(folder).filter((file) => file.endsWith(".nnspec"));
  return files.map((file) => exampleOf(folder, file, path + file));
});

const folder = new URL("../samples/", import.meta.url);

/** All samples, each with a mistake. */
export const samples: readonly Example[] = readdirSync(folder)
  .filter((name) => existsSync(new URL(`${name}/input.nnspec`, folder)))
  .map((name) => exampleOf(new URL(`${name}/`, folder), "input.nnspec", name));
