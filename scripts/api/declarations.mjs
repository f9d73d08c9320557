import { readFileSync } from "node:fs";

/**
 * The members of an interface or the public ones of a class in a file of `src`, as it is formatted: their doc comments and the text
 * of their types. What a comment does not say is the reader's to miss.
 */
export function membersOf(file, name) {
  const text = readFileSync(new URL(`../../src/${file}`, import.meta.url), "utf8");
  const head = new RegExp(`^export interface ${name}\\b[^{]*\\{\\n`, "m").exec(text);
  if (!head) throw new Error(`there is no interface ${name} in ${file}`);
  const start = head.index + head[0].length;
  const lines = text.slice(start, text.indexOf("\n}\n", start)).split("\n");
  const members = [];
  let [doc, member] = [[], []];
  for (const line of lines) {
    if (member.length === 0 && /^ {2}(\/\*\*| \*)/.test(line)) doc.push(line);
    else if (line.trim() !== "") member.push(line.trim());
    if (member.length === 0 || !/^ {2}\S.*;$|^ {2}\}.*;$/.test(line)) continue;
    members.push({ ...namedIn(member.join(" ")), doc: textOf(doc) });
    [doc, member] = [[], []];
  }
  return members;
}

/** The doc comment of a declaration. */
export function docOf(file, declaration) {
  const text = readFileSync(new URL(`../../src/${file}`, import.meta.url), "utf8");
  const at = text.indexOf(`\nexport ${declaration}`);
  const start = text.lastIndexOf("/**", at);
  const between = text.slice(start, at + 1);
  if (at < 0 || start < 0 || between.indexOf("*/\n") !== between.length - 3)
    throw new Error(`${declaration} in ${file} has no doc comment`);
  return textOf(between.split("\n"));
}

function namedIn(text) {
  const signature = text
    .replace(/^readonly /, "")
    .replace(/;$/, "")
    .replaceAll(/\s+/g, " ");
  return { name: /^\w+/.exec(signature)[0], signature };
}

function textOf(lines) {
  return lines
    .map((line) => line.replace(/^\s*(\/\*\*|\*\/|\*)? ?/, "").replace(/ ?\*\/$/, ""))
    .join(" ")
    .replaceAll(/\s+/g, " ")
    .trim();
}
