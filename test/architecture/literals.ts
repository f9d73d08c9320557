/** A string literal of a source text. */
export interface Literal {
  readonly value: string;
  readonly line: number;
  /** Whether it is an alternative of a union of literal types. */
  readonly isType: boolean;
  /** Whether it is the name of an option or a key that is read: `options["column"]`. */
  readonly isIndex: boolean;
}

/** The string literals of TypeScript, also those in templates' expressions; not those of imports and comments. */
export function literalsOf(source: string): Literal[] {
  const text = source.replaceAll(/^(?:import|export)\b[^;]*?\bfrom\b[^;]*;/gm, blanked);
  return spansOf(text).map(({ start, end }) => {
    const [before, after] = [text.slice(0, start), text.slice(end)];
    return {
      value: text.slice(start + 1, end - 1),
      line: before.split("\n").length,
      isType: /(?<!\|)\|\s*$/.test(before) || /^\s*\|(?!\|)/.test(after) || /^\s*["']?\]?\s*>/.test(after),
      isIndex: /[\w)\]]\[$/.test(before) && after.startsWith("]"),
    };
  });
}

function blanked(text: string): string {
  return text.replaceAll(/[^\n]/g, " ");
}

/** A comment, a regular expression behind an operator, a string, or what begins, opens, closes and ends a template. */
const TOKEN =
  /\/\/[^\n]*|\/\*[\s\S]*?\*\/|(?<=[(,=:[!&|?{};]\s*)\/(?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*|"(?:[^"\\\n]|\\.)*"|[`{}]/y;
const CHUNK = /(?:[^`\\$]|\\.|\$(?!\{))*(`|\$\{)/y;

function spansOf(text: string): { start: number; end: number }[] {
  const found: { start: number; end: number }[] = [];
  /** What each open brace belongs to: an expression of a template, or code. */
  const open: ("template" | "code")[] = [];
  for (let at = 0; at < text.length;) {
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(text)?.[0];
    if (token === undefined) {
      at++;
      continue;
    }
    if (token.startsWith('"')) found.push({ start: at, end: at + token.length });
    at += token.length;
    if (token === "{") open.push("code");
    const resumes = token === "}" && open.pop() === "template";
    if (token !== "`" && !resumes) continue;
    CHUNK.lastIndex = at;
    const chunk = CHUNK.exec(text);
    if (!chunk) break;
    at += chunk[0].length;
    if (chunk[1] === "${") open.push("template");
  }
  return found;
}
