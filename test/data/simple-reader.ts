/** A reader of a few lines, against which ours is held; undefined where it cannot tell. */
export function simpleRows(
  name: string,
  bytes: Uint8Array,
): readonly (readonly [string, string])[] | undefined {
  const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  if (name.endsWith(".csv") || name.endsWith(".tsv"))
    return ofTable(separatedRows(text, name.endsWith(".tsv")));
  if (LONG.test(text)) return undefined;
  try {
    const all: unknown = name.endsWith(".json")
      ? JSON.parse(text)
      : text.split(/\r\n|\n|\r/).flatMap((line): unknown[] => (line.trim() === "" ? [] : [JSON.parse(line)]));
    if (!Array.isArray(all)) return undefined;
    return all.map((one: unknown) => [cellOf(one, "n"), cellOf(one, "k")]);
  } catch {
    // Words of Python's.
    return undefined;
  }
}

/** Numbers with more digits than a double keeps. */
const LONG = /\d{15}|[eE]\+?\d{3}/;

function cellOf(one: unknown, key: string): string {
  const value: unknown =
    typeof one === "object" && one !== null && Object.hasOwn(one, key) ? Reflect.get(one, key) : null;
  return value === null ? "" : String(value).trim();
}

function ofTable(rows: string[][] | undefined): readonly (readonly [string, string])[] | undefined {
  const [header, ...others] = rows ?? [];
  if (!header) return undefined;
  const [n, k] = [header.indexOf("n"), header.indexOf("k")];
  return others.map((row) => [row[n] ?? "", row[k] ?? ""]);
}

function separatorOf(text: string): string {
  const [line = ""] = text.replaceAll(/"[^"]*"?/g, "").split(/\n|\r/, 1);
  const count = (c: string) => line.split(c).length;
  if (count("\t") > count(",") && count("\t") > count(";")) return "\t";
  return count(";") > count(",") ? ";" : ",";
}

/** RFC 4180, with blanks around cells and empty lines. */
function separatedRows(text: string, tabs: boolean): string[][] | undefined {
  const separator = tabs ? "\t" : separatorOf(text);
  const rows: string[][] = [];
  let at = 0;
  while (at < text.length) {
    const row: string[] = [];
    for (;;) {
      const end = cellEnd(text, at, separator);
      if (!end) return undefined;
      row.push(end.cell.trim());
      at = end.at;
      if (text[at] !== separator) break;
      at++;
    }
    if (at < text.length && text[at] !== "\n" && text[at] !== "\r") return undefined;
    at += text.startsWith("\r\n", at) ? 2 : 1;
    if (row.length > 1 || row[0] !== "") rows.push(row);
  }
  return rows.every((row) => row.length === rows[0]!.length) ? rows : undefined;
}

function afterBlanks(text: string, from: number, separator: string): number {
  const blanks = separator === "\t" ? /[ \f]*/y : /[ \f\t]*/y;
  blanks.lastIndex = from;
  blanks.exec(text);
  return blanks.lastIndex;
}

function cellEnd(text: string, from: number, separator: string): { cell: string; at: number } | undefined {
  const start = afterBlanks(text, from, separator);
  if (text[start] !== '"') {
    const plain = separator === "\t" ? /[^\t\n\r"]*/y : separator === ";" ? /[^;\n\r"]*/y : /[^,\n\r"]*/y;
    plain.lastIndex = start;
    const cell = plain.exec(text)?.[0] ?? "";
    return text[plain.lastIndex] === '"' ? undefined : { cell, at: plain.lastIndex };
  }
  const inner = /"((?:[^"]|"")*)"/y;
  inner.lastIndex = start;
  const cell = inner.exec(text)?.[1];
  return cell === undefined
    ? undefined
    : { cell: cell.replaceAll('""', '"'), at: afterBlanks(text, inner.lastIndex, separator) };
}
